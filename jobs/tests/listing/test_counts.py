from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test import Client

from jobs import querysets
from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.keyset import Page
from jobs.models import Job
from jobs.querysets import Count, StatusCounts
from jobs.rows import JobRow
from jobs.search import executor
from jobs.search.query import name_query
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows, fill, make_job

pytestmark = pytest.mark.django_db

NONE = dict.fromkeys(StatusType, 0)
COPY = "COPY job (name, current_status, created_at, updated_at) FROM STDIN"


def numbers() -> dict[StatusType, int]:
    return Job.objects.counts().by_status


def delta_rows() -> int:
    number: int = database_rows("SELECT count(*) FROM job_count")[0][0]
    return number


def add_delta_rows(number: int) -> None:
    """Adds `number` delta rows, each for one pending job that does not exist."""
    database_rows(f"INSERT INTO job_count SELECT 'PENDING', 1 FROM generate_series(1, {number})")


def test_an_empty_table_counts_zero_for_every_status() -> None:
    assert numbers() == NONE


def test_creating_changing_and_deleting_are_counted() -> None:
    make_job(status=RUNNING)
    job = make_job()
    assert numbers() == NONE | {PENDING: 1, RUNNING: 1}
    job.record_status(FAILED)
    assert numbers() == NONE | {RUNNING: 1, FAILED: 1}
    job.delete()
    assert numbers() == NONE | {RUNNING: 1}


def test_statements_that_change_many_rows_are_counted() -> None:
    ids = fill(30)
    Job.objects.filter(pk__in=ids[:10]).delete()
    Job.objects.update(name="Renamed")
    assert numbers()[PENDING] == 20
    database_rows("UPDATE job SET current_status = 'FAILED'")
    assert (numbers()[PENDING], numbers()[FAILED]) == (0, 20)


def test_a_change_without_a_new_status_appends_no_delta_row() -> None:
    job = make_job(status=RUNNING)
    before = delta_rows()
    job.record_status(RUNNING)
    Job.objects.edit(job.pk, name="Renamed")
    assert delta_rows() == before


def test_copy_is_counted() -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as rows:
        for status in (PENDING, FAILED, FAILED):
            rows.write_row(("Copied", status, "2026-01-01Z", "2026-01-01Z"))
    assert numbers() == NONE | {PENDING: 1, FAILED: 2}


def test_truncate_resets_the_counts() -> None:
    fill(5)
    database_rows("TRUNCATE job CASCADE")
    assert numbers() == NONE
    make_job()
    assert numbers()[PENDING] == 1


def test_reading_compacts_when_delta_rows_have_accumulated() -> None:
    add_delta_rows(querysets.COMPACT_COUNTS_ABOVE + 1)
    before = numbers()
    assert delta_rows() == 1
    assert numbers() == before == NONE | {PENDING: 1_001}


def test_reading_does_not_compact_few_delta_rows() -> None:
    add_delta_rows(querysets.COMPACT_COUNTS_ABOVE)
    numbers()
    assert delta_rows() == querysets.COMPACT_COUNTS_ABOVE


def test_compaction_respects_its_limit() -> None:
    add_delta_rows(6_000)
    assert database_rows("SELECT job_count_fold(10)") == [(10,)]
    assert delta_rows() == 5_991
    assert database_rows("SELECT job_count_fold()") == [(5_000,)]
    assert delta_rows() == 992
    assert numbers()[PENDING] == 6_000


def test_compaction_drops_rows_that_sum_to_zero() -> None:
    database_rows("INSERT INTO job_count VALUES ('FAILED', 1), ('FAILED', -1)")
    database_rows("SELECT job_count_fold()")
    assert delta_rows() == 0


def test_a_rolled_back_compaction_changes_nothing() -> None:
    add_delta_rows(20)
    with transaction.atomic():
        database_rows("SELECT job_count_fold()")
        assert delta_rows() == 1
        transaction.set_rollback(True)
    assert delta_rows() == 20
    assert numbers()[PENDING] == 20


def test_reading_in_a_read_only_transaction_does_not_compact() -> None:
    add_delta_rows(querysets.COMPACT_COUNTS_ABOVE + 1)
    with transaction.atomic():
        database_rows("SET TRANSACTION READ ONLY")
        assert numbers()[PENDING] == querysets.COMPACT_COUNTS_ABOVE + 1


def test_writers_compact() -> None:
    database_rows(
        """
        DO $$ BEGIN
            PERFORM setseed(0);
            FOR number IN 1..5000 LOOP
                INSERT INTO job (name, current_status, created_at, updated_at)
                VALUES ('Sweep', 'PENDING', now(), now());
            END LOOP;
        END $$
        """
    )
    # One statement in 200 compacts, at random.
    assert delta_rows() < 2_500
    assert numbers()[PENDING] == 5_000


def test_a_list_without_a_search_has_an_exact_count() -> None:
    fill(3)
    make_job(status=RUNNING)
    assert JobList(JobFilter()).count() == Count(4, "exact")
    assert JobList(JobFilter(statuses=(PENDING,))).count() == Count(3, "exact")
    assert JobList(JobFilter(statuses=(RUNNING, FAILED))).count() == Count(1, "exact")


def test_a_search_is_counted_up_to_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "COUNT_CAP", 10)
    monkeypatch.setattr(executor, "COUNT_CAP", 10)
    fill(10, name="Wing")
    assert JobList(JobFilter(q=name_query("wing"))).count() == Count(10, "exact")
    assert JobList(JobFilter(q=name_query("wing"), statuses=(RUNNING,))).count() == Count(
        0, "exact"
    )
    make_job("Another wing")
    assert JobList(JobFilter(q=name_query("wing"))).count() == Count(10, "at_least")
    assert JobList(JobFilter(q=name_query("wing"))).counts_by_status().relation == "at_least"


def test_a_long_history_is_counted_up_to_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "COUNT_CAP", 3)
    job = make_job(history=[RUNNING, FAILED])
    assert job.statuses.all().capped_count() == Count(3, "exact")
    job.record_status(RUNNING)
    assert job.statuses.all().capped_count() == Count(3, "at_least")


def test_a_lower_bound_is_at_least_the_rows_seen() -> None:
    assert Count(5, "at_least").at_least(50) == Count(50, "at_least")
    assert Count(70, "at_least").at_least(50) == Count(70, "at_least")
    assert Count(5).at_least(50) == Count(5)


def test_no_status_counts_nothing_and_none_counts_all() -> None:
    counts = StatusCounts({PENDING: 1, RUNNING: 2, COMPLETED: 3, FAILED: 4})
    assert counts.total(()) == Count(0)
    assert counts.total() == counts.total(None) == Count(10)


def test_the_count_of_a_single_page_is_exact(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(querysets, "COUNT_CAP", 3)
    monkeypatch.setattr(executor, "COUNT_CAP", 3)
    fill(4, name="Wing")
    whole = JobList(JobFilter(q=name_query("wing")))
    assert whole.count().relation == "at_least"
    assert whole.count_for_page(whole.page()) == Count(4)
    first = JobList(JobFilter(q=name_query("wing"), page_size=3))
    assert first.count_for_page(first.page()).relation == "at_least"
    last = JobList(replace(first.job_filter, cursor=first.page().next))
    assert last.count_for_page(last.page()).relation == "at_least"
    answer = client.get("/api/jobs/?q=wing").json()
    assert (answer["count"], answer["count_relation"]) == (4, "exact")
    assert "4 jobs" in client.get("/?q=wing").context["page"].announcement


def test_a_stopped_search_is_not_complete() -> None:
    stopped: Page[JobRow] = Page([], None, None, scanned=7)
    assert not stopped.is_whole
