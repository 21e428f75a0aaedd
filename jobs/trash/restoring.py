"""Restoring jobs from the trash, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from django.db import connection, transaction

from jobs.models import Job
from jobs.rows import JobRow

# Why a job was not restored; empty if it was.
Refusal = Literal["", "job_exists", "key_taken", "not_in_trash"]

RESTORE: Final = "SELECT job_id, outcome FROM job_restore(%s::bigint[])"
HOLDERS: Final = """
SELECT trashed_job.id, job.id FROM trashed_job JOIN job USING (key) WHERE trashed_job.id = ANY (%s::bigint[])
"""


class Restoration(NamedTuple):
    """The restored job, or the reason why it was not restored.

    `holder` is the job that has the key; None if it was deleted since.
    """

    job_id: int
    job: JobRow | None
    refusal: Refusal = ""
    holder: int | None = None


def restore_jobs(ids: Sequence[int]) -> list[Restoration]:
    """Moves the jobs with their histories out of the trash, with a new version each.

    Returns an outcome for each, in order; one that cannot be restored does not affect the others. Each id may appear only
    once.
    """
    # One transaction: otherwise the jobs could change before they are read.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESTORE, [list(ids)])
        outcomes = cursor.fetchall()
        jobs = Job.objects.rows([job_id for job_id, refusal in outcomes if not refusal])
        holders = {}
        if taken := [job_id for job_id, refusal in outcomes if refusal == "key_taken"]:
            cursor.execute(HOLDERS, [taken])
            holders = dict(cursor.fetchall())
    return [
        Restoration(job_id, jobs.get(job_id), refusal, holders.get(job_id))
        for job_id, refusal in outcomes
    ]
