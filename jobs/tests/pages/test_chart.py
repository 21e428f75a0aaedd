"""The chart above the table, as the server renders it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.activity import Bucket
from jobs.pages.chart import HEIGHT, chart
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, make_job
from jobs.tests.pages.html import PARTIAL, page, text_of

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 23, 45, tzinfo=UTC)


def bucket(number: int = 0, **by_status: int) -> Bucket:
    start = START + number * timedelta(minutes=15)
    counts = {StatusType(status): n for status, n in by_status.items()}
    return Bucket(start, start + timedelta(minutes=15), counts)


def tops(path: str) -> list[float]:
    return [float(top) for top in re.findall(r"M\d+ (-?[\d.]+)h", path)]


def test_list_has_a_placeholder_and_needs_no_query_for_it(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_job()
    with django_assert_num_queries(3):
        html = page(client, "/")
    assert '<section id="activity"' in html
    assert 'hx-trigger="load, activity:stale"' in html
    assert "<svg viewBox" not in html.split('id="activity"')[1].split("</section>")[0]


def test_chart_needs_one_query_and_shows_totals(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_job(history=[RUNNING, FAILED])
    with django_assert_num_queries(1):
        html = page(client, "/activity/", 200, **PARTIAL)
    assert "<html" not in html
    assert 'hx-trigger="activity:stale"' in html
    text = text_of(html)
    assert "Changes in the last hour Pending 1 Running 1 Completed 0 Failed 1" in text
    # they may have fallen into two minutes
    assert sorted(re.findall(r"\d+ (?:pending|running|failed)\b", text)) == [
        "1 failed",
        "1 pending",
        "1 running",
    ]
    assert html.count("<path") == 3


def test_numbers_link_to_the_jobs_of_their_period_and_status(client: Client) -> None:
    make_job(status=FAILED)
    html = page(client, "/activity/?range=day", 200, **PARTIAL)
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\dZ"
    periods = set(re.findall(rf'href="/\?q=updated:({moment})\.\.({moment})"', html))
    for first, last in periods:
        assert datetime.fromisoformat(last) - datetime.fromisoformat(first) == timedelta(minutes=14)
    assert [
        f'href="/?q=updated:{first}..{last}&amp;status=FAILED">1</a>' in html
        for first, last in sorted(periods)
    ][-1]
    assert "status=RUNNING" not in html


def test_shows_a_message_without_changes(client: Client) -> None:
    html = page(client, "/activity/?range=week", 200, **PARTIAL)
    assert "No changes in the last 7 days." in text_of(html)
    assert "<svg viewBox" not in html


def test_chart_is_also_a_page(client: Client) -> None:
    html = page(client, "/activity/")
    assert "<html" in html
    assert "Status changes" in text_of(html)
    assert '<a href="/activity/">Show changes in the last hour</a>' in page(client, "/")


def test_selected_range_is_remembered_and_the_chart_can_be_hidden(client: Client) -> None:
    assert 'range=hour" aria-current' not in page(client, "/activity/?range=week", 200, **PARTIAL)
    assert "Changes in the last 7 days" in text_of(page(client, "/"))
    assert "Changes in the last 7 days" in text_of(page(client, "/activity/", 200, **PARTIAL))
    assert "in the last" not in text_of(page(client, "/activity/?range=none", 200, **PARTIAL))
    html = page(client, "/").split('id="activity"')[1].split("</section>")[0]
    assert "load" not in html
    assert 'class="plot"' not in html


@pytest.mark.parametrize("name", ["", "month", "hour'--", "NONE"])
def test_unknown_range_is_not_found_and_not_remembered(client: Client, name: str) -> None:
    assert "activity" not in client.get("/activity/", {"range": name}).cookies
    page(client, f"/activity/?range={name}", 404)
    client.cookies["activity"] = name
    assert "Changes in the last hour" in text_of(page(client, "/activity/"))


def test_density_and_theme_come_from_cookies_and_are_validated(client: Client) -> None:
    assert "data-density" not in tag(page(client, "/"))
    assert "data-theme" not in tag(page(client, "/"))
    client.cookies["density"], client.cookies["theme"] = "compact", "dark"
    html = page(client, "/nowhere/", 404)
    assert 'data-density="compact" data-theme="dark">' in tag(html)
    client.cookies["density"], client.cookies["theme"] = 'x" onload="', "<script>"
    assert "data-density" not in tag(page(client, "/"))
    assert "data-theme" not in tag(page(client, "/"))


def test_highest_bar_fills_the_height_and_small_segments_are_visible() -> None:
    highest = {"PENDING": 1, "RUNNING": 1, "COMPLETED": 100_000, "FAILED": 1}
    drawn = chart("day", [bucket(0, **highest), bucket(1, COMPLETED=1), bucket(2)])
    bars = dict(drawn["bars"])
    assert list(bars) == [FAILED, COMPLETED, RUNNING, PENDING]
    assert all(0 <= top < HEIGHT for path in bars.values() for top in tops(path))
    assert tops(bars[COMPLETED])[1] == HEIGHT - 1
    assert tops(bars[PENDING])[0] <= len(StatusType)
    assert drawn["peak"] == "100,003 per 15 min"
    assert re.findall(r'tabindex="(-?\d)".*?<rect x="(\d+)"', drawn["links"]) == [
        ("-1", "0"),
        ("0", "10"),
    ]


def test_bar_has_its_period_and_counts_as_title() -> None:
    drawn = chart("day", [bucket(0, FAILED=3, COMPLETED=1_200)])
    assert ">Sun 23:45 to 00:00: 1,200 completed, 3 failed</title>" in drawn["links"]
    assert 'href="/?q=updated:2026-11-22T23:45Z..2026-11-22T23:59Z"' in drawn["links"]
    numbers = dict(zip(StatusType, text_of(drawn["rows"]).split()[2:], strict=True))
    assert numbers == dict.fromkeys(StatusType, "0") | {COMPLETED: "1,200", FAILED: "3"}


def tag(html: str) -> str:
    """The opening html tag."""
    return html[html.index("<html") : html.index("<head")].strip()
