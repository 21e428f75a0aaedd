"""Refused tokens in the audit log: each token and reason once a minute, however often it is sent.

Whoever sends made-up tokens costs no statement, as long as the process has recorded them already: it counts them, and
adds their number to the log with the next one.
"""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import Final

from django.http import HttpRequest

from jobs.access.addresses import client_address
from jobs.access.tokens.format import PREFIX, parse
from jobs.access.tokens.header import bearer_text
from jobs.access.tokens.refusals import TokenRefused
from jobs.audit.kinds import Kind
from jobs.audit.recording import (
    MOST_IN_MINUTE,
    Entry,
    count_dropped,
    record_refusal,
    user_of_token,
)

MINUTE: Final = 60.0


class Minute:
    """What this process has recorded in the current minute."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._began = -MINUTE
        self._seen: set[tuple[str, str]] = set()
        self._dropped = 0

    def add(self, key: str, code: str) -> tuple[bool, int]:
        """Whether to record this refusal, and how many earlier ones were not recorded and are to be counted now."""
        with self._lock:
            now = monotonic()
            if now - self._began >= MINUTE:
                dropped, self._dropped = self._dropped, 0
                self._began, self._seen = now, {(key, code)}
                return True, dropped
            if (key, code) in self._seen or len(self._seen) >= MOST_IN_MINUTE:
                self._dropped += 1
                return False, 0
            self._seen.add((key, code))
            return True, 0


minute: Final = Minute()


def record_refused_token(request: HttpRequest, refused: TokenRefused) -> None:
    """The request does not depend on it. The text of a token is not recorded: of it, only the public key."""
    token = parse(bearer_text(request) or "")
    key = token.key if token else ""
    is_new, dropped = minute.add(key, refused.code)
    if dropped:
        count_dropped(Kind.TOKEN_REFUSED, dropped)
    if is_new:
        record_refusal(
            Entry(
                Kind.TOKEN_REFUSED,
                name=f"{PREFIX}{key}" if key else "",
                user_id=user_of_token(key) if key else None,
                address=client_address(request),
                detail=refused.code,
            )
        )
