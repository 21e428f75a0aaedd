"""A job beside the list: a fragment with the same parts as the job's own page."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from jobs.tests.factories import FAILED, RUNNING, make_job
from jobs.tests.pages.html import PARTIAL, page, text_of

pytestmark = pytest.mark.django_db


def peek(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path, headers=PARTIAL)
    assert response.status_code == status
    return response.content.decode()


def test_shows_the_parts_of_the_jobs_page(client: Client) -> None:
    job = make_job("Wing <1>", history=[RUNNING, FAILED])
    panel = peek(client, f"/jobs/{job.id}/peek/")
    whole = page(client, f"/jobs/{job.id}/")
    assert panel.strip().startswith('<aside id="job-peek"')
    assert "Wing &lt;1&gt;" in panel
    assert "<html" not in panel
    for words in ("Failed after running", "Status history", "Waited", "Ran", "Created", "Updated"):
        assert words in text_of(panel)
        assert words in text_of(whole)
    assert f'href="/jobs/{job.id}/"' in panel


def test_keeps_the_list_that_it_belongs_to(client: Client) -> None:
    job = make_job("Wing")
    for number in range(51):
        job.record_status(RUNNING if number % 2 else FAILED)
    html = peek(client, f"/jobs/{job.id}/peek/?from=status%3DFAILED")
    assert f'href="/jobs/{job.id}/?from=status%3DFAILED"' in html
    assert f'href="/jobs/{job.id}/?cursor=' in html


def test_says_that_the_job_has_been_deleted(client: Client) -> None:
    job = make_job("Gone")
    Job.objects.get(pk=job.id).delete()
    html = peek(client, f"/jobs/{job.id}/peek/", 404)
    assert "This job has been deleted." in html
    assert html.strip().startswith('<aside id="job-peek"')


def test_opened_as_a_page_it_leads_to_the_job(client: Client) -> None:
    job = make_job("Wing")
    response = client.get(f"/jobs/{job.id}/peek/?from=status%3DFAILED")
    assert (response.status_code, response["Location"]) == (
        302,
        f"/jobs/{job.id}/?from=status%3DFAILED",
    )


def test_takes_four_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = make_job("Wing", history=[RUNNING, FAILED])
    with django_assert_num_queries(4):
        peek(client, f"/jobs/{job.id}/peek/?from=status%3DFAILED")
