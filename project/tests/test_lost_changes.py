"""A connection that breaks while a change is made: what the client is told depends on what had been sent."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from jobs.tests.served import Server, problem_in, soon
from project.local import postgres
from project.tests.database_server import Database, create, dashboard, is_refused

KEY = "\nIdempotency-Key: "
SLEEPS = (
    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$"
)
# Within the statement, and when its transaction is committed.
AT_ONCE = "CREATE TRIGGER slow AFTER INSERT ON job FOR EACH STATEMENT EXECUTE FUNCTION slow()"
AT_COMMIT = (
    "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON job DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION slow()"
)
AT_WORK = "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web' AND wait_event = 'PgSleep'"


@pytest.fixture
def server(own: Database, tmp_path: Path) -> Iterator[Server]:
    """Its statements may take longer than these tests do: they end as they are ended."""
    with dashboard(own, tmp_path, QUERY_BUDGET_MS="60000") as server:
        yield server


@contextmanager
def slow(own: Database, trigger: str) -> Iterator[None]:
    own.execute(SLEEPS)
    own.execute(trigger)
    try:
        yield
    finally:
        own.execute("DROP FUNCTION slow() CASCADE")


def lost(
    own: Database, server: Server, trigger: str, headers: str, lose: Callable[[], object]
) -> bytes:
    """The answer to a creation whose server is lost in the middle of it."""
    with slow(own, trigger), ThreadPoolExecutor(1) as client:
        asked = client.submit(create, server, "Lost", headers)
        assert soon(lambda: bool(own.execute(AT_WORK)), 20)
        lose()
        return asked.result(30)


def end_backend(own: Database) -> None:
    own.execute(AT_WORK.replace("SELECT pid", "SELECT pg_terminate_backend(pid)"))


def names(server: Server) -> list[str]:
    answer = server.get("/api/jobs/?q=Lost")
    assert b" 200 OK" in answer, "a question is answered by another connection"
    return [job["name"] for job in problem_in(answer)["results"]]


def test_a_statement_that_commits_by_itself_may_have_been_done(
    own: Database, server: Server
) -> None:
    answer = lost(own, server, AT_ONCE, "", lambda: end_backend(own))
    assert is_refused(answer, "outcome_unknown"), answer
    assert b"Retry-After" not in answer
    assert names(server) == []


def test_what_broke_while_it_was_committed_may_have_been_done(
    own: Database, server: Server
) -> None:
    answer = lost(own, server, AT_COMMIT, f"{KEY}commit", lambda: end_backend(own))
    assert is_refused(answer, "outcome_unknown"), answer
    assert b"\r\nRetry-After: " in answer, "by its key it finds out"
    assert names(server) == []


def test_what_broke_before_it_was_committed_was_not_done(own: Database, server: Server) -> None:
    answer = lost(own, server, AT_ONCE, f"{KEY}before", lambda: end_backend(own))
    assert is_refused(answer, "database_unavailable"), answer
    assert b"\r\nRetry-After: " in answer
    assert names(server) == []


@pytest.mark.parametrize(("trigger", "headers"), [(AT_ONCE, ""), (AT_COMMIT, f"{KEY}crash")])
def test_a_server_that_does_not_come_back_hides_no_open_outcome(
    own: Database, server: Server, trigger: str, headers: str
) -> None:
    own.execute(SLEEPS)
    own.execute(trigger)
    try:
        with ThreadPoolExecutor(1) as client:
            asked = client.submit(create, server, "Lost", headers)
            assert soon(lambda: bool(own.execute(AT_WORK)), 20)
            own.execute("CHECKPOINT")  # the function is there after the crash
            crash(own)
            assert is_refused(asked.result(30), "outcome_unknown"), asked.result()
    finally:
        own.start()
        own.execute("DROP FUNCTION slow() CASCADE")
    assert soon(lambda: b" 200 OK" in server.get("/api/jobs/"), 20)
    assert names(server) == []


def crash(own: Database) -> None:
    """The server ends at once, and leaves its sessions no time for a farewell."""
    os.kill(own.postmaster, signal.SIGQUIT)
    assert soon(lambda: postgres.running(own.cluster.data) is None, 60)


def test_a_session_that_is_ended_costs_no_other(own: Database, tmp_path: Path) -> None:
    waiting = (
        "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web' AND wait_event_type = 'Lock'"
    )
    with (
        dashboard(own, tmp_path, QUERY_BUDGET_MS="60000") as server,
        ThreadPoolExecutor(3) as clients,
    ):
        with psycopg.connect(own.url) as other:
            other.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(3)]
            assert soon(lambda: len(own.execute(waiting)) == 3, 15)
            ended, *others = own.execute(waiting)
            own.execute(f"SELECT pg_terminate_backend({ended[0]}, 5000)")
        answers = [asked.result() for asked in lists]
        assert sum(is_refused(answer, "database_unavailable") for answer in answers) == 1
        for _ in range(5):
            assert b" 200 OK" in server.get("/api/jobs/")
        alive = own.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web'")
        assert {*others} <= {*alive}
