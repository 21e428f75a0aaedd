"""A dashboard on a database that is unavailable, frozen or busy, with real processes."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import psycopg

from jobs.tests.served import Server, problem_in, read_all
from jobs.tests.waiting import eventually
from project.server.thread_pools import ThreadPools
from project.tests.database_server import HEALTH, Database, create, dashboard, is_503


def test_recovers_with_the_database(db_server: Database, server: Server) -> None:
    assert create(server).startswith(b"HTTP/1.1 201 ")
    db_server.stop()
    try:
        eventually(lambda: is_503(create(server), "database_unavailable"))
        for _ in range(20):
            assert is_503(server.get("/api/jobs/"), "database_unavailable")
    finally:
        db_server.start()
    eventually(lambda: create(server).startswith(b"HTTP/1.1 201 "))


def test_frozen_database_does_not_block_other_requests(
    db_server: Database, tmp_path: Path, static_root: str, styles: str
) -> None:
    """Requests fail, although the frozen database ends no statement."""
    with (
        dashboard(db_server, tmp_path, QUERY_BUDGET_MS="60000", STATIC_ROOT=static_root) as server,
        ThreadPoolExecutor(12) as clients,
    ):
        assert b" 200 OK" in server.get("/api/jobs/")
        with db_server.frozen():
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(12)]
            for path in ("/api/schema/", "/api/docs/", styles):
                assert b" 200 OK" in server.get(path)
            assert is_503(server.ask(HEALTH), "database_unavailable")
            for future in lists:
                assert is_503(future.result(), "database_unavailable")
            for _ in range(10):
                assert is_503(server.ask(HEALTH), "database_unavailable")
                assert is_503(server.get("/api/jobs/"), "database_unavailable")
        eventually(lambda: b" 200 OK" in server.get("/api/jobs/"))
        eventually(lambda: b" 200 OK" in server.ask(HEALTH))


def test_exports_end_when_the_database_freezes(
    db_server: Database, server: Server, styles: str
) -> None:
    """Although an export may take an hour."""
    for _ in range(100):
        create(server)
    with slow_rows(db_server), ThreadPoolExecutor(4) as clients:
        exports = [clients.submit(export, server) for _ in range(2)]
        eventually(lambda: db_server.execute(EXPORTING) == [(2,)])
        with db_server.frozen():
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(2)]
            assert b" 200 OK" in server.get(styles)
            for future in lists:
                assert is_503(future.result(60), "database_unavailable")
            for each in exports:
                assert is_503_or_reset(each)
    eventually(lambda: b" 200 OK" in server.get("/api/jobs/"))


def export(server: Server) -> bytes:
    with server.send("GET /api/jobs/export/ HTTP/1.1\nConnection: close") as client:
        return read_all(client)


EXPORTING = (
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%COPY (%' AND wait_event = 'PgSleep'"
)


@contextmanager
def slow_rows(db_server: Database) -> Iterator[None]:
    """Makes reading each job take half a second."""
    db_server.execute("CREATE POLICY slow ON job USING (pg_sleep(0.5) IS NOT NULL)")
    db_server.execute("ALTER TABLE job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        db_server.execute(EXPORTING.replace("count(*)", "pg_terminate_backend(pid)"))
        db_server.execute("ALTER TABLE job DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
        db_server.execute("DROP POLICY slow ON job")


def is_503_or_reset(future: Future[bytes]) -> bool:
    try:
        return is_503(future.result(60), "database_unavailable")
    except ConnectionResetError:
        return True


def test_lock_waits_are_not_an_outage(db_server: Database, server: Server) -> None:
    """While as many lists as there are threads wait, another table can be read, and the service is healthy."""
    with psycopg.connect(db_server.url) as other, ThreadPoolExecutor(8) as clients:
        other.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
        for _ in range(4):
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(3)]
            while wait(lists, timeout=0.1).not_done:
                assert b" 200 OK" in server.ask(HEALTH)
                assert b" 200 OK" in server.get("/api/jobs/counts/")
            for future in lists:
                assert is_503(future.result(), "lock_timeout"), future.result()
                assert b"\r\nRetry-After: 1\r\n" in future.result()
    assert b" 200 OK" in server.get("/api/jobs/")


def test_single_thread_may_wait_for_a_lock(
    db_server: Database, tmp_path: Path, static_root: str, styles: str
) -> None:
    limits = {"QUERY_BUDGET_MS": "60000", "WEB_THREADS": "1"}
    with (
        dashboard(db_server, tmp_path, STATIC_ROOT=static_root, **limits) as server,
        ThreadPoolExecutor(1) as client,
    ):
        with psycopg.connect(db_server.url) as other:
            other.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
            future = client.submit(server.get, "/api/jobs/")
            eventually(lambda: bool(db_server.execute(WAITING_FOR_LOCK)))
            for path in (styles, "/api/schema/", "/api/docs/", "/api/health/"):
                assert b" 200 OK" in server.get(path), path
            assert not future.done()
        assert b" 200 OK" in future.result()


WAITING_FOR_LOCK = (
    "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web' AND wait_event_type = 'Lock'"
)


def test_lock_timeout_of_a_change_has_retry_after(db_server: Database, server: Server) -> None:
    job = problem_in(create(server))["id"]
    with psycopg.connect(db_server.url) as other:
        other.execute("SELECT FROM job WHERE id = %s FOR UPDATE", [job])
        body = b'{"status_type": "RUNNING"}'
        head = f"PATCH /api/jobs/{job}/ HTTP/1.1\nContent-Type: application/json"
        response = server.ask(f"{head}\nContent-Length: {len(body)}", body)
    assert is_503(response, "lock_timeout")
    assert b"\r\nRetry-After: 1\r\n" in response


def test_lanes_without_database_have_reserved_threads() -> None:
    threads, released = ThreadPools(2), Event()
    try:
        held = [threads.submit(lambda _: released.wait(60), _Conn(None)) for _ in range(5)]
        for lane in ("static", "health"):
            assert threads.submit(lambda _: "answered", _Conn(lane)).result(60) == "answered"
        assert not any(each.done() for each in held)
    finally:
        released.set()
        threads.shutdown()


class _Conn:
    def __init__(self, lane: str | None) -> None:
        self.lane: Any = lane
