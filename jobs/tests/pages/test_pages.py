"""The pages as a browser without scripts reads them."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from jobs.search import limits
from jobs.statuses import StatusType
from jobs.tests.factories import make_job
from jobs.tests.pages.html import PARTIAL, job_names, link, page, text_of

pytestmark = pytest.mark.django_db


def test_shows_jobs_newest_first_with_their_status(client: Client) -> None:
    first, second = (make_job(name) for name in ("First", "Second"))
    first.record_status(StatusType.RUNNING)
    html = page(client, "/")
    assert job_names(html) == ["Second", "First"]
    assert f'id="job-status-{first.id}"' in html
    assert f"Running First {first.id} running" in text_of(html)
    assert f"Pending Second {second.id} waiting" in text_of(html)


def test_escapes_names(client: Client) -> None:
    make_job("<script>alert('x')</script>\"&")
    html = page(client, "/")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_tabs_show_counts_and_keep_the_search(client: Client) -> None:
    make_job("turbine").record_status(StatusType.FAILED)
    make_job("turbine")
    make_job("genome")
    assert "All 3 Pending 2 Running 0 Completed 0 Failed 1" in text_of(
        page(client, "/?status=FAILED")
    )
    html = page(client, "/?search=turbine")
    assert "All 2 Pending 1 Running 0 Completed 0 Failed 1" in text_of(html)
    assert 'href="/?status=FAILED&amp;q=turbine"' in html


def test_title_shows_the_number_of_jobs(client: Client) -> None:
    def title(path: str) -> str:
        found = re.search(r"<title>(.*?) · Job dashboard</title>", page(client, path))
        assert found
        return found[1]

    make_job("genome")
    assert title("/") == "Jobs"
    for _ in range(3):
        make_job("turbine", StatusType.FAILED)
    make_job("storm", StatusType.FAILED)
    assert title("/") == "(4 failed) Jobs"
    assert title("/?search=turbine") == "(3 failed) “turbine” in jobs"
    assert title("/?status=FAILED") == "(4) Failed jobs"
    assert title("/?status=RUNNING&status=PENDING") == "(1) Pending or running jobs"
    for path in ("/", "/status-tabs/"):
        assert 'data-title="(4 failed) Jobs · Job dashboard"' in page(client, path)


def test_page_links_lead_forward_back_and_to_both_ends(client: Client) -> None:
    for number in range(5):
        make_job(f"job {number}")
    first = page(client, "/?page_size=2")
    assert job_names(first) == ["job 4", "job 3"]
    second = page(client, link(first, "Older →"))
    assert job_names(second) == ["job 2", "job 1"]
    assert job_names(page(client, link(second, "← Newer"))) == ["job 4", "job 3"]
    last = page(client, link(first, "Last"))
    assert job_names(last) == ["job 1", "job 0"]
    assert job_names(page(client, link(last, "First"))) == ["job 4", "job 3"]
    assert "Older →" in text_of(last)
    assert link(last, "Older →") == ""


def test_headings_sort_and_reverse(client: Client) -> None:
    for name in ("beta", "Alpha", "alpha"):
        make_job(name)
    html = page(client, "/?ordering=name")
    assert job_names(html) == ["Alpha", "alpha", "beta"]
    assert 'aria-sort="ascending"' in html
    assert 'href="/?ordering=-name"' in html


@pytest.mark.parametrize("rows", [1, 50])
def test_number_of_queries_does_not_depend_on_the_number_of_rows(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        make_job(f"job {number}")
    two_statuses = "/?status=PENDING&status=FAILED&ordering=name"
    for path, limit in (("/", 4), ("/?search=job", 8), (two_statuses, 4)):
        with django_assert_max_num_queries(limit):
            assert len(job_names(page(client, path))) == rows


def test_empty_list_explains_how_to_create_a_job(client: Client) -> None:
    assert "No jobs yet Create the first job above, or with POST /api/jobs/ ." in text_of(
        page(client, "/")
    )


def test_no_match_describes_the_search_and_offers_broader_ones(client: Client) -> None:
    html = page(client, "/?status=FAILED&search=turbine")
    assert "No failed job matches “turbine”" in text_of(html)
    assert "Search all statuses Show all failed jobs Show all jobs" in text_of(html)


@pytest.mark.parametrize("query", ["", "status=PENDING&", "search=job&", "ordering=name&"])
def test_emptied_last_page_shows_the_previous_one(client: Client, query: str) -> None:
    jobs = [make_job(f"job {number}") for number in range(5)]
    first = page(client, f"/?{query}page_size=2")
    second = page(client, link(first, "Next →" if "name" in query else "Older →"))
    third = link(second, "Next →" if "name" in query else "Older →")
    gone = job_names(page(client, third))
    assert len(gone) == 1
    if "status" in query:
        Job.objects.record_status(
            next(job.id for job in jobs if job.name == gone[0]), StatusType.FAILED
        )
    else:
        Job.objects.filter(name__in=gone).delete()
    html = page(client, third)
    assert job_names(html) == job_names(second)
    assert "The page you were on is now empty. This is the last page." in text_of(html)
    assert "No job" not in text_of(html)
    assert job_names(page(client, link(html, "First"))) == job_names(first)


def test_emptied_first_page_shows_the_new_first_page(client: Client) -> None:
    for number in range(3):
        make_job(f"job {number}")
    second = page(client, link(page(client, "/?page_size=2"), "Older →"))
    newer = link(second, "← Newer")
    Job.objects.exclude(name="job 0").delete()
    html = page(client, newer)
    assert job_names(html) == ["job 0"]
    assert "The page you were on is now empty. This is the first page." in text_of(html)


def test_emptied_list_shows_no_match_on_every_page(client: Client) -> None:
    for number in range(3):
        make_job(f"job {number}")
    older = link(page(client, "/?page_size=2&search=job"), "Older →")
    Job.objects.all().delete()
    html = text_of(page(client, older))
    assert "No job matches “job”" in html
    assert "now empty" not in html


def test_invalid_filters_are_explained(client: Client) -> None:
    html = page(client, "/?status=LOST&page_size=0", 400)
    statuses = ", ".join(StatusType)
    assert f'"LOST" is not a valid status. Allowed: {statuses}.' in text_of(html)
    assert '"0" is not a valid page size. Allowed: 1 to 200.' in text_of(html)
    assert "<html" in html
    assert "<html" not in page(client, "/?status=LOST", 400, **PARTIAL)


def test_pages_do_not_change_jobs(client: Client) -> None:
    job = make_job("kept")
    for path in ("/", f"/jobs/{job.id}/"):
        assert client.post(path).status_code == 405
        assert client.delete(path).status_code == 405
    assert Job.objects.count() == 1


def test_search_that_stops_early_shows_its_progress_and_continues(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "SORT_LIMIT": -1,
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "FIRST_STEP_ROWS": 1,
        "STEP_ROWS": 3,
        "WALK_SECONDS": 0,
        "WALK_SECONDS_AFTER_SORT": 0,
    }.items():
        monkeypatch.setattr(limits, name, value)
    for name in ("far zq", "one", "two", "three", "four", "five"):
        make_job(name)
    html = page(client, "/?search=zq&ordering=-name")
    assert "No match among 4 jobs" in text_of(html)
    assert "Terms with three letters or digits in a row search all jobs at once." in text_of(html)
    assert "Newest first" in text_of(html)
    rest = page(client, link(html, "Continue searching"))
    assert job_names(rest) == ["far zq"]
    assert "Continue searching" not in text_of(rest)
    found = page(client, "/?search=f&status=PENDING")
    assert "2 matches among 4 jobs" in text_of(found)


def test_export_links_keep_the_filters(client: Client) -> None:
    make_job("Wing")
    html = page(client, "/?status=PENDING&q=wing&ordering=name&page_size=25")
    for name in ("csv", "ndjson"):
        assert (
            f'href="/api/jobs/export/?format={name}&amp;status=PENDING&amp;q=wing&amp;ordering=name"'
            in html
        )
    assert 'href="/api/jobs/export/?format=csv"' in page(client, "/")


@pytest.mark.parametrize("path", ["/", "/activity/", "/status-tabs/", "/live/", "/jobs/1/", "/live/jobs/1/"])  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_rejects_other_methods(path: str, method: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, path, "name=Wing")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "This page is read-only Nothing was changed." in text_of(response.content.decode())
