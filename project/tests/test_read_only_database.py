"""A database that is temporarily read-only: changes are rejected, and connections are replaced once per transition."""

from collections.abc import Iterator
from contextlib import contextmanager

from jobs.tests.served import Server
from jobs.tests.waiting import eventually
from project.probe import is_healthy
from project.tests.database_server import HEALTH, Database, create, is_503

END_SESSIONS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'jobs_web'"
)
POOLED = (
    "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web'"
    " AND application_name NOT LIKE 'jobs: %' ORDER BY pid"
)


@contextmanager
def read_only(db_server: Database) -> Iterator[None]:
    """For new sessions, as after a failover."""
    db_server.execute("ALTER DATABASE jobs SET default_transaction_read_only TO on")
    try:
        db_server.execute(END_SESSIONS)
        yield
    finally:
        db_server.execute("ALTER DATABASE jobs RESET default_transaction_read_only")


def test_follows_the_database_into_read_only_mode_and_back(
    db_server: Database, server: Server
) -> None:
    assert create(server).startswith(b"HTTP/1.1 201 ")
    with read_only(db_server):
        eventually(lambda: is_503(create(server), "database_read_only"))
        assert b"\r\nRetry-After: 5\r\n" in create(server)
        eventually(lambda: is_503(server.ask(HEALTH), "database_read_only"))
        assert b" 200 OK" in server.get("/api/jobs/")
    eventually(lambda: create(server).startswith(b"HTTP/1.1 201 "))
    eventually(lambda: b" 200 OK" in server.ask(HEALTH))


def test_starts_on_a_read_only_database(db_server: Database, server: Server) -> None:
    with read_only(db_server):
        assert db_server.cluster.application_url("jobs") == db_server.url
        eventually(lambda: is_503(server.ask(HEALTH), "database_read_only"))
        assert is_healthy(f"http://127.0.0.1:{server.port}", {})


def test_health_check_alone_detects_a_writable_database(
    db_server: Database, server: Server
) -> None:
    with read_only(db_server):
        eventually(lambda: is_503(server.ask(HEALTH), "database_read_only"))
    eventually(lambda: b" 200 OK" in server.ask(HEALTH))


def test_rejected_changes_cost_no_connections(db_server: Database, server: Server) -> None:
    with read_only(db_server):
        eventually(lambda: is_503(create(server), "database_read_only"))
        pooled: list[object] = []

        def is_settled() -> bool:
            before, pooled[:] = [*pooled], db_server.execute(POOLED)
            assert is_503(create(server), "database_read_only")
            return bool(pooled) and before == pooled == db_server.execute(POOLED)

        eventually(is_settled)
        for _ in range(10):
            assert is_503(create(server), "database_read_only")
            assert db_server.execute(POOLED) == pooled
    eventually(lambda: create(server).startswith(b"HTTP/1.1 201 "))
