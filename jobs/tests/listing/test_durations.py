"""How long the jobs of a page wait, run or ran: one query, however long their histories are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.listing.durations import Phase, read_durations
from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, make_job, rewrite_history

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
