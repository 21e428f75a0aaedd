"""The monitor's own session, which must not be the one that a request waits for."""

import psycopg
import pytest

from jobs.tests.served import database_url
from jobs.tests.waiting import eventually
from project.postgresql.availability import Availability
from project.postgresql.monitor import Monitor


@pytest.mark.django_db(transaction=True)
def test_session_is_kept_unless_the_server_has_none_left() -> None:
    sessions: list[psycopg.Connection] = []
    availability = Availability()

    def connect() -> psycopg.Connection:
        sessions.append(psycopg.connect(database_url(), autocommit=True))
        return sessions[-1]

    def probe_after(failure: str) -> None:
        availability.failed(psycopg.OperationalError(failure), 0.1)
        monitor.wake()
        eventually(lambda: not availability.needs_probe)

    monitor = Monitor(availability, connect)
    for _ in range(2):
        probe_after("connection refused")
        assert [session.closed for session in sessions] == [False]
    for _ in range(2):
        probe_after('too many connections for role "jobs_web"')
        eventually(lambda: all(session.closed for session in sessions))
    assert len(sessions) == 3, "a session that is open already proves nothing"
