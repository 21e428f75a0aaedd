"""A connection that enforces timeouts on the client side too: a frozen server does not enforce its own."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, ClassVar, Final, Self
from weakref import WeakSet

import psycopg
from psycopg import errors
from psycopg.abc import RV, PQGen
from psycopg.errors import Diagnostic, OperationalError

from project.postgresql.availability import availability
from project.postgresql.monitor import Monitor
from project.postgresql.unconfirmed import SOURCE, WAITS_FOR_STANDBY, unconfirmed

# How often a wait checks whether to give up.
CHECK_INTERVAL: Final = 0.1
# How long the server may take to cancel a statement.
CANCEL_SECONDS: Final = 1.0


class Unresponsive(OperationalError):
    """The connection was closed because the server did not respond."""


class Unreplicated(OperationalError):
    """The change is committed, but its wait for a synchronous standby was ended by somebody: a failover may lose it."""

    broke_connection = True  # as far as the outcome is concerned


class Wait:
    """One wait for a response. Call `check` while nothing is received; to end the wait, it closes the connection."""

    def __init__(self, connection: "Connection", client_timeout: float | None) -> None:
        self._connection = connection
        self._is_canceled = False
        self._deadline = None if client_timeout is None else monotonic() + client_timeout
        self._is_registered = False

    def check(self) -> None:
        """Raises Unresponsive if the wait should end."""
        if self._connection.monitor and not self._is_registered:
            self._is_registered = True
            availability.start_wait()
        if self._connection.monitor:
            self._connection.monitor.wake()
            if availability.should_give_up:
                self._close()
        if self._deadline is None or monotonic() < self._deadline:
            return
        if self._is_canceled or availability.is_unresponsive:
            self._close()
        if self._connection.waits_for_standby():
            unconfirmed.leave(self._connection)
            raise Unresponsive("The change waits for a synchronous standby.")
        # A busy but responsive server answers that it has canceled the statement.
        self._is_canceled, self._deadline = True, monotonic() + CANCEL_SECONDS
        with suppress(psycopg.Error):
            self._connection.cancel_safe(timeout=CANCEL_SECONDS)

    def end(self, responded: bool) -> None:
        if self._is_registered:
            availability.end_wait()
            if responded:
                availability.responded()

    def _close(self) -> None:
        self._connection.close()
        raise Unresponsive("The database does not respond.")


class Connection(psycopg.Connection[Any]):
    """`client_timeout` is how many seconds a statement may take, or None; after that it is canceled, or the connection
    closed. With a `monitor`, a wait also ends when the server is unresponsive.
    """

    client_timeout: float | None = None
    monitor: ClassVar[Monitor | None] = None
    connect_another: ClassVar[Callable[[], psycopg.Connection[Any]] | None] = None
    _connections: ClassVar[WeakSet["Connection"]] = WeakSet()
    _is_unreplicated = False

    @classmethod
    def all_closed(cls) -> bool:
        """Whether the process has no open connection, used or idle."""
        return all(connection.closed for connection in [*cls._connections])

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Self:
        began = monotonic()
        try:
            connection = super().connect(*args, **options)
            _require_triggers(connection)
        except psycopg.Error as error:
            availability.failed(error, monotonic() - began)
            if cls.monitor:
                cls.monitor.wake()
            raise
        availability.connected()
        cls._connections.add(connection)
        connection.add_notice_handler(connection.note)
        return connection

    def waits_for_standby(self) -> bool:
        """Whether the server has written the change and waits for a standby. Closes the connection if it cannot be asked:
        a cancellation would then make a success of it.
        """
        connect = type(self).connect_another
        if connect is None:
            return False
        try:
            with connect() as other:
                row = other.execute(WAITS_FOR_STANDBY, [self.pgconn.backend_pid]).fetchone()
        except psycopg.Error as error:
            self.close()
            raise Unresponsive("The database does not respond.") from error
        return bool(row and row[0])

    def note(self, notice: Diagnostic) -> None:
        self._is_unreplicated |= notice.source_function == SOURCE

    def wait(
        self, gen: PQGen[RV], interval: float = CHECK_INTERVAL, timeout: float | None = None
    ) -> RV:
        """Marks an error that broke an open connection: the statement may have been sent."""
        was_open = not self.closed
        try:
            return super().wait(self._bounded(gen), interval, timeout)
        except psycopg.Error as error:
            if was_open and self.closed:
                error.broke_connection = True  # type: ignore[attr-defined]  # read by the backend
            raise

    def _bounded(self, gen: PQGen[RV]) -> PQGen[RV]:
        """Wraps the generator to call Wait.check whenever `wait` times out after CHECK_INTERVAL."""
        wait, responded = Wait(self, self.client_timeout), False
        try:
            state = next(gen)
            while True:
                ready = yield state
                if not ready:
                    wait.check()
                state = gen.send(ready)
        except StopIteration as end:
            responded = True
            if self._is_unreplicated:
                self._is_unreplicated = False
                raise Unreplicated("The change may not have been replicated.") from None
            result: RV = end.value
            return result
        except psycopg.DatabaseError as error:
            responded = error.sqlstate is not None
            raise
        finally:
            wait.end(responded)


class MonitorConnection(Connection):
    """The monitor's connection, which does not count as one of the process."""

    client_timeout = 5.0
    monitor = None
    connect_another = None
    _connections = WeakSet()


def _require_triggers(connection: psycopg.Connection[Any]) -> None:
    """Rejects a session with session_replication_role = replica: triggers do not fire in it, so counters, histories and
    the change feed would silently become wrong. Only a superuser may change the setting.
    """
    try:
        row = connection.execute("SELECT current_setting('session_replication_role')").fetchone()
    except psycopg.Error:
        connection.close()
        raise
    if row and row[0] == "replica":
        connection.close()
        raise errors.SystemError(
            "session_replication_role is replica: triggers would not fire. Set it to origin for this database and role."
        )
