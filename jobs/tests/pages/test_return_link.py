"""A job's page links to its neighbors in the list it was reached from, and back to that list."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.models import Job
from jobs.pages.return_link import ListContext
from jobs.tests.factories import FAILED, RUNNING, make_job
from jobs.tests.pages.html import PARTIAL, page, text_of

pytestmark = pytest.mark.django_db


def job_query(query: str) -> str:
    return ListContext(JobFilter.parse(QueryDict(query))).job_query


def links(html: str) -> dict[str, str]:
    """The `prev` and `next` links, if any."""
    found = re.findall(r'<a [^>]*rel="(\w+)" href="([^"]+)"', html)
    return {rel: url.replace("&amp;", "&") for rel, url in found}


def test_job_page_links_to_neighbors_and_back_to_the_list(client: Client) -> None:
    jobs = [make_job(name, FAILED) for name in ("c", "b", "a")]
    make_job("other")
    html = page(client, "/?status=FAILED&ordering=name&page_size=25")
    rows = re.findall(r'<a href="(/jobs/\d+/[^"]*)"', html)
    assert [int(url.split("/")[2]) for url in rows] == [job.id for job in reversed(jobs)]
    middle = page(client, rows[1])
    assert links(middle) == {"prev": rows[0], "next": rows[2]}
    assert "Back to Failed jobs" in text_of(middle)
    assert 'href="/?status=FAILED&amp;ordering=name&amp;page_size=25"' in middle
    assert links(page(client, rows[0])) == {"next": rows[1]}
    assert links(page(client, rows[2])) == {"prev": rows[1]}


def test_back_link_leads_to_the_same_page_of_the_list(client: Client) -> None:
    for number in range(6):
        make_job(f"job {number}")
    older = JobList(JobFilter(page_size=2)).page().next
    query = urlencode({"page_size": 2, "cursor": older})
    url = re.findall(r'<a href="(/jobs/\d+/[^"]*)"', page(client, f"/?{query}"))[0]
    html = page(client, url)
    assert f'href="/?{query.replace("&", "&amp;")}"' in html
    assert links(html)["prev"].endswith(job_query(query))


def test_default_list_adds_nothing_to_the_url(client: Client) -> None:
    old, job, new = (make_job(name) for name in ("old", "middle", "new"))
    assert f'<a href="/jobs/{job.id}/" translate="no">' in page(client, "/")
    html = page(client, f"/jobs/{job.id}/")
    assert links(html) == {"prev": f"/jobs/{new.id}/", "next": f"/jobs/{old.id}/"}
    assert "Back to Jobs" in text_of(html)


@pytest.mark.parametrize(
    "origin",
    [
        "status=LOST",
        "ordering=id&status=FAILED",
        "page_size=100000",
        "search=%00",
        "cursor=made-up",
        "cursor=%F0%9F%98%80",
        "https://elsewhere.example/",
        "javascript:alert(1)",
        "&".join(["x=1"] * 1001),
        "%%%",
    ],
)
def test_invalid_list_is_ignored(client: Client, origin: str) -> None:
    other, job = make_job("other"), make_job("job")
    html = page(client, f"/jobs/{job.id}/?from={quote(origin)}")
    assert links(html) == {"next": f"/jobs/{other.id}/"}
    assert '<a href="/"><span aria-hidden="true">←' in html
    assert "elsewhere" not in html


def test_cursor_of_another_list_leads_to_the_first_page() -> None:
    make_job("one"), make_job("two")
    foreign = JobList(JobFilter(page_size=1)).page().next
    query = QueryDict(mutable=True)
    query["from"] = urlencode({"ordering": "name", "cursor": foreign})
    assert ListContext.parse(query).url == "/?ordering=name"


def test_slow_list_does_not_hide_the_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def time_out(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(10)")

    job = make_job("kept")
    monkeypatch.setattr(JobList, "neighbors", time_out)
    row = Job.objects.row(job.id)
    assert row is not None
    neighbors = ListContext(JobFilter()).neighbors(row)
    assert [(n.label, n.url) for n in neighbors] == [("Previous", ""), ("Next", "")]


def test_number_of_queries_does_not_depend_on_the_history(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    job = make_job("busy", history=[RUNNING, FAILED] * 40)
    make_job("other", FAILED)
    for query, at_most in (
        ("", 6),
        ("status=FAILED&status=RUNNING&ordering=name", 6),
        ("search=busy", 15),
    ):
        with django_assert_max_num_queries(at_most):
            page(client, f"/jobs/{job.id}/?{urlencode({'from': query})}")
    with django_assert_max_num_queries(4):
        page(client, f"/jobs/{job.id}/?from=status%3DFAILED", 200, **PARTIAL)
