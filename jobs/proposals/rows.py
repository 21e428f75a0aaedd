"""Proposals as they are stored and read."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.actors import username_sql
from jobs.listing.keyset import Batch, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.operations.selection import Selection
from jobs.querysets import COUNT_CAP, Count, Relation
from jobs.rows import utc_text_sql


class ProposalState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"


class ProposalRow(NamedTuple):
    """A proposal as the API and the pages show it. Timestamps are text, as those of a job."""

    id: int
    action: str
    parameters: dict[str, Any]
    state: str
    q: str
    tz: str | None
    statuses: list[str] | None
    ids: list[int] | None
    everything: bool
    excluded: list[int]
    reason: str
    proposed_by: str | None
    """The name of the user in whose name the token acts; None in open mode."""
    token: str | None
    """The name of the token; None without one."""
    total: int
    total_relation: Relation
    """How many jobs were selected when it was made."""
    created_at: str
    expires_at: str
    decided_at: str | None
    decided_by: str | None
    decision_reason: str | None
    operation_id: int | None
    """The operation that it has become."""

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN

    @property
    def found_then(self) -> Count:
        return Count(self.total, self.total_relation)

    @property
    def selection(self) -> Selection:
        """The jobs that it is for now. Raises InvalidQuery for a search that is not valid any more."""
        return Selection.stored(self.q, self.tz, self.statuses, self.ids, self.excluded)


def _time(column: str) -> str:
    return utc_text_sql(f"proposal.{column}")


# An open one expires by itself.
STATE: Final = (
    "CASE WHEN state = 'open' AND expires_at <= statement_timestamp() THEN 'expired' ELSE state END"
)
IS_OPEN: Final = "state = 'open' AND expires_at > statement_timestamp()"
COLUMNS: Final = f"""
proposal.id, action, parameters, {STATE}, q, tz, statuses, ids, everything, excluded, reason, {username_sql("proposer")},
(SELECT name FROM api_token WHERE api_token.id = proposal.token_id), total, total_relation, {_time("created_at")},
{_time("expires_at")}, {_time("decided_at")}, {username_sql("decided_by")}, decision_reason, operation_id
"""
NEWEST_FIRST: Final = Ordering((SortColumn("proposal.id", "id"),), descending=True)


def read_proposal(proposal_id: int) -> ProposalRow | None:
    rows = _fetch(f"SELECT {COLUMNS} FROM proposal WHERE id = %s", [proposal_id])
    return rows[0] if rows else None


def proposals_page(paging: Paging, state: ProposalState | None = None) -> Page[ProposalRow]:
    """Newest first, of one state or of all. One query. Raises InvalidQuery if the cursor belongs to another list."""

    def read(window: Window) -> Batch[ProposalRow]:
        condition, params = _condition(state)
        sql = f"""
            SELECT {COLUMNS} FROM proposal WHERE {condition} AND {window.beyond_key}
            ORDER BY {window.order_by} LIMIT {window.size}
        """
        return Batch(_fetch(sql, [*params, *window.key]))

    return paging.paginate(read, NEWEST_FIRST, f"proposals {state}")


def open_proposals(limit: int) -> list[ProposalRow]:
    """Oldest first: those that expire next."""
    return _fetch(
        f"SELECT {COLUMNS} FROM proposal WHERE {IS_OPEN} ORDER BY expires_at, id LIMIT %s", [limit]
    )


def count_proposals(state: ProposalState | None = None) -> Count:
    """The number of proposals of one state or of all, counted up to COUNT_CAP."""
    condition, params = _condition(state)
    sql = f"SELECT count(*) FROM (SELECT FROM proposal WHERE {condition} LIMIT {COUNT_CAP + 1}) AS found"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        [number] = cursor.fetchone() or [0]
    return Count(number) if number <= COUNT_CAP else Count(COUNT_CAP, "at_least")


def _condition(state: ProposalState | None) -> tuple[str, list[str]]:
    return (f"{STATE} = %s", [state.value]) if state else ("TRUE", [])


def _fetch(sql: str, params: list[Any]) -> list[ProposalRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [ProposalRow._make(row) for row in cursor.fetchall()]
    # Django's cursors return jsonb as text.
    return [row._replace(parameters=json.loads(row.parameters)) for row in rows]  # type: ignore[arg-type]  # text so far
