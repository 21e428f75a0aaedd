"""Ends what lasts longer than a request when its principal may no longer read: streams, long polls, exports.

One thread per process asks for all of them at once, with one query. It runs only while there are any, and never in open mode.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock, Thread
from time import sleep
from typing import Final, NamedTuple

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.db import Error, connection
from django.http import HttpRequest

from jobs.access.principal import Role, principal_of

logger = logging.getLogger(__name__)

# What is revoked ends within this time, and that of the query.
CHECK_SECONDS: Final = 10.0
# As api_token_find computes it
ROLE: Final = """
CASE WHEN account.is_superuser THEN 3 ELSE coalesce((
    SELECT max(CASE team.name WHEN 'admin' THEN 3 WHEN 'operator' THEN 2 ELSE 1 END)
    FROM auth_user_groups AS member JOIN auth_group AS team ON team.id = member.group_id WHERE member.user_id = account.id
), 1) END
"""
STILL_VALID: Final = f"""
SELECT 'token', token.id::text, {ROLE}
FROM api_token AS token JOIN auth_user AS account ON account.id = token.user_id
WHERE token.id = ANY (%s) AND token.revoked_at IS NULL AND token.expires_at > statement_timestamp() AND account.is_active
UNION ALL
SELECT 'session', session_key, 0 FROM django_session WHERE session_key = ANY (%s) AND expire_date > statement_timestamp()
UNION ALL
SELECT 'user', id || ' ' || password, {ROLE} FROM auth_user AS account WHERE id = ANY (%s) AND is_active
"""  # noqa: S608  # constants

OnEnd = Callable[[], None]
Valid = dict[tuple[str, str], int]
"""What is valid, with the role of its user."""


class Claim(NamedTuple):
    """By what a request is allowed: a token, or a user's session."""

    token_id: int | None
    session_key: str | None
    user_id: int | None
    password: str | None = None
    """Django's digest of it, in the session: another password ends the user's sessions."""
    role: Role = Role.NOBODY
    """The user's when the request began: with a lower one, it might not have been allowed."""

    def is_among(self, valid: Valid) -> bool:
        if self.token_id is not None:
            return valid.get(("token", str(self.token_id)), -1) >= self.role
        if ("session", self.session_key) not in valid:
            return False
        return valid.get(("user", f"{self.user_id} {self.password}"), -1) >= self.role


def claim_of(request: HttpRequest) -> Claim | None:
    """None in open mode, where nothing can be revoked. Django's request, or the REST framework's."""
    principal = principal_of(request)
    if principal.user_id is None:
        return None
    if principal.token_id is not None:
        return Claim(principal.token_id, None, None, role=principal.role)
    session = request.session  # not request.user, which is None in a view of the REST framework
    password = session.get(HASH_SESSION_KEY)
    return Claim(None, session.session_key, principal.user_id, password, principal.role)


def has_ended(claim: Claim | None) -> bool:
    """Asked once, after something long. One query; none in open mode."""
    return claim is not None and not claim.is_among(_valid({claim}))


class Watch:
    def __init__(self) -> None:
        self._lock = Lock()
        self._watched: dict[object, tuple[Claim, OnEnd]] = {}
        self._thread: Thread | None = None

    def add(self, claim: Claim | None, on_end: OnEnd) -> Callable[[], None]:
        """Calls `on_end` once, in the thread of the watch, when the claim has ended. Returns what removes it again."""
        if claim is None:
            return lambda: None
        place = object()
        with self._lock:
            self._watched[place] = (claim, on_end)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="revocations", daemon=True)
                self._thread.start()

        def remove() -> None:
            with self._lock:
                self._watched.pop(place, None)

        return remove

    def _run(self) -> None:
        while True:
            sleep(CHECK_SECONDS)
            with self._lock:
                watched = dict(self._watched)
                if not watched:
                    self._thread = None
                    return
            try:
                try:
                    self._check(watched)
                finally:
                    connection.close()  # returned to the pool
            except Error as error:  # nothing can be read from the database by others either
                logger.warning("Revocations cannot be read: %s", error)
            except Exception:  # the thread must go on
                logger.exception("Looking for revocations failed.")

    def _check(self, watched: dict[object, tuple[Claim, OnEnd]]) -> None:
        valid = _valid({claim for claim, _ in watched.values()})
        for place, (claim, on_end) in watched.items():
            if not claim.is_among(valid):
                with self._lock:
                    is_watched = self._watched.pop(place, None) is not None
                if is_watched:
                    on_end()


def _valid(claims: set[Claim]) -> Valid:
    tokens, sessions, users, *_ = (
        [value for value in column if value is not None] for column in zip(*claims, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(STILL_VALID, [tokens, sessions, users])
        rows = cursor.fetchall()
    return {
        (kind, _with_digest(text) if kind == "user" else text): role for kind, text, role in rows
    }


def _with_digest(text: str) -> str:
    user_id, _, password = text.partition(" ")
    return f"{user_id} {User(password=password).get_session_auth_hash()}"


watch: Final = Watch()
