"""How long jobs have been waiting or running, or how long they ran, from the newest entries of their histories."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from django.db import connection

from jobs.rows import utc_text_sql
from jobs.statuses import StatusType

FINISHED: Final = tuple(status.value for status in StatusType if status.is_finished)


class Phase(StrEnum):
    """What a duration measures."""

    WAITING = "waiting"
    RUNNING = "running"
    RAN = "ran"


PHASES: Final = {StatusType.PENDING: Phase.WAITING, StatusType.RUNNING: Phase.RUNNING}


class Duration(NamedTuple):
    """The time in the current status of an unfinished job; of a finished one, the run that ended with its status.

    `since` is the start of the current status, as the API sends times. `status` is the one that the duration belongs
    to: a row that was read before a change has another one.
    """

    status: StatusType
    phase: Phase
    seconds: float
    since: str


def read_durations(ids: Sequence[int]) -> dict[int, Duration]:
    """The durations of these jobs, without those of deleted jobs and of finished ones that did not run. One query.

    It reads the newest entry of each job, and the one before it if the job is finished, however long the history is.
    """
    if not ids:
        return {}
    sql = f"""
        SELECT shown.id, newest.status_type, {utc_text_sql('newest."timestamp"')}, previous.status_type,
            extract(epoch FROM statement_timestamp() - newest."timestamp")::float8,
            extract(epoch FROM newest."timestamp" - previous."timestamp")::float8
        FROM unnest(%s::bigint[]) AS shown (id)
        CROSS JOIN LATERAL (
            SELECT id, status_type, "timestamp" FROM job_status
            WHERE job_id = shown.id ORDER BY id DESC LIMIT 1
        ) AS newest
        LEFT JOIN LATERAL (
            SELECT status_type, "timestamp" FROM job_status
            WHERE job_id = shown.id AND id < newest.id AND newest.status_type = ANY(%s)
            ORDER BY id DESC LIMIT 1
        ) AS previous ON TRUE
    """
    with connection.cursor() as cursor:
        # An array literal: adapting a list would check each number for quotes.
        cursor.execute(sql, [f"{{{','.join(map(str, ids))}}}", f"{{{','.join(FINISHED)}}}"])
        rows = cursor.fetchall()
    found = {}
    for job_id, status, since, previous, lasted, ran in rows:
        phase = PHASES.get(status)
        if phase is not None:
            found[job_id] = Duration(status, phase, lasted, since)
        elif previous == StatusType.RUNNING:
            found[job_id] = Duration(status, Phase.RAN, ran, since)
    return found
