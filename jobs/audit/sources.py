"""Where the audit is read from: each table that says who did what, with the index of each question.

Nothing is copied: an operation, a deletion or a status change is read from where it is. All sources are read newest first,
each up to the size of a page, and merged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from jobs.audit.filters import AuditFilter
from jobs.audit.kinds import RECORDED, TOKEN_EVENTS, Kind
from jobs.listing.keyset import Window


@dataclass(frozen=True)
class Source:
    """A table, and its entries as columns of the audit.

    `rank` orders entries of the same moment, `at` is its time, and `who` whoever did it, or whose account it is about.
    `kind` is SQL; `kinds` are its possible values, and `condition` keeps the entries of one kind.
    """

    rank: int
    table: str
    kinds: Collection[Kind]
    at: str
    who: str | None
    columns: str
    only: str = "TRUE"
    of_kind: str = ""
    values: dict[Kind, str] | None = None
    needs_actor: bool = False

    def answers(self, wanted: AuditFilter) -> bool:
        if wanted.kind is not None and wanted.kind not in self.kinds:
            return False
        if wanted.actor is None:
            return not self.needs_actor
        return self.who is not None

    def sql(self, wanted: AuditFilter, window: Window) -> tuple[str, list[Any]]:
        """At most a page of its entries beyond the key of the window, in its order."""
        conditions = [self.only]
        params: list[Any] = []
        if wanted.actor is not None:
            conditions.append(f"{self.who} = %s")
            params.append(wanted.actor)
        if wanted.kind is not None and self.of_kind:
            conditions.append(f"{self.of_kind} = %s")
            params.append((self.values or {}).get(wanted.kind, wanted.kind.value))
        for bound, sign in ((wanted.start, ">="), (wanted.end, "<")):
            if bound is not None:
                conditions.append(f"{self.at} {sign} %s")
                params.append(bound)
        beyond, key = self._beyond(window)
        direction = "DESC" if window.is_descending else "ASC"
        text = f"""(
            SELECT {self.at} AS at, {self.rank} AS rank, {self.columns} FROM {self.table}
            WHERE {" AND ".join(conditions)} AND {beyond}
            ORDER BY {self.at} {direction}, {self.table}.id {direction} LIMIT {window.size}
        )"""
        return text, [*params, *key]

    def _beyond(self, window: Window) -> tuple[str, list[Any]]:
        """Entries of the key's own source are told apart by their ids; all of the others are on one side of it."""
        if not window.key:
            return "TRUE", []
        at, rank, number = window.key
        sign = "<" if window.is_descending else ">"
        if rank == self.rank:
            return f"({self.at}, {self.table}.id) {sign} (%s::timestamptz, %s)", [at, number]
        is_beyond = self.rank < rank if window.is_descending else self.rank > rank
        return f"{self.at} {sign}{'=' if is_beyond else ''} %s::timestamptz", [at]


def _columns(
    entry: str = "id",
    kind: str = "kind",
    actor: str = "NULL::bigint",
    user: str = "NULL::bigint",
    name: str = "''",
    address: str = "NULL::inet",
    detail: str = "''",
    job: str = "NULL::bigint",
    operation: str = "NULL::bigint",
    number: str = "NULL::bigint",
) -> str:
    return (
        f"{entry} AS id, {kind} AS kind, {actor} AS actor, {user} AS user_id, {name}::text AS name, {address} AS address,"
        f" {detail}::text AS detail, {job} AS job_id, {operation} AS operation_id, {number} AS number"
    )


NAMED: Final = "'token_' || event"
SOURCES: Final = (
    Source(
        7,
        "audit_dropped",
        RECORDED,
        "at",
        None,
        _columns(number="number"),
        of_kind="kind",
    ),
    Source(
        6,
        "audit_event",
        RECORDED,
        "at",
        "who",
        _columns(
            actor="actor",
            user="user_id",
            name="name",
            address="address",
            detail="detail",
        ),
        of_kind="kind",
    ),
    Source(
        5,
        "api_token_event",
        frozenset(TOKEN_EVENTS),
        "at",
        "coalesce(actor, user_id)",
        _columns(
            kind=NAMED,
            actor="actor",
            user="user_id",
            name="'jmd_' || token_key",
            address="address",
        ),
        of_kind="event",
        values=TOKEN_EVENTS,
    ),
    Source(
        4,
        "operation",
        frozenset({Kind.OPERATION_CANCELLED}),
        "finished_at",
        "cancelled_by",
        _columns(
            kind=f"'{Kind.OPERATION_CANCELLED}'",
            actor="cancelled_by",
            detail="action",
            operation="id",
        ),
        only="state = 'cancelled'",
    ),
    Source(
        3,
        "operation",
        frozenset({Kind.OPERATION_STARTED}),
        "created_at",
        "actor",
        _columns(
            kind=f"'{Kind.OPERATION_STARTED}'",
            actor="actor",
            name="source",
            detail="action",
            operation="id",
            number="total",
        ),
    ),
    Source(
        2,
        "trashed_job",
        frozenset({Kind.JOB_DELETED}),
        "deleted_at",
        "actor",
        _columns(kind=f"'{Kind.JOB_DELETED}'", actor="actor", name="name", job="id"),
        only="actor IS NOT NULL AND operation_id IS NULL",
    ),
    # The condition is that of its index. Without a user, most of the audit would be status changes.
    Source(
        1,
        "job_status",
        frozenset({Kind.STATUS_CHANGED}),
        '"timestamp"',
        "actor",
        _columns(
            kind=f"'{Kind.STATUS_CHANGED}'",
            actor="actor",
            detail="status_type",
            job="job_id",
        ),
        only="actor IS NOT NULL AND operation_id IS NULL AND NOT (source = 'import' AND source IS NOT NULL)",
        needs_actor=True,
    ),
)
