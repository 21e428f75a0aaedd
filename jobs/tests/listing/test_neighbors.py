"""The previous and the next job in any list."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.reader import ORDERINGS
from jobs.models import Job
from jobs.search.query import name_query
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, database_rows, fill, make_job
from jobs.tests.listing.walks import FILTERS, MOMENT, walk
from jobs.tests.plans import SKEWED_JOBS, plans
from jobs.tests.strategies import JOBS, STRATEGIES, use_strategy

pytestmark = pytest.mark.django_db


def neighbor_ids(job_filter: JobFilter, job_id: int) -> tuple[int | None, int | None]:
    row = Job.objects.row(job_id)
    assert row is not None
    before, after = JobList(job_filter).neighbors(row)
    return before and before.id, after and after.id


def assert_neighbors(ids: list[int], job_filter: JobFilter) -> None:
    for before, job_id, after in zip([None, *ids], ids, [*ids[1:], None], strict=False):
        assert neighbor_ids(job_filter, job_id) == (before, after)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_neighbors_among_equal_values(name: str, ordering: str) -> None:
    fill(8, at=MOMENT)
    make_job("sweep", RUNNING), make_job("Zebra", COMPLETED), make_job("a sweep", FAILED)
    job_filter = replace(FILTERS[name], ordering=ordering)
    assert_neighbors(walk(job_filter), job_filter)


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if "stops" not in name])
@pytest.mark.parametrize("ordering", ["-created_at", "updated_at", "-name"])
def test_neighbors_in_a_search_with_each_strategy(
    strategy: str, ordering: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    use_strategy(strategy, monkeypatch)
    job_filter = JobFilter(
        q=name_query("common 1"), statuses=(FAILED,), ordering=ordering, page_size=200
    )
    ids = [row.id for row in JobList(job_filter).page().rows]
    assert len(ids) > 20
    assert_neighbors(ids, job_filter)


def test_job_that_left_the_list_still_has_neighbors() -> None:
    first, second, third = (make_job(name) for name in ("a", "b", "c"))
    job_filter = JobFilter(statuses=(FAILED,), ordering="name")
    for job in (first, second, third):
        job.record_status(FAILED)
    second.record_status(RUNNING)
    assert neighbor_ids(job_filter, second.id) == (first.id, third.id)
    assert neighbor_ids(JobFilter(q=name_query("no such name")), second.id) == (None, None)


def test_each_neighbor_is_one_index_range() -> None:
    database_rows(SKEWED_JOBS)
    database_rows("ANALYZE job")
    job = Job.objects.row(Job.objects.values_list("id", flat=True)[3000])
    assert job is not None
    for statuses in [None, (COMPLETED,), (RUNNING, FAILED)]:
        for ordering in ORDERINGS:
            with CaptureQueriesContext(connection) as queries:
                JobList(JobFilter(statuses=statuses, ordering=ordering)).neighbors(job)
            before, after = list(queries.captured_queries)
            for query in (before, after):
                assert "LIMIT 1" in query["sql"]
            for found in plans(queries):
                assert not {"Seq Scan", "Bitmap Heap Scan"} & {node["Node Type"] for node in found}
                assert not [node for node in found if "Filter" in node]
