"""A pooled connection serves only while its server keeps it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from project.postgresql.base import lives
from project.postgresql.connection import Connection

pytestmark = pytest.mark.django_db(transaction=True)


def connect() -> psycopg.Connection[Any]:
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    return psycopg.connect(**parameters, autocommit=True)


@pytest.fixture
def other() -> Iterator[psycopg.Connection[Any]]:
    with connect() as other:
        yield other


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
    return number


def test_connections_that_the_server_ended_are_not_handed_out(
    other: psycopg.Connection[Any],
) -> None:
    first = backend()
    connection.close()
    other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    for _ in range(5):
        assert backend() != first
        connection.close()


def test_a_connection_with_a_notice_to_read_lives_and_an_ended_one_does_not(
    other: psycopg.Connection[Any],
) -> None:
    with connect() as idle:
        assert lives(idle)
        idle.execute("LISTEN greetings")
        other.execute("NOTIFY greetings")
        assert lives(idle)
        ended = idle.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
        assert not lives(idle)
        idle.close()
        assert not lives(idle)


def test_a_statement_past_its_time_is_cancelled_and_its_connection_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("project.postgresql.connection.CANCEL_SECONDS", 30.0)
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with Connection.connect(**parameters, autocommit=True) as own:
        own.execute("SET statement_timeout = 0")
        own.patience = 0.3
        with pytest.raises(psycopg.errors.QueryCanceled):
            own.execute("SELECT pg_sleep(600)")
        own.patience = None
        assert own.execute("SELECT 1").fetchone() == (1,)
