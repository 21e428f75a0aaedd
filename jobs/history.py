"""One job's status history: newest first, page by page, for both doors; and summed up."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from jobs.keyset import Column, Found, Ordering, Page, Stretch
from jobs.paging import Paging
from jobs.querysets import COUNT_CAP, Relation

# The id, not the time: ids are taken under the job's row lock, so their order is the order of the changes.
NEWEST_FIRST = Ordering((Column("entry.id", "id"),), descending=True)


class Entry(NamedTuple):
    """A status since `timestamp`; `until` the next one began, None while it lasts.

    Where it took back another entry, `undoes` is that one's id and `undid` its status.
    """

    id: int
    status_type: str
    timestamp: datetime
    until: datetime | None
    undoes: int | None = None
    undid: str | None = None


def history_page(job_id: int, paging: Paging) -> Page[Entry]:
    """One query. Raises InvalidFilter for a cursor of another history."""

    def read(stretch: Stretch) -> Found[Entry]:
        sql = f"""
            SELECT id, status_type, "timestamp", (
                SELECT later."timestamp" FROM job_status AS later
                WHERE later.job_id = entry.job_id AND later.id > entry.id ORDER BY later.id LIMIT 1
            ), undoes, (SELECT status_type FROM job_status AS undone WHERE undone.id = entry.undoes)
            FROM job_status AS entry WHERE job_id = %s AND {stretch.beyond_key}
            ORDER BY {stretch.order_by} LIMIT {stretch.size}
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [job_id, *stretch.key])
            return Found([Entry._make(row) for row in cursor.fetchall()])

    return paging.page_of(read, NEWEST_FIRST, f"history {job_id}")


class Totals(NamedTuple):
    """How long a job has been in each status it was ever in, and since when it is in its present one.

    Lower bounds where the history is too long to be summed up.
    """

    by_status: dict[str, timedelta]
    since: datetime | None
    relation: Relation = "exact"


def history_totals(job_id: int, now: datetime) -> Totals:
    """One query, over the newest COUNT_CAP entries; the present status lasts until now."""
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
