"""The list is read through its indexes: no scan of the table, no sort, whatever is asked."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import search_limits
from jobs.filters import JobFilter
from jobs.history import history_page
from jobs.listing import ORDERINGS
from jobs.models import Job
from jobs.paging import Paging
from jobs.query import named
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows
from jobs.tests.plans import (
    PAGE,
    SEARCHED,
    assert_reads_one_step,
    assert_reads_through_an_index,
    indexes,
    plans,
    search_by_walking,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_every_list_without_a_search_follows_an_index(many_jobs: None, ordering: str) -> None:
    for statuses in [
        (),
        (COMPLETED,),
        (RUNNING,),
        (PENDING, FAILED),
        (PENDING, RUNNING, COMPLETED),
    ]:
        question = JobFilter(statuses=statuses, ordering=ordering, page_size=PAGE - 1)
        first, last = question.page(), replace(question, cursor=question.last_page_cursor).page()
        for cursor in (None, first.next, last.previous, question.last_page_cursor):
            with CaptureQueriesContext(connection) as queries:
                assert replace(question, cursor=cursor).page().rows
            assert_reads_through_an_index(queries, len(statuses))


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("statuses", [(), (COMPLETED,), (COMPLETED, FAILED)], ids=len)
def test_a_page_in_the_middle_reads_no_more_than_the_first(
    many_jobs: None, ordering: str, statuses: tuple[StatusType, ...]
) -> None:
    question = JobFilter(statuses=statuses, ordering=ordering, page_size=5)
    middle = question.page()
    for _ in range(3):  # in steps of two hundred: about a tenth of the list, from both ends
        middle = replace(question, page_size=200, cursor=middle.next).page()
    both = [replace(question, cursor=cursor) for cursor in (middle.next, middle.previous)]
    entries = {page.cursor: index_entries(page) for page in (question, *both)}
    assert max(entries.values()) <= 2 * entries[None], entries


def index_entries(question: JobFilter) -> int:
    """Pages of indexes that a page of the list is read from."""
    with CaptureQueriesContext(connection) as queries:
        question.page()
    [query] = queries.captured_queries
    [[plan]] = database_rows(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) {query['sql']}")
    content = plan if isinstance(plan, list) else json.loads(plan)
    return int(content[0]["Plan"]["Shared Hit Blocks"])


def test_a_history_follows_its_index(many_jobs: None) -> None:
    job_id = Job.objects.values_list("id", flat=True).latest("id")
    with CaptureQueriesContext(connection) as queries:
        assert len(history_page(job_id, Paging(2)).rows) == 2
    assert_reads_through_an_index(queries)


@pytest.mark.parametrize("statuses", SEARCHED, ids=len)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_walk_reads_one_step_of_the_orderings_index(
    many_jobs: None,
    ordering: str,
    statuses: tuple[StatusType, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search_by_walking(monkeypatch)
    question = JobFilter(q=named("lation 6"), statuses=statuses, ordering=ordering, page_size=20)
    for cursor in (None, question.page().next, question.last_page_cursor):
        with CaptureQueriesContext(connection) as queries:
            replace(question, cursor=cursor).page()
        [found] = plans(queries)
        assert not {"Seq Scan", "Bitmap Heap Scan"} & {node["Node Type"] for node in found}
        assert "job_name_trigrams" not in indexes(found)
        scans = assert_reads_one_step(found, max(len(statuses), 1))
        assert not [node for node in scans if "Filter" in node]
        if ordering.endswith("name"):
            assert {node["Node Type"] for node in scans} == {"Index Only Scan"}


@pytest.mark.parametrize("statuses", SEARCHED, ids=len)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_few_matches_are_read_through_the_trigram_index(
    many_jobs: None, ordering: str, statuses: tuple[StatusType, ...]
) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    question = JobFilter(q=named("lation 699"), statuses=statuses, ordering=ordering, page_size=3)
    for cursor in (None, question.page().next, question.last_page_cursor):
        with CaptureQueriesContext(connection) as queries:
            replace(question, cursor=cursor).page()
        [found] = plans(queries)
        assert indexes(found) == {"job_name_trigrams"}


def test_counting_a_search_follows_an_index(
    many_jobs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        assert JobFilter(q=named("lation 699")).counts_by_status().total().value > 0
    [found] = plans(queries)
    assert indexes(found) == {"job_name_trigrams"}
    monkeypatch.setattr(search_limits, "SORTABLE", -1)
    monkeypatch.setattr(search_limits, "COUNT_WALK", 50)
    with CaptureQueriesContext(connection) as queries:
        assert JobFilter(q=named("lation"), statuses=(FAILED,)).count().relation == "at_least"
    everywhere, in_status = plans(queries)
    assert indexes(everywhere) == {"job_by_created"}
    assert indexes(in_status) == {"job_by_status_created"}
