"""A pooled connection serves only while its server keeps it."""

import psycopg
import pytest
from django.db import connection


def ask(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_not_handed_out() -> None:
    first = ask("SELECT pg_backend_pid()")
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    connection.close()
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert ask("SELECT pg_backend_pid()") != first


@pytest.mark.django_db(transaction=True)
def test_a_connection_with_something_to_read_is_asked_and_kept() -> None:
    ask("SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        cursor.execute("LISTEN greetings")
        cursor.execute("SELECT pg_backend_pid()")
        [first] = cursor.fetchone()
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    connection.close()
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("NOTIFY greetings")
    assert ask("SELECT pg_backend_pid()") == first
