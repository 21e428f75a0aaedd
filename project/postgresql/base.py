"""Django's PostgreSQL backend, for a server that may be away, frozen, restarted or replaced by another."""

from collections.abc import Iterator
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
from project.postgresql.connection import Connection, Probe, Wait
from project.postgresql.watching import Watcher

# Lost connections are made again every half a second, however long it takes: psycopg_pool would wait twice as long
# after each attempt, and give up after five minutes.
AttemptWithBackoff.INITIAL_DELAY = 0.5
AttemptWithBackoff.DELAY_BACKOFF = 1.0
RECONNECT_SECONDS: Final = 365 * 24 * 3600.0
# How long a request waits for a connection, and how often it looks whether waiting is in vain.
POOL_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.1
# The server's own limit comes first, so that it is the one that is told.
GRACE_SECONDS: Final = 2.0

# How its sessions are called at the server.
WATCHER: Final = "jobs: is the database there?"
# The database takes no changes.
READ_ONLY: Final = "25006"
# The server ended the session with its transaction: what the transaction had done is undone, whatever was sent last.
UNDONE: Final = frozenset({"25P03", "25P04"})


class ErrorWrapper(DatabaseErrorWrapper):
    """Lets the backend see each error on its way."""

    wrapper: Any

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Error):
            self.wrapper.note(error)
        super().__exit__(kind, error, trace)


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that comes back costs no request but those it left: stale connections are never handed out.

    Django's own check asks the server a question before every request. A server that ends a connection tells
    it, so an idle connection with nothing to read is a living one.
    """

    _is_committing = False

    @property
    def pool(self) -> Any:
        options = self.settings_dict["OPTIONS"].get("pool")
        if options:
            options |= {"connection_class": Connection, "reconnect_timeout": RECONNECT_SECONDS}
        return super().pool

    @cached_property
    def wrap_database_errors(self) -> ErrorWrapper:
        return ErrorWrapper(self)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.pool:
            return super().get_new_connection(conn_params)
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        budget = settings.QUERY_BUDGET_MS
        if budget and Connection.watcher is None:
            self._begin_to_watch(conn_params | {"autocommit": True, "application_name": WATCHER})
        self.pool.open()
        return self._living_connection(budget / 1000 + GRACE_SECONDS if budget else None)

    def _begin_to_watch(self, parameters: dict[str, Any]) -> None:
        """In a web server: what migrates or seeds waits for as long as it takes."""
        availability.patient_threads = settings.WEB_THREADS // 2
        availability.changed = self._drain
        Connection.watcher = Watcher(availability, lambda: Probe.connect(**parameters))

    def _living_connection(self, patience: float | None) -> Connection:
        """Raises OperationalError at once where the database is known to be away, and else after a while."""
        ends = monotonic() + POOL_SECONDS
        try:
            while True:
                self._refuse_in_vain()
                try:
                    connection: Connection = self.pool.getconn(timeout=LOOK_SECONDS)
                except PoolTimeout as error:
                    self._wait_on(ends, error)
                    continue
                connection.patience = patience
                if lives(connection):
                    return connection
                connection.close()
                self.pool.putconn(connection)
        finally:
            availability.end_wait()

    def _refuse_in_vain(self) -> None:
        if availability.is_silent:
            raise psycopg.OperationalError("The database does not answer.")
        if availability.complaint and Connection.none_is_open():
            raise _again(availability.complaint)
        if availability.is_refused and not self.pool.get_stats()["pool_available"]:
            raise psycopg.OperationalError("The database is away.")

    def _wait_on(self, ends: float, error: PoolTimeout) -> None:
        availability.begin_wait()
        if Connection.watcher:
            Connection.watcher.wake()
        if monotonic() > ends or availability.wait_is_over:
            raise _again(availability.complaint) if availability.complaint else error

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
        """Marks an error that leaves open what became of a change: the connection broke when what commits it was sent."""
        if error.sqlstate == READ_ONLY:
            self.found_read_only()
        if getattr(error, "broke_connection", False) and error.sqlstate not in UNDONE:
            error.was_sent = self.autocommit or self._is_committing  # type: ignore[attr-defined]  # read by jobs.faults

    def found_read_only(self) -> None:
        """A change was refused, or would be. It is found out when changes are taken again."""
        availability.found_read_only()
        if Connection.watcher:
            Connection.watcher.wake()

    def waiting(self) -> Wait | None:
        """For what waits for the server by itself, with an end of its own."""
        connection = self.connection
        return Wait(connection, None) if isinstance(connection, Connection) else None

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Lets statements take that long, for what sets a limit of its own at the server."""
        self.ensure_connection()
        connection = self.connection
        if not isinstance(connection, Connection):
            yield
            return
        before, connection.patience = connection.patience, seconds + GRACE_SECONDS
        try:
            yield
        finally:
            connection.patience = before


def _again(error: Error) -> Error:
    """For another thread to raise."""
    return type(error)(str(error))


def lives(connection: psycopg.Connection[Any]) -> bool:
    if not _has_something_to_read(connection):
        return True
    try:  # a notice is no farewell
        connection.execute("")
    except Error:
        return False
    return True


def _has_something_to_read(connection: psycopg.Connection[Any]) -> bool:
    try:
        descriptor = connection.fileno()
    except Error:  # closed already
        return True
    looked = poll()
    looked.register(descriptor, POLLIN)
    return bool(looked.poll(0))
