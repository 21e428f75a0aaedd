"""A database without free connections, without memory or with a failing disk: each has its own error code."""

from collections.abc import Callable
from select import select

import pytest
from django.db import Error, connection, transaction

from jobs.faults import Fault, fault_of
from jobs.tests.served import Server, problem_in
from jobs.tests.waiting import eventually
from project.tests.database_server import HEALTH, Database, create, is_503


def test_database_without_free_connections_is_overloaded(
    db_server: Database, server: Server
) -> None:
    assert create(server).startswith(b"HTTP/1.1 201 ")
    db_server.execute("ALTER ROLE jobs_web CONNECTION LIMIT 0")
    try:
        db_server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'jobs_web'"
        )
        eventually(lambda: is_503(create(server), "database_overloaded"))
        for response in (create(server), server.get("/api/jobs/"), server.ask(HEALTH)):
            assert is_503(response, "database_overloaded"), response
            assert b"\r\nRetry-After: " in response
        assert b"<h1>The database is overloaded</h1>" in server.get("/")
    finally:
        db_server.execute("ALTER ROLE jobs_web CONNECTION LIMIT -1")
    eventually(lambda: create(server).startswith(b"HTTP/1.1 201 "))


def test_existing_connections_keep_serving(db_server: Database, server: Server) -> None:
    assert create(server).startswith(b"HTTP/1.1 201 ")
    db_server.execute("ALTER ROLE jobs_web CONNECTION LIMIT 1")
    try:
        db_server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'jobs_web'"
        )
        eventually(lambda: b" 200 OK" in server.get("/api/jobs/"))
        for _ in range(10):
            assert create(server).startswith(b"HTTP/1.1 201 ")
    finally:
        db_server.execute("ALTER ROLE jobs_web CONNECTION LIMIT -1")


MISSING = {
    "privilege": ("REVOKE INSERT ON job_status FROM jobs_web", "GRANT INSERT ON job_status TO jobs_web"),
    "change": ("REVOKE UPDATE ON job FROM jobs_web", "GRANT UPDATE ON job TO jobs_web"),
    "counters": ("REVOKE INSERT ON job_count FROM jobs_web", "GRANT INSERT ON job_count TO jobs_web"),
    "table": ("ALTER TABLE job_status RENAME TO away", "ALTER TABLE away RENAME TO job_status"),
    "events": ("ALTER TABLE job_event RENAME TO away", "ALTER TABLE away RENAME TO job_event"),
    "function": ("ALTER FUNCTION job_feed_current() RENAME TO away", "ALTER FUNCTION away() RENAME TO job_feed_current"),
    "trigger": ("ALTER TABLE job DISABLE TRIGGER USER", "ALTER TABLE job ENABLE TRIGGER USER"),
}  # fmt: skip
# What a change succeeds without.
UNNOTICED = {"function", "trigger"}


@pytest.mark.parametrize("missing", MISSING)
def test_health_check_detects_missing_objects(
    db_server: Database, server: Server, missing: str
) -> None:
    remove, restore = MISSING[missing]
    body = b'{"status_type": "RUNNING"}'
    job = problem_in(create(server))["id"]
    change = f"PATCH /api/jobs/{job}/ HTTP/1.1\nContent-Type: application/json\nContent-Length: {len(body)}"
    assert b" 200 OK" in server.ask(HEALTH)
    db_server.execute(remove)
    try:
        assert is_503(health := server.ask(HEALTH), "database_failing"), health
        if missing not in UNNOTICED:
            assert is_503(response := server.ask(change, body), "database_failing"), response
    finally:
        db_server.execute(restore)
    assert b" 200 OK" in server.ask(HEALTH)
    assert create(server).startswith(b"HTTP/1.1 201 ")


STATES = {
    "2200H": Fault.FAILING,
    "25006": Fault.READ_ONLY,
    "53000": Fault.OVERLOADED,
    "53100": Fault.FULL,
    "53200": Fault.OVERLOADED,
    "53300": Fault.OVERLOADED,
    "53400": Fault.OVERLOADED,
    "57000": Fault.UNAVAILABLE,
    "57014": Fault.LOCKED,
    "57P01": Fault.UNAVAILABLE,
    "57P02": Fault.UNAVAILABLE,
    "57P03": Fault.UNAVAILABLE,
    "57P04": Fault.UNAVAILABLE,
    "57P05": Fault.UNAVAILABLE,
    "3F000": Fault.FAILING,
    "42501": Fault.FAILING,
    "42703": Fault.FAILING,
    "42883": Fault.FAILING,
    "42P01": Fault.FAILING,
    "58000": Fault.FAILING,
    "58030": Fault.FAILING,
    "58P01": Fault.FAILING,
    "58P02": Fault.FAILING,
    "58P03": Fault.FAILING,
    "XX001": Fault.FAILING,
    "XX002": Fault.FAILING,
    "22012": None,
    "XX000": None,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("state", "fault"), STATES.items())
def test_sqlstates_map_to_faults(state: str, fault: Fault | None) -> None:
    with pytest.raises(Error) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'failed' USING ERRCODE = '{state}'; END $$")
    assert fault_of(raised.value, is_change=True) is fault


@pytest.mark.django_db(transaction=True)
def test_transaction_timeout_was_not_applied() -> None:
    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_timeout = '50ms'")
            cursor.execute("SELECT pg_sleep(30)")

    assert fault_of(raised_by(work), is_change=True) is Fault.LOCKED


@pytest.mark.django_db(transaction=True)
def test_idle_in_transaction_timeout_was_not_applied() -> None:
    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
            raw = connection.connection
            eventually(lambda: bool(select([raw.fileno()], [], [], 0)[0]))

    assert fault_of(raised_by(work), is_change=True) is Fault.UNAVAILABLE


def raised_by(work: Callable[[], None]) -> BaseException:
    with pytest.raises(Error) as raised:
        work()
    return raised.value
