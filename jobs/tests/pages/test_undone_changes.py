"""A job's page counts a change that was undone, and its undo, as if neither had happened."""

import re

import pytest
from django.test import Client

from jobs.changes.undo import undo_status
from jobs.models import Job
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, make_job
from jobs.tests.pages.html import page
from jobs.tests.pages.job_page import backdate, entries_shown, summary, totals_shown

pytestmark = pytest.mark.django_db


def undo(job: Job) -> None:
    undo_status(job.pk, job.updated_at)
    job.refresh_from_db()


def test_an_undone_change_and_its_undo_last_no_time(client: Client) -> None:
    job = make_job("undone", history=[RUNNING])
    undo(job)
    backdate(job, "1 day", "6 min", "5 min")
    html = page(client, f"/jobs/{job.id}/")
    assert summary(html) == "Waiting for 1 d"
    assert totals_shown(html) == "Waited 1 d"
    assert entries_shown(html) == [
        ("Pending", "Undid Running", ""),
        ("Running", "Undone", ""),
        ("Pending", "", "1 d so far"),
    ]
    assert html.count('<svg class="share"') == 1


def test_a_redo_brings_the_time_of_the_change_back(client: Client) -> None:
    job = make_job("redone", history=[RUNNING])
    undo(job)
    undo(job)
    backdate(job, "1 day", "6 min", "5 min", "4 min")
    html = page(client, f"/jobs/{job.id}/")
    assert re.fullmatch(r"Running for 6 min( \d+ s)?", summary(html))
    assert entries_shown(html) == [
        ("Running", "Redid Running", ""),
        ("Pending", "Undid Running", ""),
        ("Running", "", "6 min so far"),
        ("Pending", "", "23 h 54 min"),
    ]


def test_the_undo_of_a_redo_is_an_undo(client: Client) -> None:
    job = make_job("undone again", history=[RUNNING])
    for _ in range(4):
        undo(job)
    words = [undo_words for _, undo_words, _ in entries_shown(page(client, f"/jobs/{job.id}/"))]
    assert words[:4] == ["Redid Running", "Undid Running", "Redid Running", "Undid Running"]


def test_an_undone_end_leaves_the_run_as_long_as_it_is(client: Client) -> None:
    job = make_job("still running", history=[RUNNING, FAILED])
    undo(job)
    job.record_status(COMPLETED)
    backdate(job, "9 h", "50 min", "40 min", "30 min", "9 min")
    html = page(client, f"/jobs/{job.id}/")
    assert summary(html).startswith("Completed after running 41 min, ")
    assert [lasted for *_, lasted in entries_shown(html)][1:] == ["", "", "41 min", "8 h 10 min"]
