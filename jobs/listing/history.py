"""The status history of a job: newest first in pages, and summed up."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from jobs.listing.keyset import Batch, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.querysets import COUNT_CAP, Relation

# Ordered by id, not by time: ids are assigned under the job's row lock, so their order is the order of the changes.
HISTORY_ORDER = Ordering((SortColumn("entry.id", "id"),), descending=True)


class Entry(NamedTuple):
    """A status from `timestamp` until `until`, which is None for the current status.

    For an entry that undid another, `undoes` is the id of that entry and `undid` its status.
    """

    id: int
    status_type: str
    timestamp: datetime
    until: datetime | None
    undoes: int | None = None
    undid: str | None = None


def history_page(job_id: int, paging: Paging) -> Page[Entry]:
    """One query. Raises InvalidQuery if the cursor belongs to another history."""

    def read(window: Window) -> Batch[Entry]:
        sql = f"""
            SELECT id, status_type, "timestamp", (
                SELECT later."timestamp" FROM job_status AS later
                WHERE later.job_id = entry.job_id AND later.id > entry.id ORDER BY later.id LIMIT 1
            ), undoes, (SELECT status_type FROM job_status AS undone WHERE undone.id = entry.undoes)
            FROM job_status AS entry WHERE job_id = %s AND {window.beyond_key}
            ORDER BY {window.order_by} LIMIT {window.size}
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [job_id, *window.key])
            return Batch([Entry._make(row) for row in cursor.fetchall()])

    return paging.paginate(read, HISTORY_ORDER, f"history {job_id}")


class Totals(NamedTuple):
    """The total time a job has spent in each status, and the start of its current one.

    Lower bounds if the history is too long to be summed up.
    """

    by_status: dict[str, timedelta]
    since: datetime | None
    relation: Relation = "exact"


def history_totals(job_id: int, now: datetime) -> Totals:
    """One query over the newest COUNT_CAP entries; the current status counts until now."""
    sql = f"""
        SELECT status_type, sum(greatest(until - since, interval '0')), max(since), count(*) FROM (
            SELECT status_type, "timestamp" AS since,
                lead("timestamp", 1, %s::timestamptz) OVER (ORDER BY id) AS until
            FROM (
                SELECT id, status_type, "timestamp" FROM job_status
                WHERE job_id = %s ORDER BY id DESC LIMIT {COUNT_CAP + 1}
            ) AS newest
        ) AS entry GROUP BY status_type
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, job_id])
        rows = cursor.fetchall()
    return Totals(
        {status: total for status, total, *_ in rows},
        max((since for *_, since, _ in rows), default=None),
        "at_least" if sum(number for *_, number in rows) > COUNT_CAP else "exact",
    )
