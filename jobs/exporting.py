"""A whole list as text, of any length in the same memory: one COPY, so one snapshot whatever is written meanwhile.

How a row is written is said in jobs.written.
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

from jobs.criteria import one_of
from jobs.filters import JobFilter
from jobs.keyset import Stretch
from jobs.listing import ORDERINGS
from jobs.statuses import StatusType
from jobs.written import COLUMNS, Format

BUFFER: Final = 1 << 16
# The server's own limit comes after ours, so that ours is the one that is told.
GRACE_SECONDS: Final = 5
# Where rows are waited for, a moment later there are hundreds: being woken for each packet is a tenth of the time.
MOMENT: Final = 0.0005
# How often it is looked whether the database still answers.
LOOK_SECONDS: Final = 0.1
TOO_LONG: Final = "The export took too long."
LOCK_SECONDS: Final = 5
# The end of what the reader says, where the system tells it: perhaps it has gone, perhaps it only listens.
SAID_ALL: Final = getattr(select, "POLLRDHUP", 0)


class Export:
    """The jobs of a list, in its order, a buffer of text at a time. Its page and cursor do not matter.

    Reading begins at once, so that what fails at the start fails here. `close` it in the thread that made it: the
    connection is at work until then. Raises TimeoutError after `seconds`, and BrokenPipeError once the descriptor
    `watched`, of whoever waits for the text, hangs up; each ends the COPY at the server. A reader that has only said
    all that it will gets everything: whether it is there is found out by `knock`, and later by sending it more.
    """

    def __init__(
        self,
        job_filter: JobFilter,
        form: Format,
        seconds: float,
        watched: int | None = None,
        knock: Callable[[], None] | None = None,
    ) -> None:
        self._finished, self._prefix = form.finished, form.prefix
        self._ends = monotonic() + seconds
        self._watched, self._knock = watched, knock
        self._has_said_all = False
        self._is_read = False
        self._jobs = 0
        self._open = ExitStack()
        try:
            self._open.enter_context(transaction.atomic())
            cursor: Any = self._open.enter_context(connection.cursor())
            # The budget of a question is not that of a million rows; waiting for a lock is no part of it.
            limits = [f"{round(each * 1000)}" for each in (seconds + GRACE_SECONDS, LOCK_SECONDS)]
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)",
                limits,
            )
            text = ClientCursor(connection.connection).mogrify(*_copy(job_filter, form))
            self._pgconn: pq.abc.PGconn = connection.connection.pgconn
            self._open.callback(self._stop)
            self._start(text.encode())
            self._first, self._knock = self._read(), None
        except BaseException:
            self._open.__exit__(*sys.exc_info())
            raise

    def __iter__(self) -> Iterator[bytes]:
        try:
            rows = self._first
            while rows:
                yield self._prefix + self._finished(rows)
                self._prefix, rows = b"", self._read()
        except BaseException:
            # also where the reader goes away: the COPY is cancelled, what it still sends is read, all is rolled back
            self._open.__exit__(*sys.exc_info())
            raise
        self._open.close()

    @property
    def jobs(self) -> int:
        """How many there were, as the server counts them; 0 until the end."""
        return self._jobs

    def close(self) -> None:
        """End it, wherever it is. Twice is as good as once."""
        given_up = GeneratorExit()
        self._open.__exit__(GeneratorExit, given_up, None)

    def _start(self, copy: bytes) -> None:
        """psycopg would wait for the first rows where nothing ends the waiting: they come after all is sorted."""
        with connection.wrap_database_errors:
            self._pgconn.send_query(copy)
            while self._pgconn.flush():
                self._wait(select.POLLIN | select.POLLOUT)
            self._next_result()

    def _read(self) -> bytes:
        """Whole rows, at least BUFFER bytes of them unless they end; then nothing.

        Row by row in this loop, and not by psycopg's, which takes two thirds longer for each.
        """
        get, rows, size = self._pgconn.get_copy_data, [], 0
        with connection.wrap_database_errors:
            while size < BUFFER and not self._is_read:
                length, row = get(1)
                if length > 0:
                    rows.append(row)
                    size += length
                elif length == 0:
                    self._wait()
                else:
                    self._is_read = True
                    while told := self._next_result():
                        self._jobs = told.command_tuples or 0
        if monotonic() > self._ends:
            raise TimeoutError(TOO_LONG)
        return b"".join(rows)

    def _next_result(self) -> pq.abc.PGresult | None:
        """What the server says of the statement, None after all; its error is raised."""
        while self._pgconn.is_busy():
            self._wait()
        result = self._pgconn.get_result()
        if result and result.status == pq.ExecStatus.FATAL_ERROR:
            while self._next_result():
                pass
            raise errors.error_from_result(result)
        return result

    def _wait(self, for_what: int = select.POLLIN) -> None:
        """Until the server has sent something, which is taken in. Other threads run meanwhile."""
        waiting = select.poll()
        waiting.register(self._pgconn.socket, for_what)
        if self._watched is not None:
            waiting.register(self._watched, 0 if self._has_said_all else SAID_ALL)
        ready = dict(waiting.poll(0))
        if not ready:
            ready = self._waited(waiting)
            sleep(MOMENT)
        if self._watched in ready:
            self._notice(ready[self._watched])
        if ready.get(self._pgconn.socket, 0) & ~select.POLLOUT:
            self._pgconn.consume_input()

    def _waited(self, waiting: select.poll) -> dict[int, int]:
        """What is ready, in the end. Raises where the database does not answer, which sets no end to it."""
        ready: dict[int, int] = {}
        wait = getattr(connection, "waiting", lambda: None)()
        try:
            while not ready:
                rest = self._ends - monotonic()
                if rest <= 0:
                    raise TimeoutError(TOO_LONG)
                ready = dict(waiting.poll(min(LOOK_SECONDS, rest) * 1000))
                if not ready and wait:
                    wait.look()
        finally:
            if wait:
                wait.end(heard=self._pgconn.socket in ready)
        return ready

    def _notice(self, told: int) -> None:
        if told != SAID_ALL:
            raise BrokenPipeError(errno.EPIPE, "The reader of the export has gone.")
        self._has_said_all = True
        if self._knock:
            self._knock()

    def _stop(self) -> None:
        """Where the COPY is still at work, it is cancelled, and what was on its way is read: the connection is free."""
        if self._pgconn.transaction_status != pq.TransactionStatus.ACTIVE:
            return
        self._watched, self._ends = None, monotonic() + GRACE_SECONDS
        try:
            connection.connection.cancel_safe(timeout=GRACE_SECONDS)
            while result := self._next_result():
                if result.status == pq.ExecStatus.COPY_OUT:
                    self._is_read = False
                    while self._read():
                        pass
        except (Error, PsycopgError, TimeoutError):
            if self._pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                connection.close()  # it is not for the next one


def _copy(job_filter: JobFilter, form: Format) -> tuple[str, list[Any]]:
    """The rows are sorted as they are stored, then spelled out: sorted as text they would be twice as wide."""
    ordering = ORDERINGS[job_filter.ordering]
    order_by = Stretch(ordering, (), backwards=False, size=0).order_by
    by_name = "" if ordering.columns[0].field in COLUMNS[3:] else ", name_key"
    conditions, params = _conditions(job_filter)
    sql = f"""
        COPY (
            SELECT {form.columns} FROM (
                SELECT {", ".join(COLUMNS)}{by_name} FROM job
                WHERE {" AND ".join(conditions) or "TRUE"} ORDER BY {order_by} OFFSET 0
            ) AS job ORDER BY {order_by}
        ) TO STDOUT ({form.options})
    """
    return sql, params


def _conditions(job_filter: JobFilter) -> tuple[list[str], list[Any]]:
    condition, values = job_filter.condition or ("", [])
    conditions, params = ([condition] if condition else []), [*values]
    match job_filter.chosen:
        case ():
            conditions.append("FALSE")
        case (status,):  # as one value, an index in the list's order serves it
            conditions.append("current_status = %s")
            params.append(status.value)
        case some if len(some) < len(StatusType):
            [one] = one_of(some)
            conditions.append(one.sql)
            params += one.params
    return conditions, params
