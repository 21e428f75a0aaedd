"""A job's own page: its data, and each status with its times."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from jobs import history
from jobs.models import Job
from jobs.pages.formats import duration_text
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, make_job
from jobs.tests.test_pages import page, text_of

pytestmark = pytest.mark.django_db


def lived(job: Job, *agos: str) -> None:
    """A history nobody wants to wait for: its entries began so long ago, the first one first."""
    with connection.cursor() as cursor:
        for entry, ago in zip(job.statuses.order_by("id"), agos, strict=True):
            cursor.execute(
                "UPDATE job_status SET timestamp = now() - %s::interval WHERE id = %s",
                [ago, entry.pk],
            )
        cursor.execute(
            "UPDATE job SET created_at = now() - %s::interval WHERE id = %s", [agos[0], job.id]
        )


def entries(html: str) -> list[tuple[str, str]]:
    """Each status with how long it lasted, as they are read."""
    items = re.findall(r"<li data-status=.*?</li>", html, flags=re.S)
    found = [re.search(r"<b>(\w+)</b>.*?class=\"lasted\">(.*?)</li>", i, re.S) for i in items]
    return [(entry[1], text_of(entry[2])) for entry in found if entry]


def summary(html: str) -> str:
    found = re.search(r'<p class="sub summary">.*?</p>', html, flags=re.S)
    assert found
    return text_of(found[0])


def test_shows_history_newest_first_and_how_long_each_lasted(client: Client) -> None:
    job = make_job("Genome Assembly", history=[RUNNING, COMPLETED])
    lived(job, "3 hours", "90 minutes", "1 minute")
    html = page(client, f"/jobs/{job.id}/")
    shown = entries(html)
    assert shown[1:] == [("Running", "1 h 29 min"), ("Pending", "1 h 30 min")]
    assert shown[0][0] == "Completed"
    assert re.fullmatch(r"1 min( \d+ s)? so far", shown[0][1])
    title = f"Completed · Genome Assembly #{job.id} · Job dashboard"
    assert f"<title>{title}</title>" in html
    assert f'data-title="{title}"' in html


def test_sums_up_how_long_the_job_waited_and_ran(client: Client) -> None:
    job = make_job("again", history=[RUNNING, FAILED, PENDING, RUNNING, FAILED])
    lived(job, "41 min 12 s", "41 min", "23 min", "7 min", "2 min 36 s", "2 min")
    html = page(client, f"/jobs/{job.id}/")
    # 12 s and 4 min 24 s; 18 min and 36 s
    assert summary(html).startswith("Waited 4 min 36 s Ran 18 min 36 s Failed 20")
    assert "data-lasting" not in html.split('class="timeline"')[0]


@pytest.mark.parametrize(
    ("steps", "agos", "text"),
    [
        ([], ["5 min"], r"Waited 5 min( \d+ s)? so far"),
        ([RUNNING], ["2 h", "50 min"], r"Waited 1 h 10 min Ran 50 min( \d+ s)? so far"),
        ([COMPLETED], ["2 h", "50 min"], r"Waited 1 h 10 min Completed \d{4}-[-\d]+ [\d:]+"),
    ],
)
def test_what_goes_on_is_summed_so_far(
    client: Client, steps: list[StatusType], agos: list[str], text: str
) -> None:
    job = make_job("now", history=steps)
    lived(job, *agos)
    assert re.fullmatch(text, summary(page(client, f"/jobs/{job.id}/")))


def test_a_sum_that_goes_on_ticks_from_the_moment_that_makes_it_right(client: Client) -> None:
    job = make_job("again", history=[RUNNING, PENDING, RUNNING])
    lived(job, "50 min", "40 min", "20 min", "10 min")
    html = page(client, f"/jobs/{job.id}/")
    since = re.findall(r'data-lasting="([^"]+)"', html)[0]
    ran = datetime.now(UTC) - datetime.fromisoformat(since)
    assert timedelta(minutes=30) <= ran < timedelta(minutes=31)


def test_a_history_too_long_to_sum_up_is_summed_in_part(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job("busy", history=[RUNNING, FAILED, RUNNING, FAILED])
    lived(job, "9 h", "8 h", "7 h", "5 h", "1 h")
    monkeypatch.setattr(history, "COUNT_CAP", 3)
    totals = history.history_totals(job.id, datetime.now(UTC))
    assert totals.relation == "at_least"
    assert round(totals.by_status["RUNNING"] / timedelta(hours=1)) == 5
    assert "PENDING" not in totals.by_status
    assert "Ran at least 5 h" in summary(page(client, f"/jobs/{job.id}/"))


def test_bars_show_each_entrys_place_in_the_life(client: Client) -> None:
    job = make_job("bars", history=[RUNNING, FAILED])
    lived(job, "1000 days", "900 days", "600 days")
    html = page(client, f"/jobs/{job.id}/")
    bars = re.findall(r'<rect x="([^"]+)" width="([^"]+)"', html)
    assert bars == [("25.00", "75.00"), ("0.00", "25.00")]


def test_no_bar_leaves_its_place_or_is_too_narrow_to_see(client: Client) -> None:
    job = make_job("bars", history=[RUNNING] * 3)
    lived(job, "1000 days", "2 s", "1 s", "0 s")
    html = page(client, f"/jobs/{job.id}/")
    bars = re.findall(r'<rect x="([^"]+)" width="([^"]+)"', html)
    assert len(bars) == 4
    for x, width in bars:
        assert float(width) >= 1
        assert 0 <= float(x) <= 100 - float(width)


def test_what_a_person_takes_along_is_whole(client: Client) -> None:
    job = make_job("taken")
    html = page(client, f"/jobs/{job.id}/?from=status%3DFAILED")
    assert re.findall(r'<code id="copy-\w+" translate="no">([^<]+)</code>', html) == [
        str(job.id),
        f"http://testserver/jobs/{job.id}/",
        f"curl http://testserver/api/jobs/{job.id}/",
    ]


def test_the_page_says_when_it_was_made(client: Client) -> None:
    html = page(client, f"/jobs/{make_job('x').id}/")
    made = re.search(r'<html lang="en" data-now="([^"]+)"', html)
    assert made
    assert datetime.now(UTC) - datetime.fromisoformat(made[1]) < timedelta(minutes=1)


def test_long_history_has_pages_that_know_their_neighbours(client: Client) -> None:
    job = make_job("busy", history=[RUNNING] * 60)
    first = page(client, f"/jobs/{job.id}/?from=status%3DRUNNING")
    assert len(entries(first)) == 50
    older = re.search(r'href="(\?cursor=[^"]+)">Older →', first)
    assert older
    assert older[1].endswith("from=status%3DRUNNING")
    second = page(client, f"/jobs/{job.id}/{older[1].replace('&amp;', '&')}")
    assert len(entries(second)) == 11
    assert "so far" not in second.split('class="timeline"')[1]
    assert "← Newer" in second
    assert "Back to Running jobs" in text_of(second)


def test_cursor_of_another_job_shows_the_newest_entries(client: Client) -> None:
    job = make_job("one")
    assert "so far" in page(client, f"/jobs/{job.id}/?cursor=elsewhere")


@pytest.mark.parametrize(
    "path", ["/jobs/1/", "/jobs/0/", "/jobs/99999999999999999999/", "/jobs/x/", "/lost/"]
)
def test_missing_job_is_a_page_that_leads_back(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (156, "2 min 36 s"),
        (3_600, "1 h"),
        (86_399, "23 h 59 min"),
        (273_600, "3 d 4 h"),
        (86_400 * 1_200, "1,200 d"),
        (-1, "0.0 s"),
    ],
)
def test_duration_shows_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text
