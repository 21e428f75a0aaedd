import pytest

from jobs import querysets
from jobs.filters import JobFilter
from jobs.models import Job
from jobs.querysets import Count
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows, fill, make_job

pytestmark = pytest.mark.django_db


def numbers() -> dict[StatusType, int]:
    return Job.objects.counts().by_status


def test_an_empty_table_counts_nothing_in_every_status() -> None:
    assert numbers() == dict.fromkeys(StatusType, 0)


def test_creating_moving_and_deleting_are_counted() -> None:
    make_job(status=RUNNING)
    job = make_job()
    assert numbers() == {PENDING: 1, RUNNING: 1, COMPLETED: 0, FAILED: 0}
    job.record_status(FAILED)
    assert numbers() == {PENDING: 0, RUNNING: 1, COMPLETED: 0, FAILED: 1}
    job.delete()
    assert numbers() == {PENDING: 0, RUNNING: 1, COMPLETED: 0, FAILED: 0}


def test_statements_over_many_rows_are_counted() -> None:
    ids = fill(30)
    Job.objects.filter(pk__in=ids[:10]).delete()
    Job.objects.update(name="Renamed")
    assert numbers()[PENDING] == 20
    database_rows("UPDATE job SET current_status = 'FAILED'")
    assert (numbers()[PENDING], numbers()[FAILED]) == (0, 20)


def test_a_change_that_moves_nothing_leaves_no_delta() -> None:
    job = make_job(status=RUNNING)
    before = database_rows("SELECT count(*) FROM job_count_delta")
    job.record_status(RUNNING)
    Job.objects.rename(job.pk, "Renamed")
    assert database_rows("SELECT count(*) FROM job_count_delta") == before


def test_truncating_starts_at_zero() -> None:
    fill(5)
    database_rows("TRUNCATE job CASCADE")
    assert numbers() == dict.fromkeys(StatusType, 0)


def test_reading_compacts_when_many_changes_have_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "COMPACT_PAST", 5)
    for _ in range(4):
        make_job(status=RUNNING)
    before = numbers()
    assert database_rows("SELECT count(*) FROM job_count_delta") == [(0,)]
    assert numbers() == before == {PENDING: 0, RUNNING: 4, COMPLETED: 0, FAILED: 0}


def test_a_list_without_a_search_is_counted_exactly() -> None:
    fill(3)
    make_job(status=RUNNING)
    assert JobFilter().count() == Count(4, "exact")
    assert JobFilter(statuses=(PENDING,)).count() == Count(3, "exact")
    assert JobFilter(statuses=(RUNNING, FAILED)).count() == Count(1, "exact")


def test_a_search_is_counted_up_to_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "COUNT_CAP", 10)
    fill(10, name="Wing")
    assert JobFilter(search="wing").count() == Count(10, "exact")
    assert JobFilter(search="wing", statuses=(RUNNING,)).count() == Count(0, "exact")
    make_job("Another wing")
    assert JobFilter(search="wing").count() == Count(10, "at_least")
    assert JobFilter(search="wing").counts_by_status().relation == "at_least"


def test_a_long_history_is_counted_up_to_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "COUNT_CAP", 3)
    job = make_job(history=[RUNNING, FAILED])
    assert job.statuses.all().capped_count() == Count(3, "exact")
    job.record_status(RUNNING)
    assert job.statuses.all().capped_count() == Count(3, "at_least")


def test_a_lower_bound_is_never_below_what_is_seen() -> None:
    assert Count(5, "at_least").no_less_than(50) == Count(50, "at_least")
    assert Count(70, "at_least").no_less_than(50) == Count(70, "at_least")
    assert Count(5).no_less_than(50) == Count(5)
