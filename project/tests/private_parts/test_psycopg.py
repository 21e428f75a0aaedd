"""What project/postgresql/ and jobs/transfer/export.py assume of psycopg and psycopg_pool."""

from collections.abc import Generator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import ClientCursor, errors, pq, waiting
from psycopg_pool import pool
from psycopg_pool.base import AttemptWithBackoff

from project.postgresql import base, unconfirmed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session() -> Any:
    connection.ensure_connection()
    return connection.connection


def test_wait_resumes_its_generator_at_every_interval(session: Any) -> None:
    seen: list[Any] = []

    def wait_for_nothing() -> Generator[waiting.Wait, waiting.Ready, str]:
        for _ in range(3):
            seen.append((yield waiting.WAIT_R))
        return "over"

    plain: Any = psycopg.Connection
    assert plain.wait(session, wait_for_nothing(), 0.01, None) == "over"
    assert not any(seen)
    assert len(seen) == 3


def test_every_statement_is_waited_for_by_wait(
    session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[Any] = []
    original = session.wait

    def wait(generator: Any, *args: Any, **options: Any) -> Any:
        waits.append(generator)
        return original(generator, *args, **options)

    monkeypatch.setattr(session, "wait", wait)
    session.execute("SELECT 1")
    assert waits


def test_libpq_copies_rows_as_the_export_reads_them(session: Any) -> None:
    pgconn = session.pgconn
    assert pgconn.transaction_status == pq.TransactionStatus.IDLE
    pgconn.send_query(b"COPY (VALUES (1), (2)) TO STDOUT")
    while pgconn.flush():
        pass
    while pgconn.is_busy():
        pgconn.consume_input()
    assert pgconn.get_result().status == pq.ExecStatus.COPY_OUT
    assert pgconn.transaction_status == pq.TransactionStatus.ACTIVE
    rows = []
    while (received := pgconn.get_copy_data(1))[0] != -1:
        if received[0]:
            rows.append(bytes(received[1]))
        else:
            pgconn.consume_input()
    assert rows == [b"1\n", b"2\n"]
    assert pgconn.get_result().command_tuples == 2
    assert pgconn.get_result() is None
    assert pgconn.socket == session.fileno()


def test_libpq_reports_an_error_as_a_result(session: Any) -> None:
    session.pgconn.send_query(b"SELECT 1 / 0")
    result = session.pgconn.get_result()
    assert result.status == pq.ExecStatus.FATAL_ERROR
    assert isinstance(errors.error_from_result(result), errors.DivisionByZero)
    assert session.pgconn.get_result() is None


def test_libpq_copies_rows_as_the_benchmark_reads_them(session: Any) -> None:
    session.pgconn.exec_(b"COPY (VALUES (1)) TO STDOUT")
    assert session.pgconn.get_copy_data(0)[0] == 2
    assert session.pgconn.get_copy_data(0)[0] == -1
    while session.pgconn.get_result():
        pass


def test_pool_reconnects_at_constant_intervals() -> None:
    assert vars(pool)["AttemptWithBackoff"] is AttemptWithBackoff
    attempt = AttemptWithBackoff(timeout=base.RECONNECT_SECONDS)
    for now in (0.0, 1.0, 2.0):
        attempt.update_delay(now)
        assert attempt.delay == pytest.approx(0.5, rel=0.11)


def test_every_statement_of_a_client_cursor_is_sent_by_one_method(session: Any) -> None:
    sent: list[bytes] = []

    class Recorded(ClientCursor[Any]):
        def _execute_send(self, query: Any, **kwargs: Any) -> None:
            query.query += b" /* added */"
            sent.append(query.query)
            super()._execute_send(query, **kwargs)

    with Recorded(session) as cursor:
        assert cursor.execute("SELECT %s", ["a"]).fetchone() == ("a",)
        cursor.executemany("SELECT %s", [["a"], ["b"]])
        with cursor.copy("COPY (SELECT 1) TO STDOUT") as copy:
            assert list(copy)
    assert sent == [
        b"SELECT 'a' /* added */",
        b"SELECT 'a' /* added */",
        b"SELECT 'b' /* added */",
        b"COPY (SELECT 1) TO STDOUT /* added */",
    ]


def test_the_session_of_a_connection_can_be_taken_away(session: Any) -> None:
    with psycopg.connect(session.info.dsn, autocommit=True) as other:
        taken, other.pgconn = other.pgconn, unconfirmed.closed_session()
        assert other.closed
    taken.send_query(b"SELECT pg_sleep(0.2)")
    assert not unconfirmed.is_over(taken)
    while not unconfirmed.is_over(taken):
        pass
    result = taken.get_result()
    assert result
    assert result.status == pq.ExecStatus.TUPLES_OK
    taken.finish()
    assert unconfirmed.is_over(taken)
