"""How long the jobs of a page wait, run or ran: one query, however long their histories are."""

from itertools import product
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.changes.bulk_undo import Undo, undo_statuses
from jobs.changes.undo import undo_status
from jobs.listing import durations
from jobs.listing.durations import Phase, effective_entries_sql, read_durations
from jobs.listing.history import history_page, history_totals
from jobs.listing.paging import Paging
from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.factories import (
    COMPLETED,
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    make_job,
    rewrite_history,
)

pytestmark = pytest.mark.django_db


def aged(ages: list[str], *steps: StatusType) -> Job:
    """A job whose history has these steps after its first status, at these ages."""
    job = make_job(history=list(steps))
    for entry, age in zip(job.statuses.order_by("id"), ages, strict=True):
        rewrite_history(
            "UPDATE job_status SET timestamp = now() - %s::interval WHERE id = %s", [age, entry.pk]
        )
    return job


@pytest.mark.parametrize(
    ("ages", "steps", "phase", "minutes"),
    [
        (["3 min"], [], Phase.WAITING, 3),
        (["9 min", "5 min"], [RUNNING], Phase.RUNNING, 5),
        (["9 h", "50 min", "9 min"], [RUNNING, COMPLETED], Phase.RAN, 41),
        (["9 h", "50 min", "9 min"], [RUNNING, FAILED], Phase.RAN, 41),
        # Only the latest run, and only since the latest change
        (["9 h", "8 h", "7 h", "30 min", "10 min"], [RUNNING, FAILED, RUNNING, FAILED], Phase.RAN, 20),
        (["9 h", "8 h", "7 h", "4 min"], [RUNNING, FAILED, PENDING], Phase.WAITING, 4),
    ],
)  # fmt: skip
def test_duration_of_each_phase(
    ages: list[str], steps: list[StatusType], phase: Phase, minutes: int
) -> None:
    job = aged(ages, *steps)
    found = read_durations([job.id])[job.id]
    assert (found.status, found.phase) == (job.current_status, phase)
    # The clock of the statement runs on from that of the transaction.
    assert found.seconds == pytest.approx(60 * minutes, abs=30)
    newest = job.statuses.latest("id").timestamp
    assert found.since == newest.isoformat(timespec="microseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    "steps", [[COMPLETED], [RUNNING, COMPLETED, FAILED], [RUNNING, PENDING, FAILED]]
)
def test_finished_job_that_did_not_run_just_before_has_none(steps: list[StatusType]) -> None:
    assert read_durations([make_job(history=steps).id]) == {}


def test_deleted_jobs_have_none_and_no_jobs_need_no_query() -> None:
    job = make_job()
    job_id = job.id
    job.delete()
    assert read_durations([job_id]) == {}
    with CaptureQueriesContext(connection) as queries:
        assert read_durations([]) == {}
    assert len(queries) == 0


UNDO = "undo"
Step = StatusType | str


def changed(*steps: Step) -> Job:
    """A job with these changes and undos of the newest entry, whose entries are an hour apart; the last one is an hour old."""
    job = make_job()
    for step in steps:
        if isinstance(step, StatusType):
            job.record_status(step)
        else:
            undo_status(job.pk, job.updated_at)
            job.refresh_from_db()
    rewrite_history(
        "UPDATE job_status SET timestamp = now() - newer.n * interval '1 hour' FROM ("
        "SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM job_status WHERE job_id = %s"
        ") AS newer WHERE newer.id = job_status.id",
        [job.pk],
    )
    return job


@pytest.mark.parametrize(
    ("steps", "phase", "hours"),
    [
        ([RUNNING, UNDO], Phase.WAITING, 3),
        ([RUNNING, UNDO, UNDO], Phase.RUNNING, 3),
        ([RUNNING, UNDO, UNDO, UNDO], Phase.WAITING, 5),
        ([RUNNING, COMPLETED, UNDO], Phase.RUNNING, 3),
        ([RUNNING, COMPLETED, UNDO, FAILED], Phase.RAN, 3),
        ([RUNNING, FAILED, UNDO, UNDO], Phase.RAN, 1),
        ([RUNNING, PENDING, UNDO, PENDING, UNDO, COMPLETED], Phase.RAN, 5),
        ([FAILED, UNDO, RUNNING, UNDO], Phase.WAITING, 5),
        # Done again by setting the status, which is a new change
        ([RUNNING, UNDO, RUNNING], Phase.RUNNING, 1),
    ],
)
def test_an_undone_change_and_its_undo_count_as_if_neither_had_happened(
    steps: list[Step], phase: Phase, hours: int
) -> None:
    job = changed(*steps)
    found = read_durations([job.pk])[job.pk]
    assert (found.status, found.phase) == (job.current_status, phase)
    assert found.seconds == pytest.approx(3600 * hours, abs=30)


def test_a_change_below_others_is_undone_too() -> None:
    job = make_job(history=[RUNNING])
    ran = job.updated_at
    job.record_status(FAILED)
    undo_statuses([Undo(job.pk, job.updated_at)])
    job.refresh_from_db()
    assert read_durations([job.pk])[job.pk].phase is Phase.RUNNING
    undo_statuses([Undo(job.pk, job.updated_at, ran)])
    found = read_durations([job.pk])[job.pk]
    created = job.statuses.earliest("id").timestamp
    assert found.phase is Phase.WAITING
    assert found.since == created.isoformat(timespec="microseconds").replace("+00:00", "Z")


def test_a_change_that_only_undo_reaches_is_left_out_of_the_run_before_it() -> None:
    assert read_durations([changed(FAILED, UNDO, FAILED).pk]) == {}


def test_undo_after_undo_is_followed_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    job = changed(RUNNING, *[UNDO] * 8)
    assert read_durations([job.pk])[job.pk].seconds == pytest.approx(9 * 3600, abs=30)
    monkeypatch.setattr(durations, "MAX_HOPS", 3)
    assert read_durations([job.pk]) == {}


def test_rows_and_the_jobs_page_agree_on_any_history() -> None:
    random = Random(5)  # no secrets
    for _ in range(40):
        steps = random.choices([*StatusType, UNDO, UNDO], k=random.randint(0, 8))
        job = changed(random.choice([*StatusType]), *steps)
        now = history_page(job.pk, Paging()).rows[0].timestamp
        totals = history_totals(job.pk, now)
        shown = history_page(job.pk, Paging(), totals.spans).rows
        entries = [entry for entry in shown if entry.is_in_effect]
        [(statuses, times)] = database_rows(
            f"SELECT statuses, times FROM {effective_entries_sql(str(job.pk), 20)} AS effective"
        )
        assert [entry.status_type for entry in entries] == statuses
        assert [entry.timestamp for entry in entries] == times
        assert [entry.until for entry in entries] == [None, *times[:-1]]
        assert statuses[0] == job.current_status
        assert totals.since == times[0]
        assert sum(totals.by_status.values(), now - now) == now - times[-1]


def test_undos_need_one_query_more() -> None:
    ids = [changed(*steps).pk for steps in product([RUNNING], [UNDO, COMPLETED])]
    with CaptureQueriesContext(connection) as queries:
        assert len(read_durations(ids)) == 2
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        read_durations(ids[1:])
    assert len(queries) == 1
