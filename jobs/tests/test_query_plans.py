"""The list is read through its indexes: no scan of the table, no sort, whatever is asked."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import searching
from jobs.filters import JobFilter, Paging
from jobs.grammar import parse
from jobs.history import history_page
from jobs.listing import ORDERINGS
from jobs.models import Job
from jobs.query import named
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows

pytestmark = pytest.mark.django_db

PAGE = 21
SKEWED_JOBS = """
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT
        'Simulation ' || n % 700,
        CASE WHEN n % 100 < 90 THEN 'COMPLETED' WHEN n % 100 < 96 THEN 'FAILED'
            WHEN n % 100 < 99 THEN 'PENDING' ELSE 'RUNNING' END,
        now() - n * interval '1 minute',
        now() - (n * 7919 % 5000) * interval '1 minute'
    FROM generate_series(1, 6000) AS n
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
    """The nodes of each captured query's plan; a search's question for an estimate is none of them."""
    found = []
    for query in list(queries.captured_queries):
        if query["sql"].startswith("EXPLAIN"):
            continue
        [[plan]] = database_rows(f"EXPLAIN (FORMAT json) {query['sql']}")
        content = plan if isinstance(plan, list) else json.loads(plan)
        found.append(list(nodes(content[0]["Plan"])))
    return found


def indexes(found: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in found if "Index Name" in node}


def assert_reads_through_an_index(queries: CaptureQueriesContext, ranges: int = 1) -> None:
    """No scan of the table, no row read only to be thrown away, no sort but of the pages of several ranges."""
    [found] = plans(queries)
    types = {node["Node Type"] for node in found}
    assert not types & {"Seq Scan", "Bitmap Heap Scan"}, found
    assert types & {"Index Scan", "Index Only Scan"}
    assert not [node for node in found if "Filter" in node], found
    sorts = [node for node in found if node["Node Type"] in {"Sort", "Incremental Sort"}]
    assert all(ranges > 1 and node["Plan Rows"] <= ranges * PAGE for node in sorts), found


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


SEARCHED = [(), (COMPLETED,), (COMPLETED, FAILED)]


@pytest.mark.parametrize("statuses", SEARCHED, ids=len)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_walk_reads_one_step_of_the_orderings_index(
    many_jobs: None,
    ordering: str,
    statuses: tuple[StatusType, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "FEW": -1,
        "FEW_IN_RANGE": -1,
        "SORTABLE": -1,
        "FIRST": 50,
        "STEP": 50,
        "PATIENCE": 0,
    }.items():
        monkeypatch.setattr(searching, name, value)
    question = JobFilter(q=named("lation 6"), statuses=statuses, ordering=ordering, page_size=20)
    for cursor in (None, question.page().next, question.last_page_cursor):
        with CaptureQueriesContext(connection) as queries:
            replace(question, cursor=cursor).page()
        [found] = plans(queries)
        assert not {"Seq Scan", "Bitmap Heap Scan"} & {node["Node Type"] for node in found}
        assert "job_name_trigrams" not in indexes(found)
        scans = [node for node in found if node.get("Index Name", "job_pkey") != "job_pkey"]
        assert len(scans) == max(len(statuses), 1)
        assert not [node for node in scans if "Filter" in node]
        # each scan lies beneath a limit of one step, which is what the search is filtered from
        limits = [node for node in found if node["Node Type"] == "Limit"]
        beneath = [node for limit in limits if limit["Plan Rows"] <= 50 for node in nodes(limit)]
        assert all(any(node is scan for node in beneath) for scan in scans)
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
    monkeypatch.setattr(searching, "SORTABLE", -1)
    monkeypatch.setattr(searching, "COUNT_WALK", 50)
    with CaptureQueriesContext(connection) as queries:
        assert JobFilter(q=named("lation"), statuses=(FAILED,)).count().relation == "at_least"
    everywhere, in_status = plans(queries)
    assert indexes(everywhere) == {"job_by_created"}
    assert indexes(in_status) == {"job_by_status_created"}


def asked(q: str, **others: Any) -> JobFilter:
    return JobFilter(q=parse(q), page_size=PAGE - 1, **others)


@pytest.mark.parametrize("statuses", SEARCHED, ids=len)
@pytest.mark.parametrize("field", ["created", "updated"])
def test_times_are_a_range_of_the_index_that_is_sorted_by(
    many_jobs: None, field: str, statuses: tuple[StatusType, ...]
) -> None:
    for ordering in (f"{field}_at", f"-{field}_at"):
        for q in (f"{field}:60h..20h", f"{field}:<60h", f"{field}:>20h"):
            question = asked(q, statuses=statuses, ordering=ordering)
            first, last = question.page(), replace(question, cursor=question.last_page_cursor)
            for cursor in (None, first.next, last.cursor, last.page().previous):
                with CaptureQueriesContext(connection) as queries:
                    assert replace(question, cursor=cursor).page().rows
                assert_reads_through_an_index(queries, len(statuses))


@pytest.mark.parametrize("statuses", SEARCHED, ids=len)
def test_ids_are_read_by_their_key(many_jobs: None, statuses: tuple[StatusType, ...]) -> None:
    newest = Job.objects.latest("id").pk
    question = asked(f"id:{newest},{newest - 1},{newest - 2}", statuses=statuses, ordering="name")
    for ask in (question.page, question.counts_by_status):
        with CaptureQueriesContext(connection) as queries:
            ask()
        [found] = plans(queries)
        assert indexes(found) == {"job_pkey"}


@pytest.mark.parametrize("ordering", ["name", "-created_at"])
def test_few_jobs_of_a_time_are_read_through_its_index(many_jobs: None, ordering: str) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    for statuses in SEARCHED:
        question = asked("updated:<1h lation", statuses=statuses, ordering=ordering)
        with CaptureQueriesContext(connection) as queries:
            assert question.page().rows or statuses
        [found] = plans(queries)
        assert indexes(found) <= {"job_by_updated", "job_by_status_updated"}
        assert indexes(found)


@pytest.mark.parametrize("statuses", SEARCHED, ids=len)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_walk_beside_times_reads_one_step_within_them(
    many_jobs: None,
    ordering: str,
    statuses: tuple[StatusType, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "FEW": -1,
        "FEW_IN_RANGE": -1,
        "SORTABLE": -1,
        "FIRST": 50,
        "STEP": 50,
        "PATIENCE": 0,
    }.items():
        monkeypatch.setattr(searching, name, value)
    question = asked("lation created:>1h updated:<70h", statuses=statuses, ordering=ordering)
    for cursor in (None, question.page().next, question.last_page_cursor):
        with CaptureQueriesContext(connection) as queries:
            replace(question, cursor=cursor).page()
        [found] = plans(queries)
        scans = [node for node in found if node.get("Index Name", "job_pkey") != "job_pkey"]
        assert len(scans) == max(len(statuses), 1)
        assert not [node for node in found if "Filter" in node and "Index Name" in node]
        limits = [node for node in found if node["Node Type"] == "Limit"]
        beneath = [node for limit in limits if limit["Plan Rows"] <= 50 for node in nodes(limit)]
        assert all(any(node is scan for node in beneath) for scan in scans)
