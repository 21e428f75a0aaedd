"""Lists with times and ids are read through indexes too."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.reader import ORDERINGS, range_count
from jobs.models import Job
from jobs.search.parser import parse
from jobs.statuses import StatusType
from jobs.tests.factories import database_rows
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


def filter_for(q: str, **others: Any) -> JobFilter:
    return JobFilter(q=parse(q), page_size=PAGE - 1, **others)


@pytest.mark.parametrize("statuses", SEARCHED, ids=str)
@pytest.mark.parametrize("field", ["created", "updated"])
def test_times_are_a_range_of_the_index_of_the_ordering(
    many_jobs: None, field: str, statuses: tuple[StatusType, ...] | None
) -> None:
    for ordering in (f"{field}_at", f"-{field}_at"):
        for q in (f"{field}:60h..20h", f"{field}:<60h", f"{field}:>20h"):
            job_filter = filter_for(q, statuses=statuses, ordering=ordering)
            jobs = JobList(job_filter)
            last = JobList(replace(job_filter, cursor=jobs.last_page_cursor)).page()
            for cursor in (None, jobs.page().next, jobs.last_page_cursor, last.previous):
                with CaptureQueriesContext(connection) as queries:
                    assert JobList(replace(job_filter, cursor=cursor)).page().rows
                assert_reads_through_an_index(queries, range_count(statuses))


@pytest.mark.parametrize("statuses", SEARCHED, ids=str)
def test_ids_are_read_by_primary_key(
    many_jobs: None, statuses: tuple[StatusType, ...] | None
) -> None:
    newest = Job.objects.latest("id").pk
    job_filter = filter_for(
        f"id:{newest},{newest - 1},{newest - 2}", statuses=statuses, ordering="name"
    )
    for read in (JobList(job_filter).page, JobList(job_filter).counts_by_status):
        with CaptureQueriesContext(connection) as queries:
            read()
        [found] = plans(queries)
        assert indexes(found) == {"job_pkey"}


@pytest.mark.parametrize("ordering", ["name", "-created_at"])
def test_selective_times_are_read_through_their_index(many_jobs: None, ordering: str) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    for statuses in SEARCHED:
        job_filter = filter_for("updated:<1h lation", statuses=statuses, ordering=ordering)
        with CaptureQueriesContext(connection) as queries:
            assert JobList(job_filter).page().rows or statuses
        [found] = plans(queries)
        assert indexes(found) <= {"job_by_updated", "job_by_status_updated"}
        assert indexes(found)


@pytest.mark.parametrize("statuses", SEARCHED, ids=str)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_walk_with_times_reads_one_step_of_their_range(
    many_jobs: None,
    ordering: str,
    statuses: tuple[StatusType, ...] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search_by_walking(monkeypatch)
    job_filter = filter_for("lation created:>1h updated:<70h", statuses=statuses, ordering=ordering)
    jobs = JobList(job_filter)
    for cursor in (None, jobs.page().next, jobs.last_page_cursor):
        with CaptureQueriesContext(connection) as queries:
            JobList(replace(job_filter, cursor=cursor)).page()
        [found] = plans(queries)
        assert_reads_one_step(found, range_count(statuses))
        assert not [node for node in found if "Filter" in node and "Index Name" in node]
