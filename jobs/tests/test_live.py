"""What an open page asks again and again: 304 while nothing on its screen changes, else no more than what did."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from jobs.models import Job
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, fill, make_job
from jobs.tests.open_tab import Tab, row_ids, said

pytestmark = pytest.mark.django_db


def test_a_screen_on_which_nothing_changes_is_not_modified(client: Client) -> None:
    for _ in range(3):
        make_job()
    tab = Tab(client)
    first = tab.hears()
    assert row_ids(first) == []
    assert said(first, "counts") == "3 3 0 0 0"
    assert said(first, "new") == "0"
    answer = tab.ask()
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["Poll-After"]
    assert answer["Cache-Control"] == "no-store"


def test_only_the_changed_row_comes_with_fresh_counts(client: Client) -> None:
    jobs = [make_job() for _ in range(3)]
    tab = Tab(client)
    tab.ask()
    jobs[1].record_status(RUNNING)
    html = tab.hears()
    assert row_ids(html) == [str(jobs[1].id)]
    assert f'data-status="{RUNNING}"' in html
    assert said(html, "counts") == "3 2 1 0 0"
    assert said(html, "shown") == "3 jobs"
    assert said(html, "left") == ""
    assert tab.ask().status_code == 304


def test_a_rename_is_a_change_and_is_escaped(client: Client) -> None:
    job = make_job()
    tab = Tab(client)
    Job.objects.rename(job.id, "<script>")
    html = tab.hears()
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_change_elsewhere_brings_counts_and_no_row(client: Client) -> None:
    other = make_job()
    make_job()
    tab = Tab(client, "page_size=1")
    tab.ask()
    other.record_status(FAILED)
    html = tab.hears()
    assert row_ids(html) == []
    assert said(html, "counts") == "2 1 0 0 1"


def test_a_job_that_fell_out_of_the_list_is_marked_and_one_that_came_back_is_not(
    client: Client,
) -> None:
    jobs = [make_job(status=FAILED) for _ in range(2)]
    tab = Tab(client, "status=FAILED")
    tab.ask()
    jobs[0].record_status(COMPLETED)
    html = tab.hears()
    assert said(html, "left") == str(jobs[0].id)
    assert said(html, "left-text") == "no longer failed"
    jobs[0].record_status(FAILED)
    html = tab.hears()
    assert row_ids(html) == [str(jobs[0].id)]
    assert said(html, "left") == ""


def test_a_job_renamed_out_of_a_search_no_longer_matches(client: Client) -> None:
    job = make_job("Turbine blade")
    tab = Tab(client, "search=turbine")
    tab.ask()
    Job.objects.rename(job.id, "Compressor")
    html = tab.hears()
    assert said(html, "left") == str(job.id)
    assert said(html, "left-text") == "no longer matches"
    assert said(html, "counts") == "0 0 0 0 0"


def test_a_deleted_job_is_named_once(client: Client) -> None:
    jobs = [make_job() for _ in range(2)]
    tab = Tab(client)
    tab.ask()
    gone = jobs[0].id
    jobs[0].delete()
    html = tab.hears()
    assert said(html, "gone") == str(gone)
    assert said(html, "shown") == "1 job"
    assert row_ids(html) == []
    assert tab.ask().status_code == 304


def test_new_jobs_are_counted_above_the_rows(client: Client) -> None:
    for _ in range(3):
        make_job()
    tab = Tab(client, "page_size=2")
    tab.ask()
    for _ in range(2):
        make_job()
    assert said(tab.hears(), "new") == "2"
    fill(150)
    assert said(tab.hears(), "new") == "99+"


def test_jobs_of_one_time_below_the_last_row_are_not_new(client: Client) -> None:
    fill(10)
    tab = Tab(client, "page_size=3")
    assert said(tab.hears(), "new") == "0"


def test_a_job_that_comes_into_a_status_is_new_there(client: Client) -> None:
    old = make_job()
    make_job(status=FAILED)
    tab = Tab(client, "status=FAILED&status=RUNNING")
    tab.ask()
    old.record_status(FAILED)
    assert said(tab.hears(), "new") == "1"


def test_an_empty_list_hears_of_its_first_job(client: Client) -> None:
    tab = Tab(client, "status=FAILED")
    assert said(tab.hears(), "new") == "0"
    make_job(status=FAILED)
    assert said(tab.hears(), "new") == "1"


def test_sorted_by_last_update_what_moves_up_is_new_unless_it_is_in_view(client: Client) -> None:
    jobs = [make_job() for _ in range(4)]
    tab = Tab(client, "ordering=-updated_at&page_size=2")
    tab.ask()
    jobs[3].record_status(RUNNING)
    assert said(tab.hears(), "new") == "0"
    jobs[0].record_status(RUNNING)
    assert said(tab.hears(), "new") == "1"


def test_a_search_finds_its_matches_among_the_newest(client: Client) -> None:
    make_job("Turbine")
    tab = Tab(client, "search=turbine")
    tab.ask()
    make_job("Genome")
    assert tab.ask().status_code == 304
    make_job("Wind turbine")
    html = tab.hears()
    assert said(html, "new") == "1"
    assert said(html, "counts") == "2 2 0 0 0"
    assert said(html, "shown") is None


@pytest.mark.parametrize("query", ["ordering=name", "ordering=created_at"])
def test_new_jobs_have_no_place_where_the_newest_do_not_come_first(
    client: Client, query: str
) -> None:
    make_job()
    assert said(Tab(client, query).hears(), "new") is None


def test_later_pages_have_no_place_for_new_jobs(client: Client) -> None:
    for _ in range(3):
        make_job()
    html = client.get("/?page_size=1").content.decode()
    assert 'id="new-jobs"' in html
    older = re.search(r'href="/\?([^"]*cursor[^"]*)"[^>]*>Older', html)
    assert older
    assert not Tab(client, older[1].replace("&amp;", "&")).has_pill


def test_a_changed_row_still_tells_its_page_which_list_it_is_in(client: Client) -> None:
    job = make_job("Turbine & blade")
    tab = Tab(client, "q=turbine")
    tab.ask()
    job.record_status(RUNNING)
    assert f'href="/jobs/{job.id}/?from={quote("q=turbine")}"' in tab.hears()


def test_the_title_counts_along_and_is_escaped(client: Client) -> None:
    job = make_job('"Turbine" <b>')
    tab = Tab(client, "search=%22turbine%22+%3Cb%3E")
    tab.ask()
    job.record_status(FAILED)
    title = said(tab.hears(), "title")
    assert title is not None
    assert title.startswith("(1 failed) ")
    assert title.endswith(" · Job dashboard")
    assert "&lt;b&gt;" in title
