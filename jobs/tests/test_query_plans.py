"""The list is read through its indexes: no scan of the table, no sort, whatever is asked."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.filters import ORDERINGS, JobFilter, Paging
from jobs.history import history_page
from jobs.models import Job
from jobs.querysets import StatusCounts
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows

pytestmark = pytest.mark.django_db

SKEWED_JOBS = """
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT
        'Simulation ' || n % 700,
        CASE WHEN n % 100 < 90 THEN 'COMPLETED' WHEN n % 100 < 96 THEN 'FAILED'
            WHEN n % 100 < 99 THEN 'PENDING' ELSE 'RUNNING' END,
        now() - n * interval '1 minute',
        now() - (n * 7919 % 5000) * interval '1 minute'
    FROM generate_series(1, 4000) AS n
"""
HISTORY = """
    INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, current_status, updated_at FROM job, generate_series(1, 3)
"""


@pytest.fixture
def many_jobs() -> None:
    for sql in (SKEWED_JOBS, HISTORY, "ANALYZE job, job_status"):
        database_rows(sql)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def plans(queries: CaptureQueriesContext) -> list[list[dict[str, Any]]]:
    """The nodes of each captured query's plan."""
    found = []
    for query in list(queries.captured_queries):
        [[plan]] = database_rows(f"EXPLAIN (FORMAT json) {query['sql']}")
        content = plan if isinstance(plan, list) else json.loads(plan)
        found.append(list(nodes(content[0]["Plan"])))
    return found


def assert_reads_through_an_index(queries: CaptureQueriesContext) -> None:
    [found] = plans(queries)
    types = {node["Node Type"] for node in found}
    assert not types & {"Seq Scan", "Sort", "Incremental Sort", "Bitmap Heap Scan"}, found
    assert types & {"Index Scan", "Index Only Scan"}


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_every_list_without_a_search_follows_an_index(many_jobs: None, ordering: str) -> None:
    for statuses in [
        (),
        (COMPLETED,),
        (RUNNING,),
        (PENDING, FAILED),
        (PENDING, RUNNING, COMPLETED),
    ]:
        question = JobFilter(statuses=statuses, ordering=ordering, page_size=20)
        first, last = question.page(), replace(question, cursor=question.last_page_cursor).page()
        for cursor in (None, first.next, last.previous, question.last_page_cursor):
            with CaptureQueriesContext(connection) as queries:
                assert replace(question, cursor=cursor).page().rows
            assert_reads_through_an_index(queries)


def test_a_history_follows_its_index(many_jobs: None) -> None:
    job_id = Job.objects.values_list("id", flat=True).latest("id")
    with CaptureQueriesContext(connection) as queries:
        assert len(history_page(job_id, Paging(2)).rows) == 2
    assert_reads_through_an_index(queries)


def test_the_trigram_index_answers_a_search(many_jobs: None) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    database_rows("SET LOCAL enable_indexscan = off")
    with CaptureQueriesContext(connection) as queries:
        counts: StatusCounts = JobFilter(search="lation 69").counts_by_status()
    assert counts.total().value > 0
    [found] = plans(queries)
    assert "job_name_trigrams" in {node.get("Index Name") for node in found}
