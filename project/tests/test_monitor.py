"""The monitor's own session, which must not be the one that a request waits for."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from jobs.tests.served import database_url
from jobs.tests.waiting import eventually
from project.postgresql import monitor as module
from project.postgresql.availability import Availability
from project.postgresql.monitor import Monitor


@pytest.fixture
def sessions() -> Iterator[list[psycopg.Connection[Any]]]:
    """Those that the monitor has opened."""
    sessions: list[psycopg.Connection[Any]] = []
    yield sessions
    for session in sessions:
        session.close()


@pytest.mark.django_db(transaction=True)
def test_session_is_kept_unless_the_server_has_none_left(
    sessions: list[psycopg.Connection[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 3_600)
    availability = Availability()

    def connect() -> psycopg.Connection[Any]:
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
    for number in (2, 3):
        probe_after('too many connections for role "jobs_web"')
        # At once, not only when it has been idle: the requests go on as soon as they know.
        assert [session.closed for session in sessions] == [True] * number
