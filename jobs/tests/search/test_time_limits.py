"""A strategy that exceeds its time limit is canceled, and the next one takes over."""

from dataclasses import replace

import pytest
from django.db import connection
from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.models import Job
from jobs.search import limits
from jobs.tests.factories import database_rows
from jobs.tests.strategies import JOBS
from jobs.timeouts import TimeLimitExceeded, timebox

pytestmark = pytest.mark.django_db
NEVER = 0.0


@pytest.mark.django_db(transaction=True)
def test_slow_statement_is_canceled_and_the_limit_is_reset() -> None:
    with pytest.raises(TimeLimitExceeded), timebox(0.05):
        database_rows("SELECT pg_sleep(30)")
    assert not connection.in_atomic_block
    assert database_rows("SHOW statement_timeout") in ([("0",)], [("3s",)])
    with timebox(5):
        assert database_rows("SHOW statement_timeout") == [("5s",)]


def test_limit_is_reset_within_a_transaction_too() -> None:
    before = database_rows("SHOW statement_timeout")
    with pytest.raises(TimeLimitExceeded), timebox(0.05):
        database_rows("SELECT pg_sleep(30)")
    with timebox(5):
        pass
    assert database_rows("SHOW statement_timeout") == before


@pytest.fixture
def sorting_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorting and counting always exceed their time limits."""

    def time_out(*args: object) -> None:
        raise TimeLimitExceeded

    for method in ("_sort", "_sort_and_count", "_count_matches"):
        monkeypatch.setattr(f"jobs.search.executor.Search.{method}", time_out)


@pytest.mark.usefixtures("sorting_times_out")
@pytest.mark.parametrize("ordering", ["-created_at", "updated_at", "name"])
@pytest.mark.parametrize("seconds", [0.0, 3600.0])
@pytest.mark.parametrize("sort_first_limit", [-1, 1_000_000])
def test_search_finds_all_matches_if_sorting_times_out(
    ordering: str, seconds: float, sort_first_limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_rows(JOBS)
    for name, value in {
        "SORT_FIRST_LIMIT": sort_first_limit,
        "FIRST_STEP_ROWS": 30,
        "STEP_ROWS": 70,
        "WALK_SECONDS": seconds,
        "WALK_SECONDS_AFTER_SORT": seconds,
    }.items():
        monkeypatch.setattr(limits, name, value)
    job_filter = JobFilter.parse(QueryDict(f"search=legacy&ordering={ordering}&page_size=20"))
    seen, page = [], JobList(job_filter).page()
    while True:
        seen += [row.id for row in page.rows]
        if page.next is None:
            break
        page = JobList(replace(job_filter, cursor=page.next)).page()
    column = ordering.lstrip("-")
    expected = Job.objects.filter(name__icontains="legacy").values_list("id", flat=True)
    assert sorted(seen) == sorted(expected)
    assert len(seen) == len(set(seen)), column


@pytest.mark.usefixtures("sorting_times_out")
def test_count_that_times_out_is_a_lower_bound() -> None:
    database_rows(JOBS)
    jobs = JobList(JobFilter.parse(QueryDict("search=legacy")))
    jobs.page()
    count = jobs.count()
    assert count.value <= 50
    assert count.relation in {"exact", "at_least"}


def test_page_and_count_of_few_matches_take_one_pass() -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    jobs = JobList(JobFilter.parse(QueryDict("search=legacy&status=FAILED&page_size=5")))
    page = jobs.page()
    assert len(page.rows) == 5
    counts = jobs.search.count_hints.counts
    assert counts
    assert jobs.counts_by_status() == counts
    numbers = dict(
        database_rows(
            "SELECT current_status, count(*) FROM job WHERE name LIKE '%Legacy%' GROUP BY 1"
        )
    )
    assert {status.value: number for status, number in counts.by_status.items()} == numbers
