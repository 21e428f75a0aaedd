"""A whole list as text, of any length in the same memory: one COPY, so one snapshot whatever is written meanwhile.

PostgreSQL sorts, escapes and spells out the values. What is the same in every row is put between them here, a buffer
at a time: in SQL it would be copied for every row, and that is a third of the work.
"""

from __future__ import annotations

import errno
import re
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from psycopg import errors, pq

from jobs.criteria import one_of
from jobs.filters import JobFilter
from jobs.keyset import Stretch
from jobs.listing import ORDERINGS
from jobs.querysets import utc_text_sql
from jobs.statuses import StatusType

COLUMNS: Final = ("id", "name", "current_status", "created_at", "updated_at")
BUFFER: Final = 1 << 16
# The server's own limit comes after ours, so that ours is the one that is told.
GRACE_SECONDS: Final = 5
LOCK_SECONDS: Final = 5
# A hang-up is seen while waiting for rows, where the system tells it; everywhere at the next send.
HUNG_UP: Final = getattr(select, "POLLRDHUP", 0) | select.POLLHUP

# What spreadsheets take for the beginning of a formula, and what they drop before one (OWASP, CSV injection).
FORMULA_STARTS: Final = "=+\\-@\\t\\n\\r＝＋－＠"
GUARD: Final = "'"
GUARDED: Final = re.compile(f"{GUARD}+[{FORMULA_STARTS}]")
TIMES: Final = (
    f"{utc_text_sql('created_at')} AS created_at, {utc_text_sql('updated_at')} AS updated_at"
)
# A look at the first character spares most names the pattern: letters begin no formula.
GUARDED_NAME: Final = f"""
    CASE WHEN ascii(name) BETWEEN 65 AND 65280 THEN name
    WHEN name ~ '^''*[{FORMULA_STARTS}]' THEN '''' || name ELSE name END
"""


class Format(NamedTuple):
    """`columns` and `options` for COPY; `finished` makes whole rows of it the text that is sent."""

    media_type: str
    columns: str
    options: str
    finished: Callable[[bytes], bytes]


def _with_keys(rows: bytes) -> bytes:
    """`1⇥"Wing"⇥PENDING⇥…Z⇥…Z⏎` as JSON. In JSON no tab and no line's end stands for itself: each is one of ours."""
    keyed = (
        rows.replace(b'\t"', b',"name":"')
        .replace(b'"\t', b'","current_status":"')
        .replace(b"Z\t", b'Z","updated_at":"')
        .replace(b"\t", b'","created_at":"')
        .replace(b"\n", b'"}\n{"id":')
    )
    return b'{"id":' + keyed.removesuffix(b'{"id":')


def _as_it_is(rows: bytes) -> bytes:
    return rows


FORMATS: Final = {
    "ndjson": Format(
        "application/x-ndjson",
        f"id, to_json(name) AS name, current_status, {TIMES}",
        r"FORMAT csv, DELIMITER E'\t', QUOTE E'\x02'",  # no JSON holds either: nothing is quoted
        _with_keys,
    ),
    "csv": Format(
        "text/csv; charset=utf-8; header=present",
        f"id, {GUARDED_NAME} AS name, current_status, {TIMES}",
        "FORMAT csv, HEADER, FORCE_QUOTE (name)",
        _as_it_is,
    ),
}


def guarded(name: str) -> bool:
    """Whether a cell of our CSV carries a guard before what the name is."""
    return GUARDED.match(name) is not None


class Export:
    """The jobs of a list, in its order, a buffer of text at a time. Its page and cursor do not matter.

    Reading begins at once, so that what fails at the start fails here. `close` it in the thread that made it: the
    connection is at work until then. Raises TimeoutError after `seconds`, and BrokenPipeError once the descriptor
    `watched`, of whoever waits for the text, hangs up; each ends the COPY at the server.
    """

    def __init__(
        self, job_filter: JobFilter, form: Format, seconds: float, watched: int | None = None
    ) -> None:
        self._finished = form.finished
        self._ends = monotonic() + seconds
        self._watched = watched
        self._is_read = False
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
            sql, params = _copy(job_filter, form)
            with connection.wrap_database_errors:
                self._open.enter_context(cursor.copy(sql, params))
            self._pgconn: pq.abc.PGconn = connection.connection.pgconn
            self._first = self._read()
        except BaseException:
            self._open.__exit__(*sys.exc_info())
            raise

    def __iter__(self) -> Iterator[bytes]:
        try:
            rows = self._first
            while rows:
                yield self._finished(rows)
                rows = self._read()
        except BaseException:
            # also where the reader goes away: the COPY is cancelled, what it still sends is read, all is rolled back
            self._open.__exit__(*sys.exc_info())
            raise
        self._open.close()

    def close(self) -> None:
        """End it, wherever it is. Twice is as good as once."""
        given_up = GeneratorExit()
        self._open.__exit__(GeneratorExit, given_up, None)

    def _read(self) -> bytes:
        """Whole rows, at least BUFFER bytes of them unless they end; then nothing.

        Row by row in this loop, and not by psycopg's: its own is three times the work. Waiting leaves the interpreter
        to the other threads.
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
                    self._pgconn.consume_input()
                else:
                    self._is_read = True
                    self._check_end()
        if monotonic() > self._ends:
            raise TimeoutError("The export took too long.")
        return b"".join(rows)

    def _wait(self) -> None:
        waiting = select.poll()
        waiting.register(self._pgconn.socket, select.POLLIN)
        if self._watched is not None:
            waiting.register(self._watched, HUNG_UP)
        ready = waiting.poll(max(0, self._ends - monotonic()) * 1000)
        if not ready:
            raise TimeoutError("The export took too long.")
        if any(descriptor == self._watched for descriptor, _ in ready):
            raise BrokenPipeError(errno.EPIPE, "The reader of the export has gone.")

    def _check_end(self) -> None:
        """The rows are over: because they were all, or because something went wrong."""
        while result := self._pgconn.get_result():
            if result.status != pq.ExecStatus.COMMAND_OK:
                failure = errors.error_from_result(result)
                while self._pgconn.get_result():
                    pass
                raise failure


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
