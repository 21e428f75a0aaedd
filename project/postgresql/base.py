"""Django's PostgreSQL backend, for a server that may be unreachable, frozen, restarted or replaced."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from select import POLLIN, poll
from time import monotonic
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from psycopg import Error
from psycopg_pool import PoolTimeout
from psycopg_pool.base import AttemptWithBackoff

from project.postgresql.availability import availability
from project.postgresql.connection import Connection, MonitorConnection, Wait
from project.postgresql.cursor import Cursor, TracedCursor
from project.postgresql.monitor import Monitor
from project.postgresql.unconfirmed import unconfirmed
from project.tracing import working

# Reconnects every half second, indefinitely: psycopg_pool's default doubles the delay after each attempt and gives up
# after five minutes.
AttemptWithBackoff.INITIAL_DELAY = 0.5
AttemptWithBackoff.DELAY_BACKOFF = 1.0
RECONNECT_SECONDS: Final = 365 * 24 * 3600.0
# How long a request waits for a connection, and how often it checks whether to give up.
POOL_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.1
# Added to the server's statement_timeout, so that the server's own error is the one reported.
GRACE_SECONDS: Final = 2.0

MONITOR_NAME: Final = "jobs: database monitor"
READ_ONLY: Final = "25006"
# The methods of requests that change nothing; threads that serve no request have none.
READING: Final = frozenset({"", "GET", "HEAD", "OPTIONS"})
# The server ended the session because its transaction timed out, and rolled it back: no commit can have succeeded.
ROLLED_BACK: Final = frozenset({"25P03", "25P04"})


class ErrorWrapper(DatabaseErrorWrapper):
    """Passes each error to the backend's `note` first."""

    wrapper: Any

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Error):
            self.wrapper.note(error)
        super().__exit__(kind, error, trace)


class DatabaseWrapper(base.DatabaseWrapper):
    """Never hands out a stale connection: after a restart of the server, only requests in progress fail.

    Django's own health check runs a query before every request. But a server that closes a connection sends a message,
    so an idle connection with nothing to read is alive.
    """

    _is_committing = False

    @property
    def pool(self) -> Any:
        options = self.settings_dict["OPTIONS"].get("pool")
        if options:
            options |= {"connection_class": Connection, "reconnect_timeout": RECONNECT_SECONDS}
        return super().pool

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {
            "cursor_factory": TracedCursor if settings.OTEL else Cursor
        }

    @cached_property
    def wrap_database_errors(self) -> ErrorWrapper:
        return ErrorWrapper(self)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.pool:
            return super().get_new_connection(conn_params)
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        timeout_ms = settings.QUERY_BUDGET_MS
        if Connection.connect_another is None:
            other = conn_params | {"autocommit": True, "application_name": MONITOR_NAME}
            Connection.connect_another = lambda: MonitorConnection.connect(**other)
        if timeout_ms and Connection.monitor is None:
            self._start_monitor(Connection.connect_another)
        self.pool.open()
        return self._checked_connection(timeout_ms / 1000 + GRACE_SECONDS if timeout_ms else None)

    def _start_monitor(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        """In web servers only: migrations and seeding wait for as long as it takes."""
        availability.allowed_waiters = settings.WEB_THREADS // 2
        availability.on_read_only_change = self._drain
        Connection.monitor = Monitor(availability, connect)

    def _checked_connection(self, client_timeout: float | None) -> Connection:
        """Raises OperationalError: at once if the database is known to be unavailable, else after POOL_SECONDS."""
        deadline = monotonic() + POOL_SECONDS
        try:
            while True:
                self._fail_fast()
                try:
                    connection: Connection = self.pool.getconn(timeout=POLL_SECONDS)
                except PoolTimeout as error:
                    self._keep_waiting(deadline, error)
                    continue
                connection.client_timeout = client_timeout
                if is_alive(connection):
                    return connection
                connection.close()
                self.pool.putconn(connection)
        finally:
            availability.end_wait()

    def _fail_fast(self) -> None:
        if availability.is_unresponsive:
            raise psycopg.OperationalError("The database does not respond.")
        if availability.connect_error and Connection.all_closed():
            raise _copy(availability.connect_error)
        if availability.is_unreachable and not self.pool.get_stats()["pool_available"]:
            raise psycopg.OperationalError("The database is unreachable.")
        if unconfirmed and working.method not in READING:
            raise psycopg.OperationalError("Changes wait for a synchronous standby.")

    def _keep_waiting(self, deadline: float, error: PoolTimeout) -> None:
        availability.start_wait()
        if Connection.monitor:
            Connection.monitor.wake()
        if monotonic() > deadline or availability.should_give_up:
            raise _copy(availability.connect_error) if availability.connect_error else error

    def _drain(self) -> None:
        if self.pool and not self.pool.closed:
            self.pool.drain()

    def _commit(self) -> None:
        self._is_committing = True
        try:
            super()._commit()  # type: ignore[misc]  # the stubs lack it
        finally:
            self._is_committing = False

    def note(self, error: Error) -> None:
        """Marks an error that leaves a change's outcome unknown: the connection broke after its commit was sent."""
        if error.sqlstate == READ_ONLY:
            self.mark_read_only()
        if getattr(error, "broke_connection", False) and error.sqlstate not in ROLLED_BACK:
            error.commit_sent = self.autocommit or self._is_committing  # type: ignore[attr-defined]  # read by jobs.faults

    def mark_read_only(self) -> None:
        """The server rejected a change, or would. The monitor finds out when it accepts changes again."""
        availability.mark_read_only()
        if Connection.monitor:
            Connection.monitor.wake()

    def new_wait(self) -> Wait | None:
        """For code that waits on the connection's socket itself and has its own deadline."""
        connection = self.connection
        return Wait(connection, None) if isinstance(connection, Connection) else None

    @contextmanager
    def client_timeout(self, seconds: float) -> Iterator[None]:
        """Allows statements this long on the client side; the caller sets the server's limit."""
        self.ensure_connection()
        connection = self.connection
        if not isinstance(connection, Connection):
            yield
            return
        before, connection.client_timeout = connection.client_timeout, seconds + GRACE_SECONDS
        try:
            yield
        finally:
            connection.client_timeout = before


def _copy(error: Error) -> Error:
    """A new exception for this thread to raise."""
    return type(error)(str(error))


def is_alive(connection: psycopg.Connection[Any]) -> bool:
    if not _is_readable(connection):
        return True
    try:  # it may be a notice rather than the end of the session
        connection.execute("")
    except Error:
        return False
    return True


def _is_readable(connection: psycopg.Connection[Any]) -> bool:
    try:
        descriptor = connection.fileno()
    except Error:  # closed already
        return True
    poller = poll()
    poller.register(descriptor, POLLIN)
    return bool(poller.poll(0))
