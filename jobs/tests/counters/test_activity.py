"""The counters of status changes: what they count, and how they are compacted."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs.activity import EPOCH, RANGES, Bucket, read_buckets
from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.conftest import Run
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows, fill, make_job

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 13, 0, 30, tzinfo=UTC)
COPY = 'COPY job_status (job_id, status_type, "timestamp") FROM STDIN'


def changes(wanted: str = "week", now: datetime | None = None) -> dict[StatusType, int]:
    """The total per status in the range."""
    buckets = read_buckets(RANGES[wanted], now or timezone.now())
    sums = {status: sum(b.by_status.get(status, 0) for b in buckets) for status in StatusType}
    return {status: n for status, n in sums.items() if n}


def delta_rows() -> int:
    number: int = database_rows("SELECT count(*) FROM job_activity")[0][0]
    return number


def add_delta_rows(number: int, ago: str = "1 minute", status: StatusType = PENDING) -> None:
    database_rows(
        f"INSERT INTO job_activity SELECT now() - interval '{ago}', '{status}', 1"
        f" FROM generate_series(1, {number})"
    )


def put(moment: datetime, n: int = 1, status: StatusType = FAILED) -> None:
    database_rows(f"INSERT INTO job_activity VALUES ('{moment.isoformat()}', '{status}', {n})")


def filled(wanted: str, now: datetime) -> list[tuple[int, Bucket]]:
    buckets = read_buckets(RANGES[wanted], now)
    return [(place, bucket) for place, bucket in enumerate(buckets) if bucket.total]


def test_creating_and_changing_are_counted_and_deleting_does_not_decrease_them() -> None:
    job = make_job()
    job.record_status(RUNNING)
    job.record_status(RUNNING)
    Job.objects.edit(job.pk, name="Renamed")
    job.delete()
    assert changes() == {PENDING: 1, RUNNING: 2}


def test_one_statement_over_many_jobs_appends_one_delta_row() -> None:
    fill(500)
    assert delta_rows() == 1
    assert changes("hour") == {PENDING: 500}


def test_copy_counts_only_the_last_eight_days() -> None:
    job = make_job()
    now = timezone.now()
    ages = [timedelta(days=7, hours=23), timedelta(days=8, minutes=1), timedelta(days=400)]
    with connection.cursor() as cursor, cursor.copy(COPY) as rows:
        for age in ages:
            rows.write_row((job.pk, "FAILED", now - age))
    assert database_rows("SELECT status, n FROM job_activity ORDER BY 1") == [
        ("FAILED", 1),
        ("PENDING", 1),
    ]


def test_a_rolled_back_change_is_not_counted() -> None:
    with transaction.atomic():
        make_job(status=FAILED)
        transaction.set_rollback(True)
    assert changes() == {}


def test_truncate_resets_the_activity() -> None:
    make_job()
    database_rows("TRUNCATE job CASCADE")
    assert changes() == {}


@pytest.mark.parametrize("wanted", RANGES)
def test_all_buckets_are_present_in_order_and_complete(wanted: str) -> None:
    width, number = RANGES[wanted].width, RANGES[wanted].count
    buckets = read_buckets(RANGES[wanted], NOW)
    assert len(buckets) == number
    assert all(bucket.total == 0 for bucket in buckets)
    assert all(b.end == a.start + 2 * width for a, b in pairwise(buckets))
    assert buckets[-1].start <= NOW < buckets[-1].end
    assert (buckets[0].start - EPOCH) % width == timedelta(0)


def test_a_bucket_includes_its_start_and_excludes_its_end() -> None:
    new_hour = NOW.replace(second=0)
    put(new_hour - timedelta(microseconds=1))
    put(new_hour, 5)
    last, newest = filled("hour", NOW)
    assert (last[0], last[1].total) == (58, 1)
    assert (newest[0], newest[1].total, newest[1].start) == (59, 5, new_hour)


@pytest.mark.parametrize(
    ("wanted", "first"),
    [("hour", "12:01"), ("day", "13:15"), ("week", "14:00")],
)
def test_a_range_starts_with_its_oldest_bucket(wanted: str, first: str) -> None:
    oldest = read_buckets(RANGES[wanted], NOW)[0]
    assert f"{oldest.start:%H:%M}" == first
    put(oldest.start)
    put(oldest.start - timedelta(seconds=1), 100)
    put(read_buckets(RANGES[wanted], NOW)[-1].end, 100)
    [(place, bucket)] = filled(wanted, NOW)
    assert (place, bucket.total) == (0, 1)


def test_compaction_keeps_one_row_per_minute_and_status() -> None:
    add_delta_rows(300)
    add_delta_rows(200, status=FAILED)
    add_delta_rows(100, ago="3 minutes")
    before = changes("hour")
    assert database_rows("SELECT job_activity_fold()") == [(600,)]
    assert delta_rows() == 3
    assert changes("hour") == before
    assert database_rows("SELECT job_activity_fold()") == [(0,)]


def test_compaction_merges_old_rows_by_quarter_of_an_hour() -> None:
    now = timezone.now()
    quarter = now - timedelta(hours=5) - (now - EPOCH) % timedelta(minutes=15)
    for minute in range(15):
        put(quarter + timedelta(minutes=minute))
    before = filled("day", now)
    database_rows("SELECT job_activity_fold()")
    assert database_rows("SELECT minute, n FROM job_activity") == [(quarter, 15)]
    assert filled("day", now) == before


def test_compaction_drops_rows_older_than_eight_days() -> None:
    add_delta_rows(3, ago="8 days 20 minutes")
    add_delta_rows(1, ago="7 days 23 hours")
    database_rows("SELECT job_activity_fold()")
    assert database_rows("SELECT n FROM job_activity") == [(1,)]


def test_compaction_respects_its_limit() -> None:
    add_delta_rows(6_000)
    assert database_rows("SELECT job_activity_fold(10)") == [(10,)]
    assert database_rows("SELECT job_activity_fold()") == [(5_000,)]
    assert delta_rows() == 992
    assert changes("hour") == {PENDING: 6_000}


def test_reading_compacts_many_delta_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.activity.COMPACT_ACTIVITY_ABOVE", 20)
    add_delta_rows(20)
    changes("hour")
    assert delta_rows() == 20
    add_delta_rows(1)
    changes("hour")
    assert delta_rows() == 1


def test_writers_compact() -> None:
    job = make_job()
    database_rows(
        f"""
        DO $$ BEGIN
            PERFORM setseed(0);
            FOR number IN 1..5000 LOOP
                INSERT INTO job_status (job_id, status_type, "timestamp")
                VALUES ({job.pk}, 'RUNNING', now());
            END LOOP;
        END $$
        """
    )
    # One statement in 200 compacts, at random.
    assert delta_rows() < 2_500
    assert changes("hour")[RUNNING] == 5_000


@pytest.mark.django_db(transaction=True)
def test_writers_and_concurrent_compactions_lose_nothing(at_once: Run) -> None:
    jobs = [make_job().pk for _ in range(4)]
    writing = list(range(8))

    def write(writer: int) -> None:
        try:
            for number in range(40):
                Job.objects.record_status(jobs[(writer + number) % 4], COMPLETED)
        finally:
            writing.remove(writer)

    def compact() -> int:
        compacted, more = 0, True
        while more:
            more = bool(writing)  # and once more when all is written
            compacted += database_rows("SELECT job_activity_fold(50)")[0][0]
        return compacted

    *_, first, second = at_once(*(partial(write, writer) for writer in range(8)), compact, compact)
    assert first + second > 0
    assert changes() == {PENDING: 4, COMPLETED: 320}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_on_an_older_snapshot_never_compacts(level: str, at_once: Run) -> None:
    add_delta_rows(20)
    with transaction.atomic():
        database_rows(f"SET TRANSACTION ISOLATION LEVEL {level}")
        assert changes() == {PENDING: 20}
        at_once(lambda: database_rows("SELECT job_activity_fold()"))
        assert database_rows("SELECT job_activity_fold()") == [(0,)]
        make_job()
    assert changes() == {PENDING: 21}
    database_rows("TRUNCATE job_activity")


@pytest.mark.django_db(transaction=True)
def test_compaction_in_a_long_transaction_blocks_nothing(at_once: Run) -> None:
    add_delta_rows(20)
    with transaction.atomic():
        database_rows("SELECT job_activity_fold()")
        assert at_once(lambda: database_rows("SELECT job_activity_fold()")) == [[(0,)]]
        at_once(make_job)
    assert changes() == {PENDING: 21}
    database_rows("TRUNCATE job_activity")
