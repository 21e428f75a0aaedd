"""The sessions of a user: where each was last seen. Ending one deletes Django's row, and this one with it.

What was open ends within seconds: see jobs/access/watch.py.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any, Final, NamedTuple

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error, connection
from django.http import HttpRequest

from jobs.access.addresses import client_address
from jobs.access.browsers import browser_text
from jobs.access.tokens.lookup import network_address
from jobs.rows import utc_text_sql

logger: Final = logging.getLogger(__name__)

NOTE_SECONDS: Final = 60.0
MAX_NOTED: Final = 10_000
MAX_LISTED: Final = 100
# Several processes may note the same session; the first of them in a minute writes.
NOTE: Final = """
INSERT INTO login_session (session_id, user_id, begun_at, last_seen_at, address, browser)
SELECT session_key, %(user)s, now, now, %(address)s::inet, %(browser)s
FROM django_session, statement_timestamp() AS now WHERE session_key = %(key)s
ON CONFLICT (session_id) DO UPDATE
SET last_seen_at = excluded.last_seen_at, address = excluded.address, browser = excluded.browser
WHERE login_session.last_seen_at <= excluded.last_seen_at - interval '1 minute'
"""
LIST: Final = f"""
SELECT seen.id, session_key, seen.browser, host(seen.address), {utc_text_sql("seen.begun_at")},
    {utc_text_sql("seen.last_seen_at")}, session_data
FROM login_session AS seen JOIN django_session ON session_key = seen.session_id
WHERE seen.user_id = %s AND expire_date > statement_timestamp()
ORDER BY seen.last_seen_at DESC, seen.id DESC LIMIT {MAX_LISTED}
"""
END: Final = """
DELETE FROM django_session USING login_session AS seen
WHERE session_key = seen.session_id AND seen.user_id = %s AND seen.id = %s
"""
END_OTHERS: Final = """
DELETE FROM django_session USING login_session AS seen
WHERE session_key = seen.session_id AND seen.user_id = %s AND session_key <> %s
"""

_noted: dict[str, float] = {}
"""By the session's key, when this process has noted it."""


class SessionRow(NamedTuple):
    """Times are text, as those of a JobRow."""

    id: int
    key: str
    browser: str
    address: str | None
    begun_at: str
    last_seen_at: str


def note_session(request: HttpRequest, user_id: int) -> None:
    """Where the session is used, at most once a minute. The request does not depend on it."""
    key, now = request.session.session_key, monotonic()
    if key is None or now - _noted.get(key, -NOTE_SECONDS) < NOTE_SECONDS:
        return
    if len(_noted) >= MAX_NOTED:
        _noted.clear()
    _noted[key] = now
    values: dict[str, str | int | None] = {
        "key": key,
        "user": user_id,
        "address": network_address(client_address(request)),
        "browser": browser_text(request.META.get("HTTP_USER_AGENT", "")),
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(NOTE, values)
    except Error as error:
        logger.warning("A session could not be noted: %s", str(error).splitlines()[0])


def note_login(sender: Any, request: HttpRequest, user: User, **others: Any) -> None:
    """At once: a session that is never used again must be there to be ended."""
    request.session.save()
    note_session(request, user.pk)


def sessions_of(user_id: int) -> list[SessionRow]:
    """The last seen first, without those that another password has ended."""
    digest = User.objects.get(pk=user_id).get_session_auth_hash()
    with connection.cursor() as cursor:
        cursor.execute(LIST, [user_id])
        rows = cursor.fetchall()
    decode = SessionStore().decode
    return [
        SessionRow._make(row) for *row, data in rows if decode(data).get(HASH_SESSION_KEY) == digest
    ]


def end_session(user_id: int, session_id: int) -> bool:
    """Returns whether there was one of this user."""
    return _execute(END, [user_id, session_id]) > 0


def end_other_sessions(user_id: int, kept: str | None) -> int:
    return _execute(END_OTHERS, [user_id, kept or ""])


def end_all_sessions(user_id: int) -> int:
    return end_other_sessions(user_id, None)


def _execute(sql: str, params: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        number: int = cursor.rowcount
    return number
