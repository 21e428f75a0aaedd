"""Entries of the audit log: one statement each. What a stranger can cause is bounded, and what is dropped is counted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from django.db import Error, connection, transaction

from jobs.access.tokens.lookup import network_address
from jobs.audit.kinds import Kind
from jobs.mistakes import displayable

logger: Final = logging.getLogger(__name__)

# Of one kind. These bound how much strangers can make the log grow: 14,400 entries a day.
MOST_IN_MINUTE: Final = 60
MOST_IN_HOUR: Final = 300
# In an hour. So one address cannot keep failures from other ones out of the log.
MOST_FROM_ADDRESS: Final = 60
# In a minute, of the same name for the same reason
MOST_ALIKE: Final = {Kind.LOGIN_FAILED: 5, Kind.TOKEN_REFUSED: 1}
MAX_NAME: Final = 150
MAX_DETAIL: Final = 200

VALUES: Final = "%(kind)s, %(actor)s, %(user)s, %(name)s, %(address)s::inet, %(detail)s"
INSERT: Final = "INSERT INTO audit_event (at, kind, actor, user_id, name, address, detail)"
RECORD: Final = f"{INSERT} SELECT clock_timestamp(), {VALUES}"
# Requests at the same moment do not see each other: there can be a few more.
RECORD_BOUNDED: Final = f"""
WITH recent AS MATERIALIZED (
    SELECT name, address, detail, at > statement_timestamp() - interval '1 minute' AS is_of_minute FROM audit_event
    WHERE kind = %(kind)s AND at > statement_timestamp() - interval '1 hour' ORDER BY at DESC LIMIT %(in_hour)s
),
recorded AS (
    {INSERT} SELECT statement_timestamp(), {VALUES}
    WHERE %(dropped)s = 0 AND (
        SELECT count(*) < %(in_hour)s
            AND count(*) FILTER (WHERE is_of_minute) < %(in_minute)s
            AND count(*) FILTER (WHERE address = %(address)s::inet) < %(from_address)s
            AND count(*) FILTER (WHERE is_of_minute AND name = %(name)s AND detail = %(detail)s) < %(alike)s
        FROM recent
    )
    RETURNING id
)
INSERT INTO audit_dropped (at, kind, number)
SELECT date_trunc('minute', statement_timestamp()), %(kind)s, greatest(%(dropped)s, 1)
WHERE NOT EXISTS (SELECT FROM recorded)
ON CONFLICT (at, kind) DO UPDATE SET number = audit_dropped.number + excluded.number
"""
USER_OF_NAME: Final = "SELECT id FROM auth_user WHERE username = %s"
OWNER_OF_KEY: Final = "SELECT user_id FROM api_token WHERE key = %s"


@dataclass(frozen=True)
class Entry:
    """What happened, whose account it is about, who did it, and from where."""

    kind: Kind
    name: str = ""
    user_id: int | None = None
    actor: int | None = None
    address: str | None = None
    detail: str = ""

    def values(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "name": displayable(self.name)[:MAX_NAME],
            "user": self.user_id,
            "actor": self.actor,
            "address": network_address(self.address),
            "detail": displayable(self.detail)[:MAX_DETAIL],
        }


def record(entry: Entry) -> None:
    """Appends the entry, in the transaction of the caller if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD, entry.values())


def record_if_possible(entry: Entry) -> None:
    """Appends the entry. The request does not depend on it."""
    _run(RECORD, entry.values())


def record_refusal(entry: Entry) -> None:
    """Appends the entry, unless too many like it have been appended lately. The request does not depend on it."""
    _run(RECORD_BOUNDED, _bounds(entry, 0))


def count_dropped(kind: Kind, number: int) -> None:
    """Counts entries that were not recorded. The request does not depend on it."""
    _run(RECORD_BOUNDED, _bounds(Entry(kind), number))


def user_of_name(name: str) -> int | None:
    return _id(USER_OF_NAME, displayable(name))


def user_of_token(key: str) -> int | None:
    return _id(OWNER_OF_KEY, key)


def _bounds(entry: Entry, dropped: int) -> dict[str, Any]:
    return entry.values() | {
        "dropped": dropped,
        "in_minute": MOST_IN_MINUTE,
        "in_hour": MOST_IN_HOUR,
        "from_address": MOST_FROM_ADDRESS,
        "alike": MOST_ALIKE.get(entry.kind, MOST_IN_MINUTE),
    }


def _id(sql: str, value: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        row = cursor.fetchone()
    return row[0] if row else None


def _run(sql: str, values: dict[str, Any]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except Error as error:
        logger.warning(
            "The audit log lacks %s of %s: %s",
            values["kind"],
            values["user"] or "somebody unknown",
            str(error).splitlines()[0],
        )
