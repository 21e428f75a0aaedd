"""Live updates of the list: 304 while the view is unchanged, otherwise only what has changed."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, fill, make_job
from jobs.tests.open_tab import Tab, data_attribute, row_ids

pytestmark = pytest.mark.django_db


def counts(html: str) -> tuple[int, dict[StatusType, int]]:
    """The total, and the numbers of the statuses that have jobs."""
    total, *numbers = map(int, (data_attribute(html, "counts") or "").split())
    return total, {status: n for status, n in zip(StatusType, numbers, strict=True) if n}


def test_an_unchanged_view_is_not_modified(client: Client) -> None:
    for _ in range(3):
        make_job()
    tab = Tab(client)
    first = tab.update()
    assert row_ids(first) == []
    assert counts(first) == (3, {PENDING: 3})
    assert data_attribute(first, "new") == "0"
    answer = tab.poll()
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["Poll-After"]
    assert answer["Cache-Control"] == "no-store"


def test_only_the_changed_row_is_sent_with_current_counts(client: Client) -> None:
    jobs = [make_job() for _ in range(3)]
    tab = Tab(client)
    tab.poll()
    jobs[1].record_status(RUNNING)
    html = tab.update()
    assert row_ids(html) == [str(jobs[1].id)]
    assert f'data-status="{RUNNING}"' in html
    assert counts(html) == (3, {PENDING: 2, RUNNING: 1})
    assert data_attribute(html, "shown") == "3 jobs"
    assert data_attribute(html, "left") == ""
    assert tab.poll().status_code == 304


def test_a_renamed_job_is_sent_and_escaped(client: Client) -> None:
    job = make_job()
    tab = Tab(client)
    Job.objects.edit(job.id, name="<script>")
    html = tab.update()
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_change_out_of_view_updates_only_the_counts(client: Client) -> None:
    other = make_job()
    make_job()
    tab = Tab(client, "page_size=1")
    tab.poll()
    other.record_status(FAILED)
    html = tab.update()
    assert row_ids(html) == []
    assert counts(html) == (2, {PENDING: 1, FAILED: 1})


def test_a_job_that_left_the_list_is_marked_until_it_returns(
    client: Client,
) -> None:
    jobs = [make_job(status=FAILED) for _ in range(2)]
    tab = Tab(client, "status=FAILED")
    tab.poll()
    jobs[0].record_status(COMPLETED)
    html = tab.update()
    assert data_attribute(html, "left") == str(jobs[0].id)
    assert data_attribute(html, "left-text") == "no longer failed"
    jobs[0].record_status(FAILED)
    html = tab.update()
    assert row_ids(html) == [str(jobs[0].id)]
    assert data_attribute(html, "left") == ""


def test_a_job_renamed_out_of_a_search_no_longer_matches(client: Client) -> None:
    job = make_job("Turbine blade")
    tab = Tab(client, "search=turbine")
    tab.poll()
    Job.objects.edit(job.id, name="Compressor")
    html = tab.update()
    assert data_attribute(html, "left") == str(job.id)
    assert data_attribute(html, "left-text") == "no longer matches"
    assert counts(html) == (0, {})


def test_a_deleted_job_is_reported_once(client: Client) -> None:
    jobs = [make_job() for _ in range(2)]
    tab = Tab(client)
    tab.poll()
    gone = jobs[0].id
    jobs[0].delete()
    html = tab.update()
    assert data_attribute(html, "gone") == str(gone)
    assert data_attribute(html, "shown") == "1 job"
    assert row_ids(html) == []
    assert tab.poll().status_code == 304


def test_new_jobs_above_the_rows_are_counted(client: Client) -> None:
    for _ in range(3):
        make_job()
    tab = Tab(client, "page_size=2")
    tab.poll()
    for _ in range(2):
        make_job()
    assert data_attribute(tab.update(), "new") == "2"
    fill(150)
    assert data_attribute(tab.update(), "new") == "99+"


def test_jobs_below_the_last_row_with_the_same_time_are_not_new(client: Client) -> None:
    fill(10)
    tab = Tab(client, "page_size=3")
    assert data_attribute(tab.update(), "new") == "0"


def test_a_job_that_enters_a_listed_status_is_new(client: Client) -> None:
    old = make_job()
    make_job(status=FAILED)
    tab = Tab(client, "status=FAILED&status=RUNNING")
    tab.poll()
    old.record_status(FAILED)
    assert data_attribute(tab.update(), "new") == "1"


def test_an_empty_list_counts_its_first_job_as_new(client: Client) -> None:
    tab = Tab(client, "status=FAILED")
    assert data_attribute(tab.update(), "new") == "0"
    make_job(status=FAILED)
    assert data_attribute(tab.update(), "new") == "1"


def test_sorted_by_last_update_a_job_that_moves_up_is_new_unless_in_view(client: Client) -> None:
    jobs = [make_job() for _ in range(4)]
    tab = Tab(client, "ordering=-updated_at&page_size=2")
    tab.poll()
    jobs[3].record_status(RUNNING)
    assert data_attribute(tab.update(), "new") == "0"
    jobs[0].record_status(RUNNING)
    assert data_attribute(tab.update(), "new") == "1"


def test_a_search_counts_new_matches_among_the_newest_jobs(client: Client) -> None:
    make_job("Turbine")
    tab = Tab(client, "search=turbine")
    tab.poll()
    make_job("Genome")
    assert tab.poll().status_code == 304
    make_job("Wind turbine")
    html = tab.update()
    assert data_attribute(html, "new") == "1"
    assert counts(html) == (2, {PENDING: 2})
    assert data_attribute(html, "shown") == "1 of 2 jobs"


def test_a_deleted_match_leaves_tabs_and_number_of_jobs_alike(client: Client) -> None:
    jobs = [make_job(f"Turbine {n}") for n in range(3)]
    tab = Tab(client, "search=turbine")
    tab.poll()
    jobs[1].delete()
    html = tab.update()
    assert counts(html) == (2, {PENDING: 2})
    assert data_attribute(html, "shown") == "2 jobs"


@pytest.mark.parametrize("query", ["ordering=name", "ordering=created_at"])
def test_new_jobs_are_not_counted_unless_the_newest_come_first(client: Client, query: str) -> None:
    make_job()
    assert data_attribute(Tab(client, query).update(), "new") is None


def test_new_jobs_are_not_counted_on_later_pages(client: Client) -> None:
    for _ in range(3):
        make_job()
    html = client.get("/?page_size=1").content.decode()
    assert 'id="new-jobs"' in html
    older = re.search(r'href="/\?([^"]*cursor[^"]*)"[^>]*>Older', html)
    assert older
    assert not Tab(client, older[1].replace("&amp;", "&")).has_pill


def test_a_changed_row_keeps_its_return_link(client: Client) -> None:
    job = make_job("Turbine & blade")
    tab = Tab(client, "q=turbine")
    tab.poll()
    job.record_status(RUNNING)
    assert f'href="/jobs/{job.id}/?from={quote("q=turbine")}"' in tab.update()


def test_the_title_is_updated_and_escaped(client: Client) -> None:
    job = make_job('"Turbine" <b>')
    tab = Tab(client, "search=%22turbine%22+%3Cb%3E")
    tab.poll()
    job.record_status(FAILED)
    title = data_attribute(tab.update(), "title")
    assert title is not None
    assert title.startswith("(1 failed) ")
    assert title.endswith(" · Job dashboard")
    assert "&lt;b&gt;" in title


@pytest.mark.parametrize(
    "query", ["status=FAILED&q=-status:failed", "q=status:failed -status:failed"]
)
def test_list_whose_statuses_exclude_each_other_has_no_new_jobs(client: Client, query: str) -> None:
    tab = Tab(client, query)
    make_job("New")
    make_job("Failed", FAILED)
    assert data_attribute(tab.update(), "new") == "0"
