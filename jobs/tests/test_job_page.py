"""A job's own page: its data, and each status with its times."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from jobs.pages.formats import duration_text
from jobs.statuses import StatusType
from jobs.tests.factories import make_job

pytestmark = pytest.mark.django_db


def test_shows_history_newest_first_and_how_long_each_lasted(client: Client) -> None:
    job = make_job("Genome Assembly")
    job.record_status(StatusType.RUNNING)
    job.record_status(StatusType.COMPLETED)
    with connection.cursor() as cursor:  # a history nobody wants to wait for
        for status, ago in (
            ("PENDING", "3 hours"),
            ("RUNNING", "90 minutes"),
            ("COMPLETED", "1 minute"),
        ):
            cursor.execute(
                "UPDATE job_status SET timestamp = now() - %s::interval WHERE status_type = %s",
                [ago, status],
            )
    html = client.get(f"/jobs/{job.id}/").content.decode()
    entries = re.findall(r"<b>(\w+)</b>.*?<span class=\"lasted\">([^<]+)</span>", html, flags=re.S)
    assert entries[1:] == [("Running", "1 h 29 min"), ("Pending", "1 h 30 min")]
    assert entries[0][0] == "Completed"
    assert re.fullmatch(r"1 min( \d s)? so far", entries[0][1])
    assert "<title>Genome Assembly · Job dashboard</title>" in html


def test_long_history_has_pages_that_know_their_neighbours(client: Client) -> None:
    job = make_job("busy")
    for _ in range(60):
        job.record_status(StatusType.RUNNING)
    first = client.get(f"/jobs/{job.id}/").content.decode()
    assert first.count('class="lasted"') == 50
    older = re.search(r'href="(\?cursor=[^"]+)">Older →', first)
    assert older
    second = client.get(f"/jobs/{job.id}/{older[1]}").content.decode()
    assert second.count('class="lasted"') == 11
    assert "so far" not in second
    assert "← Newer" in second


def test_cursor_of_another_job_shows_the_newest_entries(client: Client) -> None:
    job = make_job("one")
    assert "so far" in client.get(f"/jobs/{job.id}/?cursor=elsewhere").content.decode()


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
