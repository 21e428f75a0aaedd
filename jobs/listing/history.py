"""The status history of a job: newest first in pages, and summed up.

A change that was undone, and its undo, are entries like any other, but count as if neither had happened: they last no
time, and the status before them lasts through them.
"""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from jobs.actors import username_sql
from jobs.listing.keyset import Batch, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.querysets import COUNT_CAP, Relation

# Ordered by id, not by time: ids are assigned under the job's row lock, so their order is the order of the changes.
HISTORY_ORDER = Ordering((SortColumn("entry.id", "id"),), descending=True)


Span = tuple[int, int]
"""The ids of an undone entry and of its undo: both, and all entries between them, have no effect."""


class Entry(NamedTuple):
    """A status from `timestamp` until `until`, which is None for the current status, and for one without effect.

    For an entry that undid another, `undoes` is the id of that entry and `undid` its status. `reason`, `source` and
    `occurred_at` are what its reporter says.
    """

    id: int
    status_type: str
    timestamp: datetime
    until: datetime | None
    undoes: int | None = None
    undid: str | None = None
    is_in_effect: bool = True
    reason: str | None = None
    source: str | None = None
    occurred_at: datetime | None = None
    operation_id: int | None = None
    actor: str | None = None
    """The name of the user."""


def history_page(job_id: int, paging: Paging, spans: Sequence[Span] = ()) -> Page[Entry]:
    """One query. Raises InvalidQuery if the cursor belongs to another history."""
    is_in_effect, params = in_effect("entry.id", spans)
    later_is_in_effect, later_params = in_effect("later.id", spans)

    def read(window: Window) -> Batch[Entry]:
        sql = f"""
            SELECT id, status_type, "timestamp", CASE WHEN {is_in_effect} THEN (
                SELECT later."timestamp" FROM job_status AS later
                WHERE later.job_id = entry.job_id AND later.id > entry.id AND {later_is_in_effect}
                ORDER BY later.id LIMIT 1
            ) END, undoes, (SELECT status_type FROM job_status AS undone WHERE undone.id = entry.undoes), {is_in_effect},
                reason, source, occurred_at, operation_id, {username_sql("entry.actor")}
            FROM job_status AS entry WHERE job_id = %s AND {window.beyond_key}
            ORDER BY {window.order_by} LIMIT {window.size}
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *later_params, *params, job_id, *window.key])
            return Batch([Entry._make(row) for row in cursor.fetchall()])

    return paging.paginate(read, HISTORY_ORDER, f"history {job_id}")


class Totals(NamedTuple):
    """The total time a job has spent in each status, the start of its current one, and the spans without effect.

    Lower bounds if the history is too long to be summed up.
    """

    by_status: dict[str, timedelta]
    since: datetime | None
    relation: Relation = "exact"
    spans: Sequence[Span] = ()
    redos: Set[int] = frozenset()
    """The ids of the entries that undid an undo, and so repeated what that had taken back."""


def history_totals(job_id: int, now: datetime) -> Totals:
    """One query over the newest COUNT_CAP entries, and a second one if there are undos; the current status counts until now."""
    rows = _read_totals(job_id, now, ())
    undos = sorted((undo for *_, found in rows for undo in found or ()), key=itemgetter(1))
    spans = _spans(undos)
    if spans:
        rows = _read_totals(job_id, now, spans)
    return Totals(
        {status: total for status, total, *_ in rows},
        max((since for *_, since, _, _ in rows), default=None),
        "at_least" if max((read for *_, read, _ in rows), default=0) > COUNT_CAP else "exact",
        spans,
        _redos(undos),
    )


def _read_totals(job_id: int, now: datetime, spans: Sequence[Span]) -> list[tuple[Any, ...]]:
    is_in_effect, params = in_effect("id", spans)
    sql = f"""
        SELECT status_type, sum(greatest(until - since, interval '0')), max(since), max(read),
            array_agg(ARRAY[undoes, id]) FILTER (WHERE undoes IS NOT NULL)
        FROM (
            SELECT id, undoes, status_type, "timestamp" AS since,
                lead("timestamp", 1, %s::timestamptz) OVER (ORDER BY id) AS until, read
            FROM (
                SELECT id, undoes, status_type, "timestamp", row_number() OVER (ORDER BY id DESC) AS read
                FROM job_status WHERE job_id = %s ORDER BY id DESC LIMIT {COUNT_CAP + 1}
            ) AS newest WHERE {is_in_effect}
        ) AS entry GROUP BY status_type
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, job_id, *params])
        return list(cursor.fetchall())


def _redos(undos: Iterable[Sequence[int]]) -> Set[int]:
    """Of undos of undos of … a change, every second one is a redo."""
    is_redo: dict[int, bool] = {}
    for undone, undo in undos:
        is_redo[undo] = not is_redo.get(undone, True)
    return {undo for undo, redoes in is_redo.items() if redoes}


def _spans(undos: Sequence[Sequence[int]]) -> list[Span]:
    """Newest first. An undo within the span of a newer one has itself been undone."""
    spans: list[Span] = []
    for undone, undo in reversed(undos):
        if not spans or undo < spans[-1][0]:
            spans.append((undone, undo))
    return spans


def in_effect(entry_id: str, spans: Sequence[Span]) -> tuple[str, list[str]]:
    """SQL and its parameters: the entry is in none of the spans, which are a multirange."""
    if not spans:
        return "TRUE", []
    ranges = ",".join(f"[{first},{last}]" for first, last in reversed(spans))
    return f"NOT {entry_id} <@ %s::int8multirange", [f"{{{ranges}}}"]
