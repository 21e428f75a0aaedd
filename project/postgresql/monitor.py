"""A thread that probes the database while a request waits for it or a failure lasts.

It tells a busy database from an unresponsive one, and notices when it has recovered.
"""

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any, Final

import psycopg

from project.postgresql.availability import Availability

# The server is probed once a statement has taken this long.
SLOW_SECONDS: Final = 0.75
INTERVAL_SECONDS: Final = 0.25
# While each probe needs a new session: the database is read-only, or rejects sessions.
NEW_SESSION_INTERVAL_SECONDS: Final = 1.0
# How long the connection is kept open between episodes.
IDLE_SECONDS: Final = 30.0
# Whether changes are accepted. Waits for no lock and costs next to nothing.
PROBE_QUERY: Final = "SELECT current_setting('transaction_read_only')::boolean"


class Monitor:
    """Starts its thread at the first `wake`; it ends with the process. `connect` opens the monitor's connection."""

    def __init__(
        self, availability: Availability, connect: Callable[[], psycopg.Connection[Any]]
    ) -> None:
        self._availability, self._connect = availability, connect
        self._connection: psycopg.Connection[Any] | None = None
        self._wakeup = Event()
        self._lock = Lock()
        self._thread: Thread | None = None

    def wake(self) -> None:
        """Starts probing until the state is known."""
        if self._wakeup.is_set() and self._is_running:
            return
        self._wakeup.set()
        with self._lock:
            if not self._is_running:
                self._thread = Thread(target=self._run, name="database", daemon=True)
                self._thread.start()

    @property
    def _is_running(self) -> bool:
        """False in a forked process, which does not inherit the thread."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while True:
            if not self._wakeup.wait(IDLE_SECONDS if self._connection else None):
                self._disconnect()
                continue
            self._wakeup.clear()
            while self._availability.needs_probe or self._availability.longest_wait:
                if self._availability.needs_probe or self._is_slow():
                    self._probe()
                needs_new = self._needs_new_session
                sleep(NEW_SESSION_INTERVAL_SECONDS if needs_new else INTERVAL_SECONDS)

    def _is_slow(self) -> bool:
        return self._availability.longest_wait >= SLOW_SECONDS

    @property
    def _needs_new_session(self) -> bool:
        """An open session may report the state from when it was started, or be the last one, which a request needs."""
        return self._availability.is_read_only or self._availability.connect_error is not None

    def _probe(self) -> None:
        rejects_sessions = self._availability.connect_error is not None
        if self._needs_new_session:
            self._disconnect()
        began = monotonic()
        self._availability.probe_sent()
        try:
            if self._connection is None:
                self._connection = self._connect()
            row = self._connection.execute(PROBE_QUERY).fetchone()
        except psycopg.Error as error:
            self._availability.failed(error, monotonic() - began)
            self._disconnect()
        else:
            if rejects_sessions:
                self._disconnect()  # before requests learn that the server accepts them
            self._availability.probe_answered(is_read_only=bool(row and row[0]))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
