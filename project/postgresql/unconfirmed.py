"""Commits that wait for a synchronous standby, and whose requests have given up.

The server has written such a change, but shows it to nobody and does not confirm it before the standby has it too. No
timeout ends that, and a cancellation would make the server report success for what a failover may lose. So the session is
left alone, away from the pool, until the standby has answered; meanwhile further changes fail before they begin.
"""

from threading import Lock, Thread
from time import sleep
from typing import Any, Final

import psycopg
from psycopg.pq import PGconn

INTERVAL_SECONDS: Final = 0.25
# Asked of the server from another session: only a role's own sessions can be seen, and it is one.
WAITS_FOR_STANDBY: Final = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event = 'SyncRep')"
)
# The notice of a commit whose wait was ended by somebody: its text is translated, its place in the source is not.
SOURCE: Final = "SyncRepWaitForLSN"


class Unconfirmed:
    """The sessions of this process that wait for a standby."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sessions: list[Any] = []
        self._thread: Thread | None = None

    def __bool__(self) -> bool:
        return bool(self._sessions)

    def leave(self, connection: psycopg.Connection[Any]) -> None:
        """Takes the session away from the connection, which is closed from then on."""
        session, connection.pgconn = connection.pgconn, closed_session()
        with self._lock:
            self._sessions.append(session)
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._watch, name="unconfirmed", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        """Until all have ended. Closing a session then rolls nothing back: its transaction has ended as well."""
        while True:
            for session in [*self._sessions]:
                if is_over(session):
                    session.finish()
                    self._sessions.remove(session)
            with self._lock:
                if not self._sessions:
                    self._thread = None
                    return
            sleep(INTERVAL_SECONDS)


def is_over(session: Any) -> bool:
    """Whether the server has answered, or is gone."""
    try:
        session.consume_input()
        return not session.is_busy()
    except psycopg.Error:
        return True


def closed_session() -> Any:
    """A connection of libpq that is closed."""
    session = PGconn.connect_start(b"")
    session.finish()
    return session


unconfirmed: Final = Unconfirmed()
