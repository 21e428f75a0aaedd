"""The list is read through its indexes: without a scan of the table or a sort, for any filter and ordering."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.durations import read_durations
from jobs.listing.history import history_page
from jobs.listing.paging import Paging
from jobs.listing.reader import ORDERINGS, range_count
from jobs.models import Job
from jobs.search import limits
from jobs.search.query import name_query
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows
from jobs.tests.plans import (
    HISTORY,
    PAGE,
    SEARCHED,
    assert_reads_one_step,
    assert_reads_through_an_index,
    indexes,
    nodes,
    plans,
    search_by_walking,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_every_list_without_a_search_uses_an_index(many_jobs: None, ordering: str) -> None:
    for statuses in [
        None,
        (COMPLETED,),
        (RUNNING,),
        (PENDING, FAILED),
        (PENDING, RUNNING, COMPLETED),
    ]:
        job_filter = JobFilter(statuses=statuses, ordering=ordering, page_size=PAGE - 1)
        jobs = JobList(job_filter)
        last = JobList(replace(job_filter, cursor=jobs.last_page_cursor)).page()
        for cursor in (None, jobs.page().next, last.previous, jobs.last_page_cursor):
            with CaptureQueriesContext(connection) as queries:
                assert JobList(replace(job_filter, cursor=cursor)).page().rows
            assert_reads_through_an_index(queries, range_count(statuses))


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("statuses", SEARCHED, ids=str)
def test_page_in_the_middle_reads_no_more_than_the_first(
    many_jobs: None, ordering: str, statuses: tuple[StatusType, ...] | None
) -> None:
    job_filter = JobFilter(statuses=statuses, ordering=ordering, page_size=5)
    middle = JobList(job_filter).page()
    for _ in range(3):  # in steps of two hundred: about a tenth of the list, from both ends
        middle = JobList(replace(job_filter, page_size=200, cursor=middle.next)).page()
    both = [replace(job_filter, cursor=cursor) for cursor in (middle.next, middle.previous)]
    buffers = {page.cursor: buffers_read(page) for page in (job_filter, *both)}
    assert max(buffers.values()) <= 2 * buffers[None], buffers


def buffers_read(job_filter: JobFilter) -> int:
    """The number of buffers that reading a page of the list takes."""
    with CaptureQueriesContext(connection) as queries:
        JobList(job_filter).page()
    [query] = queries.captured_queries
    [[plan]] = database_rows(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) {query['sql']}")
    content = plan if isinstance(plan, list) else json.loads(plan)
    return int(content[0]["Plan"]["Shared Hit Blocks"])


def test_history_uses_its_index(many_jobs: None) -> None:
    job_id = Job.objects.values_list("id", flat=True).latest("id")
    with CaptureQueriesContext(connection) as queries:
        assert len(history_page(job_id, Paging(2)).rows) == 2
    assert_reads_through_an_index(queries)


def test_durations_read_two_entries_of_each_job_through_the_index(many_jobs: None) -> None:
    database_rows(HISTORY)
    ids = list(Job.objects.order_by("-id").values_list("id", flat=True)[:200])
    database_rows("ANALYZE job_status")
    with CaptureQueriesContext(connection) as queries:
        read_durations(ids)
    [query] = queries.captured_queries
    [[plan]] = database_rows(f"EXPLAIN (ANALYZE, FORMAT json) {query['sql']}")
    content = plan if isinstance(plan, list) else json.loads(plan)
    found = list(nodes(content[0]["Plan"]))
    assert indexes(found) == {"job_status_of_job"}
    assert not {"Seq Scan", "Bitmap Heap Scan", "Sort"} & {node["Node Type"] for node in found}
    scans = [node for node in found if "Index Name" in node]
    assert len(scans) == 1
    assert all(node["Actual Rows"] <= 2 and node["Actual Loops"] <= 200 for node in scans)


@pytest.mark.parametrize("statuses", SEARCHED, ids=str)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_walk_reads_one_step_of_the_index_of_the_ordering(
    many_jobs: None,
    ordering: str,
    statuses: tuple[StatusType, ...] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search_by_walking(monkeypatch)
    job_filter = JobFilter(
        q=name_query("lation 6"), statuses=statuses, ordering=ordering, page_size=20
    )
    jobs = JobList(job_filter)
    for cursor in (None, jobs.page().next, jobs.last_page_cursor):
        with CaptureQueriesContext(connection) as queries:
            JobList(replace(job_filter, cursor=cursor)).page()
        [found] = plans(queries)
        assert not {"Seq Scan", "Bitmap Heap Scan"} & {node["Node Type"] for node in found}
        assert "job_name_trigrams" not in indexes(found)
        scans = assert_reads_one_step(found, range_count(statuses))
        assert not [node for node in scans if "Filter" in node]
        if ordering.endswith("name"):
            assert {node["Node Type"] for node in scans} == {"Index Only Scan"}


@pytest.mark.parametrize("statuses", SEARCHED, ids=str)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_few_matches_are_read_through_the_trigram_index(
    many_jobs: None, ordering: str, statuses: tuple[StatusType, ...] | None
) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    job_filter = JobFilter(
        q=name_query("lation 699"), statuses=statuses, ordering=ordering, page_size=3
    )
    jobs = JobList(job_filter)
    for cursor in (None, jobs.page().next, jobs.last_page_cursor):
        with CaptureQueriesContext(connection) as queries:
            JobList(replace(job_filter, cursor=cursor)).page()
        [found] = plans(queries)
        assert indexes(found) == {"job_name_trigrams"}


def test_counting_a_search_uses_an_index(many_jobs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        assert JobList(JobFilter(q=name_query("lation 699"))).counts_by_status().total().value > 0
    [found] = plans(queries)
    assert indexes(found) == {"job_name_trigrams"}
    monkeypatch.setattr(limits, "SORT_LIMIT", -1)
    monkeypatch.setattr(limits, "COUNT_SAMPLE_ROWS", 50)
    with CaptureQueriesContext(connection) as queries:
        assert (
            JobList(JobFilter(q=name_query("lation"), statuses=(FAILED,))).count().relation
            == "at_least"
        )
    any_status, one_status = plans(queries)
    assert indexes(any_status) == {"job_by_created"}
    assert indexes(one_status) == {"job_by_status_created"}
