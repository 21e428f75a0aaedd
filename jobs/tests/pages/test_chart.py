"""The chart of status changes, as the server renders it."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.activity import Bucket
from jobs.pages.chart import chart
from jobs.pages.chart_options import ChartOptions
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, make_job
from jobs.tests.pages.html import PARTIAL, link, page, text_of

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 23, 45, tzinfo=UTC)


def bucket(number: int = 0, **by_status: int) -> Bucket:
    start = START + number * timedelta(minutes=15)
    counts = {StatusType(status): n for status, n in by_status.items()}
    return Bucket(start, start + timedelta(minutes=15), counts)


def section(client: Client, path: str) -> str:
    """The chart of a page, from its opening tag to its closing tag."""
    html = page(client, path)
    return html[html.index('<section id="activity"') :].partition("</section>")[0]


def summary(html: str) -> str:
    """The longest form of the line's words."""
    html = re.sub(r'<span class="(brief|main)">.*?</span>', "", html)
    found = re.search(r'<p class="summary".*?</p>', html)
    assert found
    return re.sub(r"<[^>]+>", "", found[0])


def test_list_has_a_line_without_numbers_and_needs_no_query_for_it(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_job()
    with django_assert_num_queries(4):
        html = section(client, "/")
    assert (
        'hx-get="/activity/?range=hour&amp;view=line" hx-trigger="revealed, activity:stale"' in html
    )
    assert summary(html) == "Changes in the last hour"
    assert "…" not in html
    assert 'class="plot"' not in html
    assert link(html, "Show chart") == "/activity/?range=hour"


def test_line_needs_one_query_and_says_what_it_counts(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_job(history=[RUNNING, FAILED])
    with django_assert_num_queries(1):
        html = page(client, "/activity/?range=hour&view=line", 200, **PARTIAL)
    assert "<html" not in html
    assert 'hx-trigger="activity:stale"' in html
    assert summary(html) == "3 changes in the last hour: 1 to Pending, 1 to Running, 1 to Failed"
    assert html.count("<path") == 2
    assert "<table" not in html


def test_list_opens_the_chart_and_its_range_if_the_cookies_say_so(client: Client) -> None:
    client.cookies["activity"], client.cookies["activity_view"] = "week", "chart"
    html = section(client, "/")
    assert 'hx-get="/activity/?range=week&amp;view=chart"' in html
    assert '<div class="plot"></div>' in html
    assert 'aria-expanded="true">Hide chart</a>' in html
    assert 'hx-get="/activity/?range=day&amp;view=chart"' in html
    client.cookies["activity"], client.cookies["activity_view"] = "month", "none"
    assert 'hx-get="/activity/?range=hour&amp;view=line"' in section(client, "/")


@pytest.mark.parametrize(
    ("query", "url", "words"),
    [
        ("status=FAILED", "&amp;status=FAILED", "Changes to Failed in the last hour"),
        ("status=FAILED&status=PENDING", "&amp;status=PENDING&amp;status=FAILED", "Changes to Pending or Failed in the last hour"),
        ("&".join(f"status={status}" for status in StatusType), "", "Changes in the last hour"),
        ("status=LOST", "", "Changes in the last hour"),
    ],
)  # fmt: skip
def test_chart_has_the_statuses_of_the_list(
    client: Client, query: str, url: str, words: str
) -> None:
    html = page(client, f"/?{query}", 400 if "LOST" in query else 200)
    html = html[html.index('<section id="activity"') :].partition("</section>")[0]
    assert f'hx-get="/activity/?range=hour&amp;view=line{url}" hx-trigger' in html
    assert summary(html) == words
    assert f'aria-label="{words}"' in html


def test_chart_of_a_status_counts_the_changes_to_it(client: Client) -> None:
    make_job(history=[RUNNING, FAILED])
    html = page(client, "/activity/?status=FAILED", 200)
    assert summary(html) == "1 change to Failed in the last hour"
    assert re.findall(r"<th scope=\"col\">(.*?)</th>", html) == ["From", "To Failed"]
    assert re.findall(r"<td>(.*?)</td>", html) == ["1"]
    assert link(html, "Day") == "/activity/?range=day&status=FAILED"
    several = page(client, "/activity/?status=FAILED&status=PENDING", 200)
    assert (
        summary(several)
        == "2 changes to Pending or Failed in the last hour: 1 to Pending, 1 to Failed"
    )


def test_shows_a_message_without_changes(client: Client) -> None:
    html = page(client, "/activity/?range=week", 200, **PARTIAL)
    assert summary(html) == "No changes in the last 7 days"
    assert text_of(html).count("No changes in the last 7 days.") == 2
    assert "<svg" not in html
    line = page(client, "/activity/?range=week&view=line&status=FAILED", 200, **PARTIAL)
    assert summary(line) == "No changes to Failed in the last 7 days"


def test_chart_is_also_a_page_whose_url_has_its_range(client: Client) -> None:
    make_job()
    html = page(client, "/activity/?range=day")
    assert "<html" in html
    assert "Status changes" in text_of(html)
    assert '<details class="numbers" open>' in html
    assert link(html, "Week") == "/activity/?range=week"
    assert "Hide chart" not in html
    client.cookies["activity"] = "week"
    assert "Changes in the last 7 days" in page(client, "/activity/")
    assert "Changes in the last day" in page(client, "/activity/?range=day")
    assert client.get("/activity/?range=day").cookies == {}


@pytest.mark.parametrize(
    "query", ["range=", "range=month", "range=hour'--", "range=none", "view=", "view=x", "status=x"]
)
def test_unknown_values_are_not_found(client: Client, query: str) -> None:
    page(client, f"/activity/?{query}", 404)


def test_nothing_in_the_chart_leads_to_jobs(client: Client) -> None:
    make_job(status=FAILED)
    html = section(client, "/activity/")
    assert set(re.findall(r'href="([^"?]+)', html)) == {"/activity/"}
    assert "<a " not in html[html.index('class="plot"') :]


def test_density_and_theme_come_from_cookies_and_are_validated(client: Client) -> None:
    assert "data-density" not in tag(page(client, "/"))
    assert "data-theme" not in tag(page(client, "/"))
    client.cookies["density"], client.cookies["theme"] = "compact", "dark"
    html = page(client, "/nowhere/", 404)
    assert 'data-density="compact" data-theme="dark">' in tag(html)
    client.cookies["density"], client.cookies["theme"] = 'x" onload="', "<script>"
    assert "data-density" not in tag(page(client, "/"))
    assert "data-theme" not in tag(page(client, "/"))


def test_chart_has_failures_above_all_other_changes_and_two_numbers_on_its_axis() -> None:
    buckets = [bucket(n, PENDING=5, COMPLETED=15, FAILED=n % 2) for n in range(20)]
    drawn = chart(ChartOptions("day", "chart"), [*buckets, bucket(20, RUNNING=2_000)])
    assert [status for status, _ in drawn["bars"]] == [None, FAILED]
    assert drawn["ticks"] == ("60", "30")
    assert [label.text for label in drawn["cut"]] == ["2,000 "]
    assert (drawn["last"], drawn["unit"]) == (20, "15 min")


def test_chart_has_its_numbers_for_the_readout_and_as_a_table() -> None:
    options = ChartOptions("day", "chart", (PENDING, COMPLETED))
    drawn = chart(options, [bucket(0, PENDING=3, FAILED=9), bucket(1), bucket(2, COMPLETED=1_200)])
    assert json.loads(drawn["data"]) == {
        "start": "2026-11-22T23:45:00Z",
        "step": 900_000,
        "counts": {"PENDING": [3, 0, 0], "COMPLETED": [0, 0, 1_200]},
    }
    assert text_of(drawn["rows"]) == "Mon 00:15 0 1,200 Sun 23:45 3 0"
    assert drawn["current"] == {
        "from": "2026-11-23T00:15:00Z",
        "to": "2026-11-23T00:30:00Z",
        "show": "weekday",
        "span": "Mon 00:15–00:30",
        "words": "1,200 to Completed",
    }


def tag(html: str) -> str:
    """The opening html tag."""
    return html[html.index("<html") : html.index("<head")].strip()
