"""The audit, newest first: one query for a page, of all that says who did what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.actors import username_sql
from jobs.audit.filters import AuditFilter
from jobs.audit.kinds import Kind
from jobs.audit.sources import SOURCES
from jobs.listing.keyset import Batch, Key, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.querysets import COUNT_CAP, Count
from jobs.rows import utc_text_sql

# Of an export: each is a query of its own, within the statement timeout.
BATCH: Final = 1_000
ORDERING: Final = Ordering(
    (
        SortColumn("found.at", "at", "%s::timestamptz"),
        SortColumn("found.rank", "rank"),
        SortColumn("found.id", "id"),
    ),
    descending=True,
)


class AuditRow(NamedTuple):
    """An entry. `actor` did it, and `user` is whose account it is about: names, or None. Times are text, as those of a job.

    `name` and `detail` depend on the kind, and may be empty. `number` is how many jobs an operation selected; without a
    name, how many entries of the kind were not logged in the minute that begins then.
    """

    at: str
    rank: int
    id: int
    kind: str
    actor: str | None
    user: str | None
    name: str
    address: str | None
    detail: str
    job_id: int | None
    operation_id: int | None
    number: int | None

    def content(self) -> dict[str, Any]:
        """As the API sends it."""
        is_operation = self.kind == Kind.OPERATION_STARTED
        is_discarded = self.kind == Kind.JOB_DISCARDED
        return {
            "at": self.at,
            "kind": self.kind,
            "actor": self.actor,
            "user": self.user,
            "name": None if is_operation else self.name or None,
            "address": self.address,
            "detail": None if is_discarded else self.detail or None,
            "source": self.name if is_operation else None,
            "job_id": int(self.detail) if is_discarded and self.detail else self.job_id,
            "operation_id": self.operation_id,
            "dropped": self.number if self.is_dropped else None,
        }

    @property
    def is_dropped(self) -> bool:
        return self.rank == DROPPED

    @property
    def is_by_itself(self) -> bool:
        """Whether the dashboard did it by itself."""
        return self.kind == Kind.OPERATION_STARTED and self.name == "retention"


DROPPED: Final = next(each.rank for each in SOURCES if each.table == "audit_dropped")


def audit_page(wanted: AuditFilter, paging: Paging) -> Page[AuditRow]:
    """One query. Raises InvalidQuery if the cursor belongs to another list."""

    def read(window: Window) -> Batch[AuditRow]:
        return Batch(_fetch(wanted, window))

    return paging.paginate(read, ORDERING, wanted.scope)


def audit_count(wanted: AuditFilter) -> Count:
    """The number of entries, counted up to COUNT_CAP."""
    found, params = _sources(wanted, Window(ORDERING, (), backwards=False, size=COUNT_CAP + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM ({found}) AS found LIMIT {COUNT_CAP + 1}) AS counted",
            params,
        )
        [number] = cursor.fetchone() or [0]
    return Count(number) if number <= COUNT_CAP else Count(COUNT_CAP, "at_least")


def audit_batches(wanted: AuditFilter, size: int = BATCH) -> Iterator[list[AuditRow]]:
    """All entries, the newest first: one query for each batch. Later ones are not among them."""
    key: Key = ()
    while batch := _fetch(wanted, Window(ORDERING, key, backwards=False, size=size)):
        yield batch
        key = ORDERING.key_of(batch[-1])


def _sources(wanted: AuditFilter, window: Window) -> tuple[str, list[Any]]:
    """The entries of all sources, each up to the size of the window; and the parameters."""
    parts = [each.sql(wanted, window) for each in SOURCES if each.answers(wanted)]
    return " UNION ALL ".join(sql for sql, _ in parts), [v for _, params in parts for v in params]


def _fetch(wanted: AuditFilter, window: Window) -> list[AuditRow]:
    found, params = _sources(wanted, window)
    sql = f"""
        SELECT {utc_text_sql("found.at")}, rank, found.id, kind, {username_sql("found.actor")}, {username_sql("found.user_id")},
            name, host(address), detail, job_id, operation_id, number
        FROM (
            SELECT * FROM ({found}) AS found
            ORDER BY {window.order_by} LIMIT {window.size}
        ) AS found
        ORDER BY {window.order_by}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [AuditRow._make(row) for row in cursor.fetchall()]
