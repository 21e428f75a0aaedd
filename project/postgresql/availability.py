"""The state of the database as this process knows it: reachable, responsive, writable; and the threads waiting for it.

A slow statement proves nothing: it may be waiting for a lock. The database is unresponsive only if a probe that needs
no lock (monitor.py) has no answer. From then on, requests fail at once instead of waiting.
"""

from collections.abc import Callable
from threading import Lock, get_ident
from time import monotonic
from typing import Final

import psycopg
from psycopg import errors

# A server that leaves a probe unanswered for this long is unresponsive.
UNRESPONSIVE_SECONDS: Final = 2.0
# Threads that were waiting when the server became unresponsive give up after this time at the latest.
GIVE_UP_SECONDS: Final = 5.0

# libpq reports no SQLSTATE for a failed connection attempt, only the message of the server (or of PgBouncer).
NO_CONNECTION_LEFT: Final = (
    "too many clients already",
    "remaining connection slots are reserved",
    "too many connections for",
    "no more connections allowed",
    "out of memory",
)


class Availability:
    """`allowed_waiters` is how many threads may keep waiting for an unresponsive server. `on_read_only_change` is
    called when the database becomes read-only or writable. `connect_error` is why a reachable server rejects
    connections, if it does.
    """

    allowed_waiters = 0

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[int, float] = {}
        self._probe_sent_at: float | None = None
        self._unresponsive_since: float | None = None
        self._is_unreachable = False
        self.connect_error: psycopg.Error | None = None
        self.is_read_only = False
        self.on_read_only_change: Callable[[], object] = lambda: None

    def start_wait(self) -> None:
        """This thread is waiting for the database."""
        self._waiting.setdefault(get_ident(), monotonic())

    def end_wait(self) -> None:
        self._waiting.pop(get_ident(), None)

    @property
    def longest_wait(self) -> float:
        began = min([*self._waiting.values()], default=None)
        return 0.0 if began is None else monotonic() - began

    def probe_sent(self) -> None:
        self._probe_sent_at = monotonic()

    def probe_answered(self, is_read_only: bool) -> None:
        self._probe_sent_at = None
        self.connected()
        self._set_read_only(is_read_only)

    def connected(self) -> None:
        self._is_unreachable, self.connect_error = False, None
        self.responded()

    def responded(self) -> None:
        """The server answered any other statement, so it is responsive."""
        self._unresponsive_since = None
        if self._probe_sent_at is not None:
            self._probe_sent_at = monotonic()

    def failed(self, error: psycopg.Error, seconds: float) -> None:
        """A connection attempt or a probe failed after `seconds`."""
        self._probe_sent_at = None
        if any(text in str(error) for text in NO_CONNECTION_LEFT):
            self.connect_error = errors.TooManyConnections(str(error))
            return
        if isinstance(error, errors.SystemError):
            self.connect_error = error
            return
        self._is_unreachable = True
        if seconds >= UNRESPONSIVE_SECONDS and self._unresponsive_since is None:
            self._unresponsive_since = monotonic() - seconds

    def mark_read_only(self) -> None:
        """The server rejected a change, or would."""
        self._set_read_only(True)

    @property
    def is_unresponsive(self) -> bool:
        return self._unresponsive_for >= UNRESPONSIVE_SECONDS

    @property
    def is_unreachable(self) -> bool:
        """Whether the last connection attempt failed. Existing connections may still work."""
        return self._is_unreachable

    @property
    def needs_probe(self) -> bool:
        """Whether the state may have changed without anything else noticing."""
        return (
            self._unresponsive_since is not None
            or self._probe_sent_at is not None
            or self._is_unreachable
            or self.connect_error is not None
            or self.is_read_only
        )

    @property
    def should_give_up(self) -> bool:
        """Whether this thread should stop waiting: the server is unresponsive, and either enough other threads have
        waited longer, or GIVE_UP_SECONDS have passed.
        """
        seconds = self._unresponsive_for
        if seconds < UNRESPONSIVE_SECONDS:
            return False
        began = self._waiting.get(get_ident(), monotonic())
        longer = sum(other < began for other in [*self._waiting.values()])
        return seconds >= GIVE_UP_SECONDS or longer >= self.allowed_waiters

    @property
    def _unresponsive_for(self) -> float:
        since = (
            self._unresponsive_since
            if self._unresponsive_since is not None
            else self._probe_sent_at
        )
        return 0.0 if since is None else monotonic() - since

    def _set_read_only(self, is_read_only: bool) -> None:
        """Calls on_read_only_change once per change: older sessions may still report the previous state."""
        with self._lock:
            if is_read_only is self.is_read_only:
                return
            self.is_read_only = is_read_only
        self.on_read_only_change()


availability: Final = Availability()
