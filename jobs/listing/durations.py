"""How long jobs have been waiting or running, or how long they ran, from the newest entries of their histories.

A change that was undone, and its undo, count as if neither had happened. What a row shows and what the search language
compares are the same SQL expressions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.rows import utc_text_sql
from jobs.statuses import StatusType

MAX_HOPS: Final = 500
"""A job without an effective entry among this many that lead from undo to undo has no duration."""
SHOWN_REASON: Final = 200
"""A row shows one line, which is shorter."""
PENDING, RUNNING = (f"'{status}'" for status in (StatusType.PENDING, StatusType.RUNNING))
IS_FINISHED: Final = "statuses[1] IN ({})".format(
    ", ".join(f"'{status}'" for status in StatusType if status.is_finished)
)


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


def newest_entries_sql(job_id: str, number: int, with_reasons: bool = False) -> str:
    """A subquery for LATERAL: one row with `statuses` and `times`, the newest entries of the job's history, at most
    `number`, newest first, and whether one of them is an undo. If none is, all of them are in effect. With their `reasons`
    if wanted.
    """
    reasons = ", array_agg(reason ORDER BY id DESC) AS reasons" if with_reasons else ""
    return f"""(
        SELECT array_agg(status_type ORDER BY id DESC) AS statuses, array_agg("timestamp" ORDER BY id DESC) AS times, bool_or(undoes IS NOT NULL) AS undone{reasons}
        FROM ({_entries_sql(job_id)} LIMIT {number}) AS entry
    )"""


def effective_entries_sql(job_id: str, number: int, with_reasons: bool = False) -> str:
    """The same, but only of entries in effect. It takes twice as long to plan.

    The entry before one in effect is the one before it in the history; an undo leads to the one before the entry that
    it undid. So an undo that was undone has no effect either, and what it undid is in effect again.
    """
    newest, effective = ("", "")
    if with_reasons:
        newest, effective = ", reasons", ", array_agg(reason ORDER BY hops)"
    return f"""(
        WITH newest AS MATERIALIZED {newest_entries_sql(job_id, number, with_reasons)}
        SELECT statuses, times, undone{newest} FROM newest WHERE NOT undone
        UNION ALL
        (
            WITH RECURSIVE line AS (
                SELECT entry.*, 1 AS place, 1 AS hops
                FROM newest CROSS JOIN LATERAL ({_entries_sql(job_id)} LIMIT 1) AS entry WHERE undone
                UNION ALL
                SELECT entry.*, place + (line.undoes IS NULL)::int, hops + 1
                FROM line CROSS JOIN LATERAL (
                    {_entries_sql(job_id, "id < coalesce(line.undoes, line.id)")} LIMIT 1
                ) AS entry
                WHERE place + (line.undoes IS NULL)::int <= {number} AND hops < {MAX_HOPS}
            )
            SELECT array_agg(status_type ORDER BY hops), array_agg("timestamp" ORDER BY hops), TRUE{effective} FROM line WHERE undoes IS NULL HAVING count(*) > 0
        )
    )"""


def _entries_sql(job_id: str, condition: str = "TRUE") -> str:
    return f"""SELECT id, status_type, "timestamp", undoes, reason FROM job_status
        WHERE job_id = {job_id} AND {condition} ORDER BY id DESC"""


def shown_sql(now: str) -> str:
    """The time that a row shows, as an interval; NULL if there is none. It needs two effective entries."""
    return f"""CASE
        WHEN NOT {IS_FINISHED} THEN greatest({now} - times[1], interval '0')
        WHEN statuses[2] = {RUNNING} THEN times[1] - times[2]
    END"""


def duration_sql(now: str) -> str:
    """How long the job has been running, or how long it ran before it finished. It needs two effective entries."""
    return f"CASE WHEN statuses[1] <> {PENDING} THEN {shown_sql(now)} END"


def wait_sql(now: str) -> str:
    """How long the job has been waiting, or how long it waited right before that run. It needs three effective entries."""
    return f"""CASE
        WHEN statuses[1] = {PENDING} THEN {shown_sql(now)}
        WHEN statuses[1] = {RUNNING} AND statuses[2] = {PENDING} THEN times[1] - times[2]
        WHEN {IS_FINISHED} AND statuses[2] = {RUNNING} AND statuses[3] = {PENDING} THEN times[2] - times[3]
    END"""


class Details(NamedTuple):
    """What a row shows of a job's history, by the job's id: its duration, and why it has failed."""

    durations: Mapping[int, Duration]
    reasons: Mapping[int, str]


NO_DETAILS: Final = Details({}, {})


def read_durations(ids: Sequence[int]) -> Mapping[int, Duration]:
    """The durations of these jobs, without those of deleted jobs and of finished ones that did not run."""
    return read_details(ids).durations


def read_details(ids: Sequence[int], longest: int = SHOWN_REASON) -> Details:
    """The durations of these jobs and, up to this length, the reasons of the failed ones that have one.

    One query for the two newest entries of each job, however long the history is, and another one for jobs with an undo
    among them.
    """
    if not ids:
        return NO_DETAILS
    rows = _read(ids, newest_entries_sql("shown.id", 2, with_reasons=True), longest)
    if undone := [job_id for job_id, *_, is_undone in rows if is_undone]:
        rows = [row for row in rows if not row[-1]]
        rows += _read(undone, effective_entries_sql("shown.id", 2, with_reasons=True), longest)
    durations = {
        job_id: Duration(status, PHASES.get(status, Phase.RAN), seconds, since)
        for job_id, status, since, seconds, *_ in rows
        if seconds is not None
    }
    return Details(durations, {job_id: reason for job_id, *_, reason, _ in rows if reason})


def _read(ids: Sequence[int], entries_sql: str, longest: int) -> list[tuple[Any, ...]]:
    sql = f"""
        SELECT shown.id, statuses[1], {utc_text_sql("times[1]")},
            extract(epoch FROM {shown_sql("statement_timestamp()")})::float8,
            CASE WHEN statuses[1] = '{StatusType.FAILED}' THEN left(reasons[1], {longest}) END, undone
        FROM unnest(%s::bigint[]) AS shown (id) CROSS JOIN LATERAL {entries_sql} AS entries
    """
    with connection.cursor() as cursor:
        # An array literal: adapting a list would check each number for quotes.
        cursor.execute(sql, [f"{{{','.join(map(str, ids))}}}"])
        return list(cursor.fetchall())
