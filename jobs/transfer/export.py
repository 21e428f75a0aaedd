"""Export of a whole list, of any length in constant memory: one COPY, so one snapshot.

jobs.transfer.formats defines the encoding of the rows.
"""

from __future__ import annotations

import errno
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic, sleep
from typing import Any, Final

from django.db import Error, connection, transaction
from psycopg import ClientCursor, errors, pq
from psycopg import Error as PsycopgError

from jobs.backend import new_wait
from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.keyset import Window
from jobs.listing.reader import ORDERINGS
from jobs.rows import JOB_COLUMNS
from jobs.search.conditions import status_in
from jobs.statuses import StatusType
from jobs.transfer.formats import Format

BUFFER: Final = 1 << 16
# The server's limits expire this much later than the deadline here, so that the error raised is the one defined here.
GRACE_SECONDS: Final = 5
# After a wait, hundreds of rows arrive within this time: a wakeup for each packet would take a tenth of the total.
COALESCE_SECONDS: Final = 0.0005
# The interval for checking whether the database still responds.
CHECK_SECONDS: Final = 0.1
TOO_LONG: Final = "The export took too long."
LOCK_SECONDS: Final = 5
# The client has closed its sending side, on systems that report it: it may be gone, or it may still be receiving.
HALF_CLOSED: Final = getattr(select, "POLLRDHUP", 0)


class Export:
    """All jobs of a list, in its order, as an iterator of encoded buffers. Ignores the filter's page size and cursor.

    The constructor starts the COPY and reads the first rows, so errors at the start are raised there. `close` it in the
    thread that created it: it uses that thread's connection until then. Raises TimeoutError after `seconds`, and
    BrokenPipeError when the client of the descriptor `client_fd` hangs up; either cancels the COPY. A half-closed
    client still gets the whole export: `probe`, and later sending, tells it from one that is gone.
    """

    def __init__(
        self,
        job_filter: JobFilter,
        export_format: Format,
        seconds: float,
        client_fd: int | None = None,
        probe: Callable[[], None] | None = None,
    ) -> None:
        self._encode, self._prefix = export_format.encode, export_format.prefix
        self._deadline = monotonic() + seconds
        self._client_fd, self._probe = client_fd, probe
        self._half_closed = False
        self._at_end = False
        self._jobs = 0
        self._open = ExitStack()
        try:
            self._open.enter_context(transaction.atomic())
            cursor: Any = self._open.enter_context(connection.cursor())
            # Replaces the statement timeout of requests; a lock that is not available is an error much sooner.
            limits = [f"{round(each * 1000)}" for each in (seconds + GRACE_SECONDS, LOCK_SECONDS)]
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)",
                limits,
            )
            text = ClientCursor(connection.connection).mogrify(*_copy(job_filter, export_format))
            self._pgconn: pq.abc.PGconn = connection.connection.pgconn
            self._open.callback(self._cancel)
            self._start(text.encode())
            self._first, self._probe = self._read(), None
        except BaseException:
            self._open.__exit__(*sys.exc_info())
            raise

    def __iter__(self) -> Iterator[bytes]:
        try:
            rows = self._first
            while rows:
                yield self._prefix + self._encode(rows)
                self._prefix, rows = b"", self._read()
        except BaseException:
            # GeneratorExit too, if the client disconnects: cancels the COPY, discards its output, rolls back
            self._open.__exit__(*sys.exc_info())
            raise
        self._open.close()

    @property
    def jobs(self) -> int:
        """The number of exported jobs, as reported by the server; 0 until the end."""
        return self._jobs

    def close(self) -> None:
        """Ends the export at any point. Idempotent."""
        self._open.__exit__(GeneratorExit, GeneratorExit(), None)

    def _start(self, copy: bytes) -> None:
        """Sends the COPY. psycopg would wait without a deadline for its first rows, which follow the sort."""
        with connection.wrap_database_errors:
            self._pgconn.send_query(copy)
            while self._pgconn.flush():
                self._wait(select.POLLIN | select.POLLOUT)
            self._next_result()

    def _read(self) -> bytes:
        """Complete rows, at least BUFFER bytes unless the export ends; b"" at the end.

        psycopg's own loop takes two thirds longer per row.
        """
        get, rows, size = self._pgconn.get_copy_data, [], 0
        with connection.wrap_database_errors:
            while size < BUFFER and not self._at_end:
                length, row = get(1)
                if length > 0:
                    rows.append(row)
                    size += length
                elif length == 0:
                    self._wait()
                else:
                    self._at_end = True
                    while result := self._next_result():
                        self._jobs = result.command_tuples or 0
        if monotonic() > self._deadline:
            raise TimeoutError(TOO_LONG)
        return b"".join(rows)

    def _next_result(self) -> pq.abc.PGresult | None:
        """The statement's next result, or None after the last one. Raises the statement's error."""
        while self._pgconn.is_busy():
            self._wait()
        result = self._pgconn.get_result()
        if result and result.status == pq.ExecStatus.FATAL_ERROR:
            while self._next_result():
                pass
            raise errors.error_from_result(result)
        return result

    def _wait(self, events: int = select.POLLIN) -> None:
        """Waits until the server has sent data, and reads it into libpq's buffer. Other threads run meanwhile."""
        poller = select.poll()
        poller.register(self._pgconn.socket, events)
        if self._client_fd is not None:
            poller.register(self._client_fd, 0 if self._half_closed else HALF_CLOSED)
        ready = dict(poller.poll(0))
        if not ready:
            ready = self._poll(poller)
            sleep(COALESCE_SECONDS)
        if self._client_fd in ready:
            self._on_client_event(ready[self._client_fd])
        if ready.get(self._pgconn.socket, 0) & ~select.POLLOUT:
            self._pgconn.consume_input()

    def _poll(self, poller: select.poll) -> dict[int, int]:
        """The descriptors that are ready. Raises after the deadline, or if the database does not respond: the server
        cannot enforce a timeout then.
        """
        ready: dict[int, int] = {}
        wait = new_wait()
        try:
            while not ready:
                remaining = self._deadline - monotonic()
                if remaining <= 0:
                    raise TimeoutError(TOO_LONG)
                ready = dict(poller.poll(min(CHECK_SECONDS, remaining) * 1000))
                if not ready and wait:
                    wait.check()
        finally:
            if wait:
                wait.end(responded=self._pgconn.socket in ready)
        return ready

    def _on_client_event(self, events: int) -> None:
        if events != HALF_CLOSED:
            raise BrokenPipeError(errno.EPIPE, "The client of the export has disconnected.")
        self._half_closed = True
        if self._probe:
            self._probe()

    def _cancel(self) -> None:
        """Cancels a COPY that is still running and discards its output, so that the connection can be reused."""
        if self._pgconn.transaction_status != pq.TransactionStatus.ACTIVE:
            return
        self._client_fd, self._deadline = None, monotonic() + GRACE_SECONDS
        try:
            connection.connection.cancel_safe(timeout=GRACE_SECONDS)
            while result := self._next_result():
                if result.status == pq.ExecStatus.COPY_OUT:
                    self._at_end = False
                    while self._read():
                        pass
        except (Error, PsycopgError, TimeoutError):
            if self._pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                connection.close()  # it cannot be reused


def _copy(job_filter: JobFilter, export_format: Format) -> tuple[str, list[Any]]:
    """Sorts the rows before formatting them: as text they are twice as wide."""
    ordering = ORDERINGS[job_filter.ordering]
    order_by = Window(ordering, (), backwards=False, size=0).order_by
    sort_column = ordering.columns[0].sql
    is_exported = sort_column in JOB_COLUMNS.split(", ")
    columns = JOB_COLUMNS if is_exported else f"{JOB_COLUMNS}, {sort_column}"
    conditions, params = _conditions(job_filter)
    sql = f"""
        COPY (
            SELECT {export_format.columns} FROM (
                SELECT {columns} FROM job
                WHERE {" AND ".join(conditions) or "TRUE"} ORDER BY {order_by} OFFSET 0
            ) AS job ORDER BY {order_by}
        ) TO STDOUT ({export_format.options})
    """
    return sql, params


def _conditions(job_filter: JobFilter) -> tuple[list[str], list[Any]]:
    condition, values = JobList(job_filter).condition or ("", [])
    conditions, params = ([condition] if condition else []), [*values]
    match job_filter.selected_statuses:
        case ():
            conditions.append("FALSE")
        case (status,):  # compared with =, so that an index in the list's order serves it
            conditions.append("current_status = %s")
            params.append(status.value)
        case statuses if len(statuses) < len(StatusType):
            [any_status] = status_in(statuses)
            conditions.append(any_status.sql)
            params += any_status.params
    return conditions, params
