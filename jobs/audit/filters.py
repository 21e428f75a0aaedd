"""What is asked of the audit: who, of which kind, and on which day. Used by the API and the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict

from jobs.audit.kinds import Kind
from jobs.ids import LARGEST_ID
from jobs.listing.paging import PAGING, Paging, page_size_errors
from jobs.mistakes import UNSTORABLE, FieldError, InvalidQuery, closest, quoted
from jobs.timestamps import UTC_NAME, parse_period, zone_name, zone_of

ACTOR, KIND, DAY, TZ = "actor", "kind", "day", "tz"
FILTERS: Final = (ACTOR, KIND, DAY, TZ)
PARAMETERS: Final = (*FILTERS, *PAGING)
# As a user who is gone is named
GONE: Final = re.compile(r"user ([1-9][0-9]{0,18})")
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
USER: Final = "SELECT id FROM auth_user WHERE username = %s"
MAX_NAME: Final = 150


@dataclass(frozen=True)
class AuditFilter:
    """Always valid. `actor` is the id of `actor_name`; `start` and `end` are the bounds of the day in the zone."""

    actor: int | None = None
    actor_name: str = ""
    kind: Kind | None = None
    day: str = ""
    tz: str = UTC_NAME
    start: datetime | None = None
    end: datetime | None = None

    @property
    def query(self) -> dict[str, str]:
        """Its parameters, without the empty ones."""
        pairs = {ACTOR: self.actor_name, KIND: self.kind or "", DAY: self.day}
        found = {name: str(value) for name, value in pairs.items() if value}
        return found | ({TZ: self.tz} if self.day and self.tz != UTC_NAME else {})

    @property
    def scope(self) -> str:
        """Identifies the list, for its cursors."""
        return f"audit {urlencode(self.query)}"

    def page_query(self, paging: Paging, cursor: str) -> str:
        return "&".join(filter(None, [urlencode(self.query), paging.query_string(cursor)]))


def parse(query: QueryDict) -> AuditFilter:
    """An empty actor or zone is as if absent. Raises InvalidQuery, with all errors. One query for a name."""
    errors = list(page_size_errors(query))
    actor_name, kind = query.get(ACTOR, ""), query.get(KIND)
    day, tz = query.get(DAY), query.get(TZ, "") or UTC_NAME
    zone = zone_name(tz)
    if zone is None:
        detail = f"{quoted(tz)} is not a time zone. Use an IANA name, as in tz=Asia/Kolkata."
        errors.append(FieldError(TZ, "unknown_tz", detail))
    start, end, day_errors = _day(day, zone or UTC_NAME)
    errors += day_errors
    actor = _user(actor_name) if actor_name else None
    if actor_name and actor is None:
        detail = f"No account is called {quoted(actor_name)}."
        errors.append(FieldError(ACTOR, "unknown_user", detail))
    errors += _kind_errors(kind, actor_name)
    if errors:
        raise InvalidQuery(errors)
    return AuditFilter(
        actor, actor_name, Kind(kind) if kind else None, day or "", zone or UTC_NAME, start, end
    )


def _kind_errors(kind: str | None, actor: str) -> Iterator[FieldError]:
    if kind is None:
        return
    if kind not in list(Kind):
        near = closest(kind, tuple(Kind))
        hint = f"Did you mean {near}?" if near else f"Allowed: {', '.join(Kind)}."
        yield FieldError(KIND, "invalid_choice", f"{quoted(kind)} is not a kind. {hint}")
    elif kind == Kind.STATUS_CHANGED and not actor:
        detail = "Status changes are listed for one user at a time: give an actor too."
        yield FieldError(KIND, "needs_actor", detail)


def _day(text: str | None, zone: str) -> tuple[datetime | None, datetime | None, list[FieldError]]:
    if text is None:
        return None, None, []
    try:
        period = parse_period(text) if DATE.fullmatch(text) else None
    except (ValueError, OverflowError):
        period = None
    if period is None:
        detail = f"{quoted(text)} is not a day. Write it as 2026-11-30."
        return None, None, [FieldError(DAY, "invalid_day", detail)]
    return *period.bounds(zone_of(zone)), []


def _user(name: str) -> int | None:
    """The id of the account, or of one that is gone and was named by its id."""
    if UNSTORABLE.search(name) or len(name) > MAX_NAME:
        return None
    with connection.cursor() as cursor:
        cursor.execute(USER, [name])
        row = cursor.fetchone()
    if row:
        return int(row[0])
    gone = GONE.fullmatch(name)
    return int(gone[1]) if gone and int(gone[1]) <= LARGEST_ID else None
