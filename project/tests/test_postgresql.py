"""Pooled connections: stale ones are not used, and statements have a client-side timeout."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from project.postgresql.base import is_alive
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


def test_terminated_connections_are_not_reused(
    other: psycopg.Connection[Any],
) -> None:
    first = backend()
    connection.close()
    other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    for _ in range(5):
        assert backend() != first
        connection.close()


def test_connection_with_a_notice_is_alive_and_a_terminated_one_is_not(
    other: psycopg.Connection[Any],
) -> None:
    with connect() as idle:
        assert is_alive(idle)
        idle.execute("LISTEN greetings")
        other.execute("NOTIFY greetings")
        assert is_alive(idle)
        ended = idle.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
        assert not is_alive(idle)
        idle.close()
        assert not is_alive(idle)


def test_client_timeout_cancels_the_statement_and_keeps_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("project.postgresql.connection.CANCEL_SECONDS", 30.0)
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with Connection.connect(**parameters, autocommit=True) as bounded:
        bounded.execute("SET statement_timeout = 0")
        bounded.client_timeout = 0.3
        with pytest.raises(psycopg.errors.QueryCanceled):
            bounded.execute("SELECT pg_sleep(600)")
        bounded.client_timeout = None
        assert bounded.execute("SELECT 1").fetchone() == (1,)
