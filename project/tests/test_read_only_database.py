"""A database that takes no changes for a while: they are refused, and connections are made anew once for each turn of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from jobs.tests.served import Server, soon
from project.probe import is_healthy
from project.tests.database_server import HEALTH, Database, create, is_refused

END_SESSIONS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'jobs_web'"
)
POOLED = (
    "SELECT pid FROM pg_stat_activity WHERE usename = 'jobs_web'"
    " AND application_name NOT LIKE 'jobs: %' ORDER BY pid"
)


@contextmanager
def read_only(own: Database) -> Iterator[None]:
    """For new sessions, as after a failover."""
    own.execute("ALTER DATABASE jobs SET default_transaction_read_only TO on")
    try:
        own.execute(END_SESSIONS)
        yield
    finally:
        own.execute("ALTER DATABASE jobs RESET default_transaction_read_only")


def test_a_database_that_became_read_only_and_back(own: Database, server: Server) -> None:
    assert create(server).startswith(b"HTTP/1.1 201 ")
    with read_only(own):
        assert soon(lambda: is_refused(create(server), "database_read_only"))
        assert b"\r\nRetry-After: 5\r\n" in create(server)
        assert soon(lambda: is_refused(server.ask(HEALTH), "database_read_only"))
        assert b" 200 OK" in server.get("/api/jobs/")
    assert soon(lambda: create(server).startswith(b"HTTP/1.1 201 "))
    assert soon(lambda: b" 200 OK" in server.ask(HEALTH))


def test_a_dashboard_starts_where_it_can_only_read(own: Database, server: Server) -> None:
    with read_only(own):
        assert own.cluster.application_url("jobs") == own.url
        assert soon(lambda: is_refused(server.ask(HEALTH), "database_read_only"))
        assert is_healthy(f"http://127.0.0.1:{server.port}", {})


def test_health_alone_finds_out_that_changes_are_taken_again(own: Database, server: Server) -> None:
    with read_only(own):
        assert soon(lambda: is_refused(server.ask(HEALTH), "database_read_only"))
    assert soon(lambda: b" 200 OK" in server.ask(HEALTH), 20)


def test_refused_changes_do_not_cost_connections(own: Database, server: Server) -> None:
    with read_only(own):
        assert soon(lambda: is_refused(create(server), "database_read_only"))
        pooled: list[object] = []

        def is_settled() -> bool:
            before, pooled[:] = [*pooled], own.execute(POOLED)
            assert is_refused(create(server), "database_read_only")
            return bool(pooled) and before == pooled == own.execute(POOLED)

        assert soon(is_settled)
        for _ in range(10):
            assert is_refused(create(server), "database_read_only")
            assert own.execute(POOLED) == pooled
    assert soon(lambda: create(server).startswith(b"HTTP/1.1 201 "))
