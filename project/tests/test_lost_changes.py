"""A connection that breaks during a change: the response depends on whether the commit had been sent."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from jobs.tests.served import Server, problem_in
from jobs.tests.waiting import eventually
from project.local import clusters
from project.tests.database_server import Database, create, dashboard, is_503

KEY = "\nIdempotency-Key: "
SLEEPS = (
    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$"
)
# Sleeps during the statement, or at the commit of its transaction.
DURING_STATEMENT = (
    "CREATE TRIGGER slow AFTER INSERT ON job FOR EACH STATEMENT EXECUTE FUNCTION slow()"
)
AT_COMMIT = (
    "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON job DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION slow()"
)
SLEEPING = "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web' AND wait_event = 'PgSleep'"


@pytest.fixture
def server(db_server: Database, tmp_path: Path) -> Iterator[Server]:
    """With a statement timeout longer than these tests."""
    with dashboard(db_server, tmp_path, QUERY_BUDGET_MS="60000") as server:
        yield server


@contextmanager
def slow(db_server: Database, trigger: str) -> Iterator[None]:
    db_server.execute(SLEEPS)
    db_server.execute(trigger)
    try:
        yield
    finally:
        db_server.execute("DROP FUNCTION slow() CASCADE")


def lost(
    db_server: Database, server: Server, trigger: str, headers: str, lose: Callable[[], object]
) -> bytes:
    """The response to a creation during which `lose` is called."""
    with slow(db_server, trigger), ThreadPoolExecutor(1) as client:
        future = client.submit(create, server, "Lost", headers)
        eventually(lambda: bool(db_server.execute(SLEEPING)))
        lose()
        return future.result(60)


def terminate_backend(db_server: Database) -> None:
    db_server.execute(SLEEPING.replace("SELECT pid", "SELECT pg_terminate_backend(pid)"))


def names(server: Server) -> list[str]:
    response = server.get("/api/jobs/?q=Lost")
    assert b" 200 OK" in response, "reads use another connection"
    return [job["name"] for job in problem_in(response)["results"]]


def test_broken_autocommit_statement_has_unknown_outcome(
    db_server: Database, server: Server
) -> None:
    response = lost(db_server, server, DURING_STATEMENT, "", lambda: terminate_backend(db_server))
    assert is_503(response, "outcome_unknown"), response
    assert b"Retry-After" not in response
    assert names(server) == []


def test_broken_commit_has_unknown_outcome(db_server: Database, server: Server) -> None:
    response = lost(
        db_server, server, AT_COMMIT, f"{KEY}commit", lambda: terminate_backend(db_server)
    )
    assert is_503(response, "outcome_unknown"), response
    assert b"\r\nRetry-After: " in response, "the idempotency key makes a retry safe"
    assert names(server) == []


def test_break_before_commit_is_known_not_to_be_applied(
    db_server: Database, server: Server
) -> None:
    response = lost(
        db_server, server, DURING_STATEMENT, f"{KEY}before", lambda: terminate_backend(db_server)
    )
    assert is_503(response, "database_unavailable"), response
    assert b"\r\nRetry-After: " in response
    assert names(server) == []


@pytest.mark.parametrize(
    ("trigger", "headers"), [(DURING_STATEMENT, ""), (AT_COMMIT, f"{KEY}crash")]
)
def test_unknown_outcome_is_reported_while_the_server_stays_down(
    db_server: Database, server: Server, trigger: str, headers: str
) -> None:
    db_server.execute(SLEEPS)
    db_server.execute(trigger)
    try:
        with ThreadPoolExecutor(1) as client:
            future = client.submit(create, server, "Lost", headers)
            eventually(lambda: bool(db_server.execute(SLEEPING)))
            db_server.execute("CHECKPOINT")  # so that the function exists after the crash
            crash(db_server)
            assert is_503(future.result(60), "outcome_unknown"), future.result()
    finally:
        db_server.start()
        db_server.execute("DROP FUNCTION slow() CASCADE")
    eventually(lambda: b" 200 OK" in server.get("/api/jobs/"))
    assert names(server) == []


def crash(db_server: Database) -> None:
    """An immediate shutdown: sessions end without a message."""
    os.kill(db_server.postmaster, signal.SIGQUIT)
    eventually(lambda: clusters.server_pid(db_server.cluster.data) is None)


def test_terminated_session_does_not_affect_others(db_server: Database, tmp_path: Path) -> None:
    waiting = (
        "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web' AND wait_event_type = 'Lock'"
    )
    with (
        dashboard(db_server, tmp_path, QUERY_BUDGET_MS="60000") as server,
        ThreadPoolExecutor(3) as clients,
    ):
        with psycopg.connect(db_server.url) as other:
            other.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(3)]
            eventually(lambda: len(db_server.execute(waiting)) == 3)
            ended, *others = db_server.execute(waiting)
            db_server.execute(f"SELECT pg_terminate_backend({ended[0]}, 5000)")
        responses = [future.result() for future in lists]
        assert sum(is_503(response, "database_unavailable") for response in responses) == 1
        for _ in range(5):
            assert b" 200 OK" in server.get("/api/jobs/")
        alive = db_server.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web'")
        assert {*others} <= {*alive}
