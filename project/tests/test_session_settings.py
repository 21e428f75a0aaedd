"""The dashboard works whatever the server, the database or the role sets: tested with the most hostile values."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jobs.tests.served import Server, problem_in
from jobs.tests.waiting import eventually
from project import database
from project.tests.database_server import HEALTH, Database, create, dashboard, is_503

SETTINGS = {
    "datestyle": "'German, DMY'",
    "intervalstyle": "iso_8601",
    "timezone": "'Asia/Kolkata'",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "standard_conforming_strings": "off",
    "escape_string_warning": "on",
    "backslash_quote": "off",
    "array_nulls": "off",
    "transform_null_equals": "on",
    "quote_all_identifiers": "on",
    "xmlbinary": "hex",
    "xmloption": "document",
    "client_encoding": "'LATIN1'",
    "client_min_messages": "debug5",
    "default_transaction_isolation": "'serializable'",
    "default_transaction_deferrable": "on",
    "row_security": "off",
    "gin_fuzzy_search_limit": "1",
    "restrict_nonsystem_relation_kind": "'view, foreign-table'",
    "exit_on_error": "on",
    "check_function_bodies": "off",
    "default_text_search_config": "'pg_catalog.german'",
    "plpgsql.extra_errors": "'all'",
    "plpgsql.extra_warnings": "'all'",
    "plpgsql.variable_conflict": "use_variable",
    "plpgsql.check_asserts": "off",
    "lc_numeric": "'C'",
    "statement_timeout": "'1ms'",
    "lock_timeout": "'1ms'",
    "transaction_timeout": "'10ms'",
    "idle_session_timeout": "'10ms'",
    "idle_in_transaction_session_timeout": "'1ms'",
    "search_path": "pg_catalog",
    "plan_cache_mode": "force_generic_plan",
}
PAGES = (
    "/api/jobs/counts/",
    "/api/events/?after=start",
    "/api/jobs/export/",
    "/api/jobs/export/?format=csv",
    "/api/health/",
    "/?q=flügel".replace("ü", "%C3%BC"),
    "/?ordering=-updated_at",
    "/activity/",
)


@contextmanager
def hostile(db_server: Database, level: str, settings: dict[str, str]) -> Iterator[None]:
    try:
        for name, value in settings.items():
            db_server.execute(f"ALTER {level} SET {name} TO {value}")
        yield
    finally:
        db_server.execute(f"ALTER {level} RESET ALL")


def send(server: Server, method: str, path: str, body: bytes, headers: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\nContent-Type: application/json{headers}"
    return server.ask(f"{head}\nContent-Length: {len(body)}", body)


@pytest.mark.parametrize("level", ["DATABASE jobs", "ROLE jobs_web"])
def test_works_with_hostile_server_settings(
    db_server: Database, tmp_path: Path, static_root: str, level: str
) -> None:
    key = f"\nIdempotency-Key: {level.split()[0]}"
    with (
        hostile(db_server, level, SETTINGS),
        dashboard(db_server, tmp_path, QUERY_BUDGET_MS="20000", STATIC_ROOT=static_root) as server,
    ):
        before = problem_in(server.get("/api/jobs/counts/"))["total"]
        jobs = [problem_in(create(server, f"Flügel \\ '% {number}")) for number in range(40)]
        job = jobs[0]
        assert job["name"] == "Flügel \\ '% 0"
        path = f"/api/jobs/{job['id']}/"
        assert problem_in(server.get(path)) == job
        assert b" 200 OK" in send(server, "PATCH", path, b'{"status_type": "RUNNING"}', key)
        replayed = send(server, "PATCH", path, b'{"status_type": "RUNNING"}', key)
        assert b"Idempotent-Replayed: true" in replayed
        changed = renamed_alone(server, jobs[1])
        assert (changed["name"], changed["current_status"]) == ("Renamed", "PENDING")
        for query in ("q=fl%C3%BCgel+created:%3C1h", "ordering=name", "q=updated:%3E2020-01-01"):
            found = problem_in(server.get(f"/api/jobs/?page_size=200&{query}"))["results"]
            assert {each["id"] for each in jobs} - {each["id"] for each in found} <= {
                changed["id"]
            }, query
        assert problem_in(server.get(f"{path}statuses/"))["count"] == 2
        assert b" 204 " in server.ask(f"DELETE /api/jobs/{jobs[2]['id']}/ HTTP/1.1")
        assert problem_in(server.get("/api/jobs/counts/"))["total"] == before + 39
        for page in (*PAGES, f"/jobs/{job['id']}/"):
            assert b" 200 OK" in server.get(page), page
        assert "[ERROR]" not in server.log.read_text()


def renamed_alone(server: Server, job: dict[str, Any]) -> dict[str, Any]:
    """Through the bulk update, whose arrays contain nulls for unchanged values."""
    body = b'{"jobs": [{"id": %d, "name": "Renamed"}]}' % job["id"]
    response = send(server, "PATCH", "/api/jobs/", body)
    assert b" 200 OK" in response, response
    changed: dict[str, Any] = problem_in(response)["results"][0]["job"]
    return changed


def test_every_session_setting_is_covered() -> None:
    ours = database.FORMATS | database.SEMANTICS | database.TIMEOUTS
    assert ours.keys() <= SETTINGS.keys()


@pytest.mark.parametrize("level", ["DATABASE jobs", "ROLE jobs_web"])
def test_rejects_a_database_with_disabled_triggers(
    db_server: Database, server: Server, level: str
) -> None:
    before = create(server)
    assert before.startswith(b"HTTP/1.1 201 ")
    with hostile(db_server, level, {"session_replication_role": "replica"}):
        db_server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'jobs_web'"
        )
        eventually(lambda: is_503(create(server), "database_failing"))
        assert is_503(server.ask(HEALTH), "database_failing")
        assert "session_replication_role is replica" in server.log.read_text()
    eventually(lambda: create(server).startswith(b"HTTP/1.1 201 "))
    counted = problem_in(server.get("/api/jobs/counts/"))["total"]
    assert [(counted,)] == db_server.execute("SELECT count(*) FROM job")
