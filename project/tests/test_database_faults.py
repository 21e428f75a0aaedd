"""A database that is away or frozen, or only busy, and the dashboard on it, each a real process."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import psycopg

from jobs.tests.served import Server, everything, problem_in, soon
from project.tests.database_server import HEALTH, Database, create, dashboard, is_refused
from project.worker import Threads


def test_it_is_back_with_the_database(own: Database, server: Server) -> None:
    assert create(server).startswith(b"HTTP/1.1 201 ")
    own.stop()
    try:
        assert soon(lambda: is_refused(create(server), "database_unavailable"))
        began = monotonic()
        for _ in range(20):
            assert is_refused(server.get("/api/jobs/"), "database_unavailable")
        assert monotonic() - began < 40, "each is refused at once"
    finally:
        own.start()
    began = monotonic()
    assert soon(lambda: create(server).startswith(b"HTTP/1.1 201 "), 30)
    assert monotonic() - began < 20


def test_a_frozen_database_freezes_nothing_else(
    own: Database, tmp_path: Path, static_root: str, styles: str
) -> None:
    """Long before a statement's own time is over."""
    with (
        dashboard(own, tmp_path, QUERY_BUDGET_MS="60000", STATIC_ROOT=static_root) as server,
        ThreadPoolExecutor(12) as clients,
    ):
        assert b" 200 OK" in server.get("/api/jobs/")
        with own.frozen():
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(12)]
            began = monotonic()
            for path in ("/api/schema/", "/api/docs/", styles):
                assert b" 200 OK" in server.get(path)
            assert is_refused(server.ask(HEALTH), "database_unavailable")
            for asked in lists:
                assert is_refused(asked.result(), "database_unavailable")
            assert monotonic() - began < 40
            began = monotonic()
            for _ in range(10):
                assert is_refused(server.ask(HEALTH), "database_unavailable")
                assert is_refused(server.get("/api/jobs/"), "database_unavailable")
            assert monotonic() - began < 15, "by now it is known"
        assert soon(lambda: b" 200 OK" in server.get("/api/jobs/"), 20)
        assert soon(lambda: b" 200 OK" in server.ask(HEALTH))


def test_exports_end_with_a_database_that_has_frozen(
    own: Database, server: Server, styles: str
) -> None:
    """They may take an hour; but not of a server that does not answer."""
    for _ in range(100):
        create(server)
    with slow_rows(own), ThreadPoolExecutor(4) as clients:
        exports = [clients.submit(export, server) for _ in range(2)]
        assert soon(lambda: own.execute(EXPORTING) == [(2,)], 20)
        with own.frozen():
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(2)]
            assert b" 200 OK" in server.get(styles)
            for asked in lists:
                assert is_refused(asked.result(30), "database_unavailable")
            for each in exports:
                assert is_refused_or_broken(each)
    assert soon(lambda: b" 200 OK" in server.get("/api/jobs/"), 20)


def export(server: Server) -> bytes:
    with server.send("GET /api/jobs/export/ HTTP/1.1\nConnection: close") as client:
        return everything(client)


EXPORTING = (
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%COPY (%' AND wait_event = 'PgSleep'"
)


@contextmanager
def slow_rows(own: Database) -> Iterator[None]:
    """Each job takes half a second to be read."""
    own.execute("CREATE POLICY slow ON job USING (pg_sleep(0.5) IS NOT NULL)")
    own.execute("ALTER TABLE job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        own.execute(EXPORTING.replace("count(*)", "pg_terminate_backend(pid)"))
        own.execute("ALTER TABLE job DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
        own.execute("DROP POLICY slow ON job")


def is_refused_or_broken(asked: Future[bytes]) -> bool:
    try:
        return is_refused(asked.result(30), "database_unavailable")
    except ConnectionResetError:
        return True


def test_a_database_whose_statements_wait_for_a_lock_is_not_away(
    own: Database, server: Server
) -> None:
    """As many lists as there are threads, until the last is stopped: another table is read meanwhile, and health is well."""
    with psycopg.connect(own.url) as other, ThreadPoolExecutor(8) as clients:
        other.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
        for _ in range(4):
            lists = [clients.submit(server.get, "/api/jobs/") for _ in range(3)]
            while not all(asked.done() for asked in lists):
                assert b" 200 OK" in server.ask(HEALTH)
                assert b" 200 OK" in server.get("/api/jobs/counts/")
                sleep(0.1)
            for asked in lists:
                assert is_refused(asked.result(), "lock_timeout"), asked.result()
                assert b"\r\nRetry-After: 1\r\n" in asked.result()
    assert b" 200 OK" in server.get("/api/jobs/")


def test_the_one_thread_of_a_process_may_wait_for_a_lock(
    own: Database, tmp_path: Path, static_root: str, styles: str
) -> None:
    limits = {"QUERY_BUDGET_MS": "60000", "WEB_THREADS": "1"}
    with (
        dashboard(own, tmp_path, STATIC_ROOT=static_root, **limits) as server,
        ThreadPoolExecutor(1) as client,
    ):
        with psycopg.connect(own.url) as other:
            other.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
            asked = client.submit(server.get, "/api/jobs/")
            assert soon(lambda: bool(own.execute(WAITING)), 15)
            for path in (styles, "/api/schema/", "/api/docs/", "/api/health/"):
                assert b" 200 OK" in server.get(path), path
            assert not asked.done()
        assert b" 200 OK" in asked.result()


WAITING = "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web' AND wait_event_type = 'Lock'"


def test_a_change_that_waits_for_a_lock_is_told_to_be_tried_again(
    own: Database, server: Server
) -> None:
    job = problem_in(create(server))["id"]
    with psycopg.connect(own.url) as other:
        other.execute("SELECT FROM job WHERE id = %s FOR UPDATE", [job])
        body = b'{"status_type": "RUNNING"}'
        head = f"PATCH /api/jobs/{job}/ HTTP/1.1\nContent-Type: application/json"
        answer = server.ask(f"{head}\nContent-Length: {len(body)}", body)
    assert is_refused(answer, "lock_timeout")
    assert b"\r\nRetry-After: 1\r\n" in answer


def test_what_needs_no_database_has_a_thread_of_its_own() -> None:
    threads, released = Threads(2), Event()
    try:
        held = [threads.submit(lambda _: released.wait(60), _Conn(None)) for _ in range(5)]
        for lane in ("static", "health"):
            assert threads.submit(lambda _: "answered", _Conn(lane)).result(30) == "answered"
        assert not any(each.done() for each in held)
    finally:
        released.set()
        threads.shutdown()


class _Conn:
    def __init__(self, lane: str | None) -> None:
        self.lane: Any = lane
