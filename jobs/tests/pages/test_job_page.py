"""A job's page: its data, and each status with its times."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from jobs.listing import history
from jobs.pages.formats import duration_text
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, make_job
from jobs.tests.pages.html import page, text_of
from jobs.tests.pages.job_page import backdate, entries, summary, totals_shown

pytestmark = pytest.mark.django_db


def test_shows_history_newest_first_with_durations(client: Client) -> None:
    job = make_job("Genome Assembly", history=[RUNNING, COMPLETED])
    backdate(job, "3 hours", "90 minutes", "1 minute")
    html = page(client, f"/jobs/{job.id}/")
    shown = entries(html)
    assert shown[1:] == [("Running", "1 h 29 min"), ("Pending", "1 h 30 min")]
    assert shown[0][0] == "Completed"
    assert re.fullmatch(r"1 min( \d+ s)? so far", shown[0][1])
    title = f"Completed · Genome Assembly #{job.id} · Job dashboard"
    assert f"<title>{title}</title>" in html
    assert f'data-title="{title}"' in html


def test_shows_total_time_waiting_and_running(client: Client) -> None:
    job = make_job("again", history=[RUNNING, FAILED, PENDING, RUNNING, FAILED])
    backdate(job, "41 min 12 s", "41 min", "23 min", "7 min", "2 min 36 s", "2 min")
    html = page(client, f"/jobs/{job.id}/")
    # 12 s and 4 min 24 s; 18 min and 36 s
    assert totals_shown(html) == "Waited 4 min 36 s Ran 18 min 36 s"
    assert summary(html).startswith("Failed after running 36 s, 20")
    assert "data-lasting" not in html.split('class="timeline"')[0]


@pytest.mark.parametrize(
    ("steps", "ages", "text", "spent"),
    [
        ([], ["5 min"], r"Waiting for 5 min( \d+ s)?", r"Waited 5 min( \d+ s)?"),
        (
            [RUNNING],
            ["2 h", "50 min"],
            r"Running for 50 min( \d+ s)?",
            r"Waited 1 h 10 min Ran 50 min( \d+ s)?",
        ),
        (
            [RUNNING, FAILED],
            ["2 h", "50 min", "9 min"],
            r"Failed after running 41 min, \d{4}-[-\d]+ [\d:]+",
            "Waited 1 h 10 min Ran 41 min",
        ),
        # It did not run
        ([COMPLETED], ["2 h", "50 min"], r"Completed, \d{4}-[-\d]+ [\d:]+", "Waited 1 h 10 min"),
    ],
)
def test_says_first_what_happened_and_how_long_it_took(
    client: Client, steps: list[StatusType], ages: list[str], text: str, spent: str
) -> None:
    job = make_job("now", history=steps)
    backdate(job, *ages)
    html = page(client, f"/jobs/{job.id}/")
    assert re.fullmatch(text, summary(html))
    assert re.fullmatch(spent, totals_shown(html))
    assert (
        html.index('class="summary"') < html.index('class="timeline"') < html.index("times-title")
    )


def test_growing_total_counts_from_now_minus_the_total(client: Client) -> None:
    job = make_job("again", history=[RUNNING, PENDING, RUNNING])
    backdate(job, "50 min", "40 min", "20 min", "10 min")
    html = page(client, f"/jobs/{job.id}/")
    since = re.findall(r'data-lasting="([^"]+)"', html.split('class="panel times"')[1])[0]
    ran = datetime.now(UTC) - datetime.fromisoformat(since)
    assert timedelta(minutes=30) <= ran < timedelta(minutes=31)


def test_totals_of_a_very_long_history_are_lower_bounds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job("busy", history=[RUNNING, FAILED, RUNNING, FAILED])
    backdate(job, "9 h", "8 h", "7 h", "5 h", "1 h")
    monkeypatch.setattr(history, "COUNT_CAP", 3)
    totals = history.history_totals(job.id, datetime.now(UTC))
    assert totals.relation == "at_least"
    assert round(totals.by_status["RUNNING"] / timedelta(hours=1)) == 5
    assert "PENDING" not in totals.by_status
    assert "Ran at least 5 h" in totals_shown(page(client, f"/jobs/{job.id}/"))


def test_bars_show_each_entrys_place_on_the_timeline(client: Client) -> None:
    job = make_job("bars", history=[RUNNING, FAILED])
    backdate(job, "1000 days", "900 days", "600 days")
    html = page(client, f"/jobs/{job.id}/")
    bars = re.findall(r'<rect x="([^"]+)" width="([^"]+)"', html)
    assert bars == [("25.00", "75.00"), ("0.00", "25.00")]


def test_bars_are_visible_and_stay_on_the_timeline(client: Client) -> None:
    job = make_job("bars", history=[RUNNING] * 3)
    backdate(job, "1000 days", "2 s", "1 s", "0 s")
    html = page(client, f"/jobs/{job.id}/")
    bars = re.findall(r'<rect x="([^"]+)" width="([^"]+)"', html)
    assert len(bars) == 4
    for x, width in bars:
        assert float(width) >= 1
        assert 0 <= float(x) <= 100 - float(width)


def test_snippets_have_absolute_urls(client: Client) -> None:
    job = make_job("job")
    html = page(client, f"/jobs/{job.id}/?from=status%3DFAILED")
    assert re.findall(r'<code id="copy-\w+" translate="no">([^<]+)</code>', html) == [
        str(job.id),
        f"http://testserver/jobs/{job.id}/",
        f"curl http://testserver/api/jobs/{job.id}/",
    ]


def test_page_holds_the_time_of_its_rendering(client: Client) -> None:
    html = page(client, f"/jobs/{make_job('x').id}/")
    rendered = re.search(r'<html lang="en" data-now="([^"]+)"', html)
    assert rendered
    assert datetime.now(UTC) - datetime.fromisoformat(rendered[1]) < timedelta(minutes=1)


def test_long_history_is_paginated(client: Client) -> None:
    job = make_job("busy", history=[RUNNING] * 60)
    first = page(client, f"/jobs/{job.id}/?from=status%3DRUNNING")
    assert len(entries(first)) == 50
    older = re.search(r'href="(/jobs/\d+/\?cursor=[^"]+)">Older →', first)
    assert older
    assert older[1].endswith("from=status%3DRUNNING")
    second = page(client, older[1].replace("&amp;", "&"))
    assert len(entries(second)) == 11
    assert "so far" not in second.split('class="timeline"')[1]
    assert "← Newer" in second
    assert "Back to Running jobs" in text_of(second)


def test_invalid_cursor_shows_the_newest_entries(client: Client) -> None:
    job = make_job("one")
    assert "so far" in page(client, f"/jobs/{job.id}/?cursor=elsewhere")


@pytest.mark.parametrize(
    ("path", "is_job"),
    [
        ("/jobs/1/", True),
        ("/jobs/0/", True),
        ("/jobs/99999999999999999999/", True),
        ("/jobs/x/", False),
        ("/lost/", False),
        ("/activity/?range=year", False),
    ],
)
def test_only_the_address_of_a_job_speaks_of_jobs(client: Client, path: str, is_job: bool) -> None:
    html = page(client, path, 404)
    assert ("<title>Job not found" in html, "The job may have been deleted" in html) == (
        is_job,
        is_job,
    )
    assert ("Page not found" in html) is not is_job


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "< 0.1 s"),
        (0.06, "0.1 s"),
        (0.44, "0.4 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (156, "2 min 36 s"),
        (3_600, "1 h"),
        (86_399, "23 h 59 min"),
        (273_600, "3 d 4 h"),
        (86_400 * 1_200, "1,200 d"),
        (-1, "< 0.1 s"),
    ],
)
def test_duration_shows_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text
