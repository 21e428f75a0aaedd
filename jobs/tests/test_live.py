"""What an open page asks again and again: 304 while nothing on its screen changes, else no more than what did."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from jobs.pages.pace import Pace
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, fill, make_job

pytestmark = pytest.mark.django_db


class Tab:
    """An open list, as its rows stand; asks as the browser does, and remembers the entity tag."""

    def __init__(self, client: Client, query: str = "") -> None:
        self.client = client
        self.query = query
        html = client.get(f"/?{query}").content.decode()
        self.ids = re.findall(r'<tr id="job-(\d+)"', html)
        created = re.findall(r'class="created_at"[^>]*><time datetime="([^"]+)"', html)
        updated = re.findall(r'class="updated_at"[^>]*><time datetime="([^"]+)"', html)
        self.tag = f'"{".".join(re.sub(r"[^0-9]", "", moment[14:]) for moment in updated)};"'
        moments = updated if "updated_at" in query else created
        whole = "data-whole" in html
        self.beyond = "end" if whole or not self.ids else f"{moments[-1]},{self.ids[-1]}"
        self.has_pill = 'id="new-jobs"' in html

        self.address = f"/live/?ids={','.join(self.ids)}&beyond={self.beyond}&{query}"

    def ask(self) -> Any:
        answer = self.client.get(self.address, headers={"If-None-Match": self.tag})
        self.tag = answer.get("ETag", self.tag)
        return answer

    def hears(self) -> str:
        answer = self.ask()
        assert answer.status_code == 200, answer.content
        return str(answer.content.decode())


def said(html: str, name: str) -> str | None:
    found = re.search(rf' data-{name}="([^"]*)"', html.partition(">")[0])
    return found[1] if found else None


def row_ids(html: str) -> list[str]:
    return re.findall(r'<tr id="job-(\d+)"', html)


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


@pytest.mark.parametrize("rows", [1, 200])
def test_costs_one_query_unchanged_and_two_changed(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    fill(rows)
    tab = Tab(client, "page_size=200")
    assert len(tab.ids) == rows
    tab.ask()
    with django_assert_num_queries(1):
        assert tab.ask().status_code == 304
    with connection.cursor() as cursor:
        cursor.execute("UPDATE job SET updated_at = clock_timestamp(), name = 'Other'")
    with django_assert_num_queries(2):
        assert len(row_ids(tab.hears())) == rows


@pytest.mark.parametrize(
    "query",
    [
        "ids=1,x",
        "ids=1,,2",
        "ids=-1",
        "ids=1,1",
        "ids=%D9%A1",
        "ids=1;DROP TABLE job",
        "ids=9223372036854775808",
        "ids=99999999999999999999",
        f"ids={','.join(map(str, range(1, 202)))}",
        "ids=1&beyond=",
        "ids=1&beyond=2026-11-22",
        "ids=1&beyond=2026-11-22T10:00:00.000000Z",
        "ids=1&beyond=2026-99-22T10:00:00.000000Z,1",
        "ids=1&beyond=2026-11-22T10:00:00.000000Z,1,2",
        "ids=1&beyond=0000-01-01T10:00:00.000000Z,1",
        "ids=1&status=LOST",
        "ids=1&search=%00",
    ],
)
def test_refuses_what_no_page_sends(client: Client, query: str) -> None:
    assert client.get(f"/live/?{query}").status_code == 400


@pytest.mark.parametrize("tag", ["", "*", '"', '";"', "W/" + '"1.2;"', '"1.2.3;', "x" * 4_000])
def test_any_entity_tag_is_answered(client: Client, tag: str) -> None:
    job = make_job()
    answer = client.get(f"/live/?ids={job.id}", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert row_ids(answer.content.decode()) == [str(job.id)]


def test_200_ids_are_allowed_and_only_reading_is(client: Client) -> None:
    ids = ",".join(map(str, range(1, 201)))
    assert client.get(f"/live/?ids={ids}").status_code == 200
    assert client.post("/live/?ids=1").status_code == 405


def test_a_jobs_own_page_hears_of_it_alone(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = make_job()
    path = f"/live/jobs/{job.id}/"
    tag = client.get(path)["ETag"]
    make_job()
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    job.record_status(StatusType.RUNNING)
    answer = client.get(path, headers={"If-None-Match": tag})
    assert row_ids(answer.content.decode()) == [str(job.id)]
    job_id = job.id
    job.delete()
    answer = client.get(path, headers={"If-None-Match": answer["ETag"]})
    assert said(answer.content.decode(), "gone") == str(job_id)
    assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_tabs_ask_as_often_as_they_like_until_they_are_too_many() -> None:
    pace = Pace(per_second=10)
    assert pace.wait(now=100.0) == 0
    assert pace.wait(now=101.0) == 0
    waits = [pace.wait(now=102.0) for _ in range(50)]
    assert waits[0] == 0
    assert waits[-1] == pytest.approx(4.9)
    assert pace.wait(now=107.5) == 0
