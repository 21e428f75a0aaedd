"""PostgreSQL cancels statements that take too long; the API and the pages report it."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from jobs.tests.conftest import Api
from jobs.tests.pages.html import text_of
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db(transaction=True)
TIMEOUT_MS = 40


@pytest.fixture
def locked_table(settings: Settings) -> Iterator[None]:
    """Another connection locks the table `job`, so that every statement on it waits until it times out."""
    settings.QUERY_BUDGET_MS = TIMEOUT_MS
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE job")
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {TIMEOUT_MS}")
        yield
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
        connection.close()  # its timeout would outlast the test


@pytest.mark.usefixtures("locked_table")
def test_the_api_reports_the_timeout(api: Api) -> None:
    for method, path in (
        ("GET", "/api/jobs/"),
        ("GET", "/api/jobs/1/"),
        ("DELETE", "/api/jobs/1/"),
    ):
        problem = problem_of(api.call(method, path), 503)
        if method == "GET":
            assert problem["code"] == "query_budget"
            assert "0.04 seconds" in problem["detail"]
        else:  # a change is reported as waiting for another one
            assert problem["code"] == "lock_timeout"


@pytest.mark.usefixtures("locked_table")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "partial"}])
def test_the_list_repeats_the_query_and_links_to_narrower_ones(
    client: Client, headers: dict[str, str]
) -> None:
    response = client.get("/?status=FAILED&search=turbine&ordering=name", headers=headers)
    html = response.content.decode()
    assert response.status_code == 503
    assert "All Pending Running Completed Failed" in text_of(html)
    assert ("<html" in html) != bool(headers)
    assert 'id="job-table"' in html
    assert 'name="q" id="search" value="turbine"' in html
    assert "You searched for “turbine” in failed jobs, sorted by name." in html
    for query in ("status=FAILED&amp;q=turbine", "q=turbine&amp;ordering=name"):
        assert f'href="/?{query}"' in html


@pytest.mark.usefixtures("locked_table")
def test_a_job_page_reports_the_timeout(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/jobs/1/")
    assert response.status_code == 503
    assert "This page timed out after 0.04 seconds" in response.content.decode()


@pytest.mark.usefixtures("locked_table")
def test_a_canceled_statement_does_not_continue_on_the_server(api: Api) -> None:
    api.call("GET", "/api/jobs/")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
            " AND state = 'active' AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone() == (0,)
