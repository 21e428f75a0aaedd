"""A thread that asks the database the simplest question, while somebody has waited for it or something is wrong.

It tells a database that is busy from one that does not answer, and finds out when it is back.
"""

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any, Final

import psycopg

from project.postgresql.availability import Availability

# A statement that has taken so long is one whose server is asked.
DOUBT_SECONDS: Final = 0.75
PAUSE_SECONDS: Final = 0.25
# Where each question needs a new session.
READ_ONLY_PAUSE_SECONDS: Final = 1.0
# How long its connection is kept for the next time.
KEPT_SECONDS: Final = 30.0
# Whether a change would be taken: it waits for no lock, and costs nothing.
QUESTION: Final = "SELECT current_setting('transaction_read_only')::boolean"


class Watcher:
    """Its thread begins with the first doubt, and ends with the process. `connect` makes the connection it asks on."""

    def __init__(
        self, availability: Availability, connect: Callable[[], psycopg.Connection[Any]]
    ) -> None:
        self._availability, self._connect = availability, connect
        self._connection: psycopg.Connection[Any] | None = None
        self._doubt = Event()
        self._lock = Lock()
        self._thread: Thread | None = None

    def wake(self) -> None:
        """There is something to find out."""
        if self._doubt.is_set() and self._is_awake:
            return
        self._doubt.set()
        with self._lock:
            if not self._is_awake:
                self._thread = Thread(target=self._run, name="database", daemon=True)
                self._thread.start()

    @property
    def _is_awake(self) -> bool:
        """Not in a process that was forked from one that asks."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while True:
            if not self._doubt.wait(KEPT_SECONDS if self._connection else None):
                self._drop()
                continue
            self._doubt.clear()
            while self._availability.is_in_doubt or self._availability.longest_wait:
                if self._availability.is_in_doubt or self._is_due():
                    self._look()
                is_read_only = self._availability.is_read_only
                sleep(READ_ONLY_PAUSE_SECONDS if is_read_only else PAUSE_SECONDS)

    def _is_due(self) -> bool:
        return self._availability.longest_wait >= DOUBT_SECONDS

    def _look(self) -> None:
        if self._availability.is_read_only:
            self._drop()  # what a session says of itself may have been true only when it began
        began = monotonic()
        self._availability.asked()
        try:
            if self._connection is None:
                self._connection = self._connect()
            row = self._connection.execute(QUESTION).fetchone()
        except psycopg.Error as error:
            self._availability.failed(error, monotonic() - began)
            self._drop()
        else:
            self._availability.answered(is_read_only=bool(row and row[0]))

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
