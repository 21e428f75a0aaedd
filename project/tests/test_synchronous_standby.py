"""A change that waits for a synchronous standby is never reported as made before the standby has it."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobs.tests.served import Server, problem_in
from jobs.tests.waiting import eventually
from project.local import clusters, postgres
from project.tests.database_server import Database, children_of, create, dashboard, is_503
from project.tests.standby import standby_of

KEY = "\nIdempotency-Key: "
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'jobs_web'"
STREAMING = "SELECT pid FROM pg_stat_replication WHERE sync_state = 'sync'"


@pytest.fixture(scope="module")
def standby(db_server: Database) -> Iterator[postgres.Cluster]:
    with standby_of(db_server) as standby:
        db_server.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        db_server.execute("ALTER SYSTEM SET synchronous_commit = 'on'")
        db_server.execute("SELECT pg_reload_conf()")
        eventually(lambda: bool(db_server.execute(STREAMING)))
        yield standby
        db_server.execute("ALTER SYSTEM RESET synchronous_standby_names")
        db_server.execute("SELECT pg_reload_conf()")


@pytest.fixture
def server(
    standby: postgres.Cluster, db_server: Database, tmp_path: Path, static_root: str
) -> Iterator[Server]:
    with dashboard(db_server, tmp_path, QUERY_BUDGET_MS="1000", STATIC_ROOT=static_root) as server:
        yield server


@contextmanager
def frozen(standby: postgres.Cluster) -> Iterator[None]:
    postmaster = clusters.server_pid(standby.data)
    assert postmaster
    processes = [postmaster, *children_of(postmaster)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def names(server: Server) -> list[str]:
    response = server.get("/api/jobs/?q=Waits")
    assert b" 200 OK" in response, response
    return [job["name"] for job in problem_in(response)["results"]]


@pytest.mark.parametrize("headers", ["", f"{KEY}waits"], ids=["without a key", "with a key"])
def test_a_change_that_waits_has_an_unknown_outcome_until_the_standby_is_back(
    server: Server, standby: postgres.Cluster, db_server: Database, headers: str
) -> None:
    name = f"Waits {len(headers)}"
    with frozen(standby):
        response = create(server, name, headers)
        assert is_503(response, "outcome_unknown"), response
        assert (b"\r\nRetry-After: " in response) is bool(headers)
        assert name not in names(server), "nobody sees it yet"
        refused = create(server, "Waits too", headers)
        assert is_503(refused, "database_unavailable"), refused
        assert b"\r\nRetry-After: " in refused, "it was not begun"
        assert len(db_server.execute(WAITING)) == 1, "the commit is left alone"
    eventually(lambda: name in names(server))
    eventually(lambda: b" 201 Created" in create(server, "Waits no more"))
    if headers:
        again = create(server, name, headers)
        assert b" 201 Created" in again, again
    assert names(server).count(name) == 1
    assert "Waits too" not in names(server)


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
@pytest.mark.parametrize("headers", ["", KEY], ids=["without a key", "with a key"])
def test_a_wait_that_somebody_ends_is_no_success(
    server: Server, standby: postgres.Cluster, db_server: Database, headers: str, end: str
) -> None:
    key = f"{headers}{end}" if headers else ""
    with frozen(standby), ThreadPoolExecutor(1) as client:
        future = client.submit(create, server, "Ended", key)
        eventually(lambda: bool(db_server.execute(WAITING)))
        db_server.execute(WAITING.replace("SELECT pid", f"SELECT {end}(pid)"))
        response = future.result(60)
        assert is_503(response, "outcome_unknown"), response
    eventually(lambda: bool(db_server.execute(STREAMING)))
    eventually(lambda: b" 201 Created" in create(server, "After"))


def test_reads_go_on_while_changes_wait(
    server: Server, standby: postgres.Cluster, db_server: Database
) -> None:
    with frozen(standby):
        with ThreadPoolExecutor(8) as clients:
            changes = [clients.submit(create, server, f"Many {number}") for number in range(8)]
            answers = [change.result(60) for change in changes]
        assert all(
            is_503(answer, "outcome_unknown") or is_503(answer, "database_unavailable")
            for answer in answers
        ), answers
        assert all(b" 200 OK" in server.get("/api/jobs/") for _ in range(20))
        assert b" 200 OK" in server.get("/")
    eventually(lambda: not db_server.execute(WAITING))
    eventually(lambda: b" 201 Created" in create(server, "After"))
