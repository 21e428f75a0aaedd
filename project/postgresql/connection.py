"""A connection whose waits have an end on this side too: a server that is frozen keeps no promise of its own."""

from contextlib import suppress
from time import monotonic
from typing import Any, ClassVar, Final, Self
from weakref import WeakSet

import psycopg
from psycopg import errors
from psycopg.abc import RV, PQGen
from psycopg.errors import OperationalError

from project.postgresql.availability import availability
from project.postgresql.watching import Watcher

# How often a wait looks whether it is in vain.
INTERVAL: Final = 0.1
# How long the server may take to end what was cancelled.
CANCEL_SECONDS: Final = 1.0


class NoAnswer(OperationalError):
    """The connection was given up."""


class Wait:
    """One wait for an answer. `look` whenever nothing has come for a moment: where it ends the wait, it closes the connection."""

    def __init__(self, connection: "Connection", patience: float | None) -> None:
        self._connection = connection
        self._is_cancelled = False
        self._ends = None if patience is None else monotonic() + patience
        self._is_known = False

    def look(self) -> None:
        """Raises NoAnswer where waiting on is in vain."""
        if self._connection.watcher and not self._is_known:
            self._is_known = True
            availability.begin_wait()
        if self._connection.watcher:
            self._connection.watcher.wake()
            if availability.wait_is_over:
                self._give_up()
        if self._ends is None or monotonic() < self._ends:
            return
        if self._is_cancelled or availability.is_silent:
            self._give_up()
        # A server that is busy tells by itself that it has stopped the statement.
        self._is_cancelled, self._ends = True, monotonic() + CANCEL_SECONDS
        with suppress(psycopg.Error):
            self._connection.cancel_safe(timeout=CANCEL_SECONDS)

    def end(self, heard: bool) -> None:
        if self._is_known:
            availability.end_wait()
            if heard:
                availability.heard()

    def _give_up(self) -> None:
        self._connection.close()
        raise NoAnswer("The database does not answer.")


class Connection(psycopg.Connection[Any]):
    """`patience` is how many seconds a statement may take, None for any; past it, the statement is cancelled or the
    connection closed. Where there is a `watcher`, a wait also ends when the server does not answer at all.
    """

    patience: float | None = None
    watcher: ClassVar[Watcher | None] = None
    _made: ClassVar[WeakSet["Connection"]] = WeakSet()

    @classmethod
    def none_is_open(cls) -> bool:
        """Whether the process has no connection, in use or not."""
        return all(connection.closed for connection in [*cls._made])

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Self:
        began = monotonic()
        try:
            connection = super().connect(*args, **options)
            _refuse_without_triggers(connection)
        except psycopg.Error as error:
            availability.failed(error, monotonic() - began)
            if cls.watcher:
                cls.watcher.wake()
            raise
        availability.connected()
        cls._made.add(connection)
        return connection

    def wait(self, gen: PQGen[RV], interval: float = INTERVAL, timeout: float | None = None) -> RV:
        """Marks an error by which the connection broke when something may have been sent."""
        was_open = not self.closed
        try:
            return super().wait(self._bounded(gen), interval, timeout)
        except psycopg.Error as error:
            if was_open and self.closed:
                error.broke_connection = True  # type: ignore[attr-defined]  # read by the backend
            raise

    def _bounded(self, gen: PQGen[RV]) -> PQGen[RV]:
        """The same, but every INTERVAL without an answer is looked at."""
        wait, heard = Wait(self, self.patience), False
        try:
            state = next(gen)
            while True:
                ready = yield state
                if not ready:
                    wait.look()
                state = gen.send(ready)
        except StopIteration as end:
            heard = True
            answer: RV = end.value
            return answer
        except psycopg.DatabaseError as error:
            heard = error.sqlstate is not None
            raise
        finally:
            wait.end(heard)


class Probe(Connection):
    """The watcher's own: nobody else waits for what it is asked."""

    patience = 5.0
    watcher = None
    _made = WeakSet()


def _refuse_without_triggers(connection: psycopg.Connection[Any]) -> None:
    """A session that is set to replicate runs no triggers, and only a superuser may set it otherwise: the counters, the
    histories' ends and the change feed would be wrong in silence.
    """
    try:
        row = connection.execute("SELECT current_setting('session_replication_role')").fetchone()
    except psycopg.Error:
        connection.close()
        raise
    if row and row[0] == "replica":
        connection.close()
        raise errors.SystemError(
            "session_replication_role is replica: no trigger would run. Set it to origin for this database and role."
        )
