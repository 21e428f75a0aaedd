"""One process migrates at a time, and the lock itself blocks nothing else."""

from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from django.db import connection

from jobs.advisory_locks import MIGRATE
from jobs.tests.waiting import eventually
from project.migrate import alone

pytestmark = pytest.mark.django_db(transaction=True)

TRY = f"SELECT pg_try_advisory_xact_lock({MIGRATE})"
HOLDER = """
SELECT state, backend_xmin, backend_xid FROM pg_stat_activity
JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND objid = %s
"""

LAST_QUERIES = "SELECT pid, query FROM pg_stat_activity WHERE datname = current_database()"


def connect() -> psycopg.Connection[Any]:
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    parameters.pop("cursor_factory", None)
    return psycopg.connect(**parameters, autocommit=True)


@pytest.fixture
def other() -> Iterator[psycopg.Connection[Any]]:
    with connect() as other:
        yield other


def test_lock_is_held_only_within_the_block(other: psycopg.Connection[Any]) -> None:
    with alone():
        assert other.execute(TRY).fetchone() == (False,)
        with connection.cursor() as cursor:  # the connection that migrates is another one
            cursor.execute("SELECT 1")
        connection.close()
        assert other.execute(TRY).fetchone() == (False,)
    assert other.execute(TRY).fetchone() == (True,)


def test_error_releases_the_lock(other: psycopg.Connection[Any]) -> None:
    with pytest.raises(ZeroDivisionError), alone():
        raise ZeroDivisionError
    assert other.execute(TRY).fetchone() == (True,)


def test_lock_transaction_blocks_nothing(other: psycopg.Connection[Any]) -> None:
    """It has neither a snapshot nor a transaction id."""
    other.execute("CREATE TABLE migrated (n int)")
    try:
        with alone():
            assert other.execute(HOLDER, [MIGRATE]).fetchall() == [
                ("idle in transaction", None, None)
            ]
            other.execute("SET statement_timeout = '10s'")
            other.execute("CREATE INDEX CONCURRENTLY migrated_n ON migrated (n)")
    finally:
        other.execute("DROP TABLE migrated")


def test_idle_transaction_limits_do_not_release_the_lock(other: psycopg.Connection[Any]) -> None:
    name = connection.settings_dict["NAME"]
    limits = ("idle_in_transaction_session_timeout", "transaction_timeout")
    try:
        for limit in limits:
            other.execute(f'ALTER DATABASE "{name}" SET {limit} = 100')
        with alone():
            with closing(connect()) as idle:
                idle.execute("SET idle_in_transaction_session_timeout = 100; BEGIN")
                alive = "SELECT FROM pg_stat_activity WHERE pid = %s"
                pid = idle.info.backend_pid
                eventually(lambda: not other.execute(alive, [pid]).fetchall())
            assert other.execute(TRY).fetchone() == (False,)
    finally:
        for limit in limits:
            other.execute(f'ALTER DATABASE "{name}" RESET {limit}')


def test_waits_for_a_session_level_lock(other: psycopg.Connection[Any]) -> None:
    """Another release may hold such a lock."""
    entered = Event()

    def migrate() -> None:
        with alone():
            entered.set()

    before = {pid for pid, _ in other.execute(LAST_QUERIES)}
    other.execute(f"SELECT pg_advisory_lock({MIGRATE})")
    thread = Thread(target=migrate)
    thread.start()
    try:
        # until it has failed to take the lock and rolled back
        while not any(
            pid not in before and query == "ROLLBACK" for pid, query in other.execute(LAST_QUERIES)
        ):
            assert thread.is_alive()
        assert not entered.is_set()
    finally:
        other.execute(f"SELECT pg_advisory_unlock({MIGRATE})")
        thread.join(60)
    assert entered.is_set()
