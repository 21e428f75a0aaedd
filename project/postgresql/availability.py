"""What this process knows of its database: whether it answers, has room and takes changes, and which threads wait for it.

A statement that takes long says nothing: it may wait for a lock. The database counts as silent only where a question
that waits for nobody (watching.py) has no answer. From then on, requests are refused at once instead of waiting one after
the other.
"""

from collections.abc import Callable
from threading import Lock, get_ident
from time import monotonic
from typing import Final

import psycopg
from psycopg import errors

# A server that has not answered the simplest question for so long does not answer.
ANSWER_SECONDS: Final = 2.0
# How long a silent server may keep anybody who was waiting when it fell silent.
SILENCE_SECONDS: Final = 5.0

# libpq tells no SQLSTATE of a failed attempt to connect, only the server's words (or PgBouncer's).
NO_ROOM: Final = (
    "too many clients already",
    "remaining connection slots are reserved",
    "too many connections for",
    "no more connections allowed",
    "out of memory",
)


class Availability:
    """`patient_threads` of those that wait for a silent server may wait on. `changed` is called where it takes changes again,
    or no longer. `complaint` is why a server that answers gives out no connection, if it does not.
    """

    patient_threads = 0

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[int, float] = {}
        self._asked_at: float | None = None
        self._silent_since: float | None = None
        self._is_refused = False
        self.complaint: psycopg.Error | None = None
        self.is_read_only = False
        self.changed: Callable[[], object] = lambda: None

    def begin_wait(self) -> None:
        """This thread waits, whatever for."""
        self._waiting.setdefault(get_ident(), monotonic())

    def end_wait(self) -> None:
        self._waiting.pop(get_ident(), None)

    @property
    def longest_wait(self) -> float:
        begun = min([*self._waiting.values()], default=None)
        return 0.0 if begun is None else monotonic() - begun

    def asked(self) -> None:
        """The simplest question is on its way."""
        self._asked_at = monotonic()

    def answered(self, is_read_only: bool) -> None:
        """It was answered, with whether the database takes changes."""
        self._asked_at = None
        self.connected()
        self._notice(is_read_only)

    def connected(self) -> None:
        """A connection was made."""
        self._is_refused, self.complaint = False, None
        self.heard()

    def heard(self) -> None:
        """The answer to any other question: whoever gave it is not silent."""
        self._silent_since = None
        if self._asked_at is not None:
            self._asked_at = monotonic()

    def failed(self, error: psycopg.Error, seconds: float) -> None:
        """An attempt to connect, or to ask, failed after that time."""
        self._asked_at = None
        if any(words in str(error) for words in NO_ROOM):
            self.complaint = errors.TooManyConnections(str(error))
            return
        if isinstance(error, errors.SystemError):
            self.complaint = error
            return
        self._is_refused = True
        if seconds >= ANSWER_SECONDS and self._silent_since is None:
            self._silent_since = monotonic() - seconds

    def found_read_only(self) -> None:
        """A change was refused, or would be."""
        self._notice(True)

    @property
    def is_silent(self) -> bool:
        return self._silent_for >= ANSWER_SECONDS

    @property
    def is_refused(self) -> bool:
        """Whether the last attempt to connect failed: connections that there are may be good."""
        return self._is_refused

    @property
    def is_in_doubt(self) -> bool:
        """Whether it is to be found out how it is now."""
        return (
            self._silent_since is not None
            or self._asked_at is not None
            or self._is_refused
            or self.complaint is not None
            or self.is_read_only
        )

    @property
    def wait_is_over(self) -> bool:
        """Whether this thread is to give up: the server is silent, and others have waited longer, or all long enough."""
        silent = self._silent_for
        if silent < ANSWER_SECONDS:
            return False
        begun = self._waiting.get(get_ident(), monotonic())
        longer = sum(other < begun for other in [*self._waiting.values()])
        return silent >= SILENCE_SECONDS or longer >= self.patient_threads

    @property
    def _silent_for(self) -> float:
        since = self._silent_since if self._silent_since is not None else self._asked_at
        return 0.0 if since is None else monotonic() - since

    def _notice(self, is_read_only: bool) -> None:
        """Connections made before a change of this kind may say the opposite: they are dropped, once for each change."""
        with self._lock:
            if is_read_only is self.is_read_only:
                return
            self.is_read_only = is_read_only
        self.changed()


availability: Final = Availability()
