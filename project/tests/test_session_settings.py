"""Nothing depends on what the server, the database or the role sets: walked with the most hostile of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jobs.tests.served import Server, problem_in, soon
from project import database
from project.tests.database_server import HEALTH, Database, create, dashboard, is_refused

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
def hostile(own: Database, level: str, settings: dict[str, str]) -> Iterator[None]:
    try:
        for name, value in settings.items():
            own.execute(f"ALTER {level} SET {name} TO {value}")
        yield
    finally:
        own.execute(f"ALTER {level} RESET ALL")


def send(server: Server, method: str, path: str, body: bytes, headers: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\nContent-Type: application/json{headers}"
    return server.ask(f"{head}\nContent-Length: {len(body)}", body)


@pytest.mark.parametrize("level", ["DATABASE jobs", "ROLE jobs_web"])
def test_no_setting_of_the_server_matters(
    own: Database, tmp_path: Path, static_root: str, level: str
) -> None:
    key = f"\nIdempotency-Key: {level.split()[0]}"
    with (
        hostile(own, level, SETTINGS),
        dashboard(own, tmp_path, QUERY_BUDGET_MS="20000", STATIC_ROOT=static_root) as server,
    ):
        before = problem_in(server.get("/api/jobs/counts/"))["total"]
        jobs = [problem_in(create(server, f"Flügel \\ '% {number}")) for number in range(40)]
        job = jobs[0]
        assert job["name"] == "Flügel \\ '% 0"
        path = f"/api/jobs/{job['id']}/"
        assert problem_in(server.get(path)) == job
        assert b" 200 OK" in send(server, "PATCH", path, b'{"status_type": "RUNNING"}', key)
        kept = send(server, "PATCH", path, b'{"status_type": "RUNNING"}', key)
        assert b"Idempotent-Replayed: true" in kept
        changed = renamed_alone(server, jobs[1])
        assert (changed["name"], changed["current_status"]) == ("Renamed", "PENDING")
        for question in ("q=fl%C3%BCgel+created:%3C1h", "ordering=name", "q=updated:%3E2020-01-01"):
            found = problem_in(server.get(f"/api/jobs/?page_size=200&{question}"))["results"]
            assert {each["id"] for each in jobs} - {each["id"] for each in found} <= {
                changed["id"]
            }, question
        assert problem_in(server.get(f"{path}statuses/"))["count"] == 2
        assert b" 204 " in server.ask(f"DELETE /api/jobs/{jobs[2]['id']}/ HTTP/1.1")
        assert problem_in(server.get("/api/jobs/counts/"))["total"] == before + 39
        for page in (*PAGES, f"/jobs/{job['id']}/"):
            assert b" 200 OK" in server.get(page), page
        assert "[ERROR]" not in server.log.read_text()


def renamed_alone(server: Server, job: dict[str, Any]) -> dict[str, Any]:
    """By the call that takes many: its arrays hold nulls for what stays."""
    body = b'{"jobs": [{"id": %d, "name": "Renamed"}]}' % job["id"]
    answer = send(server, "PATCH", "/api/jobs/", body)
    assert b" 200 OK" in answer, answer
    changed: dict[str, Any] = problem_in(answer)["results"][0]["job"]
    return changed


def test_every_setting_that_is_made_is_tried() -> None:
    ours = database.AS_WRITTEN | database.AS_MEANT | database.AS_LONG
    assert ours.keys() <= SETTINGS.keys()


@pytest.mark.parametrize("level", ["DATABASE jobs", "ROLE jobs_web"])
def test_a_database_with_its_triggers_switched_off_is_refused(
    own: Database, server: Server, level: str
) -> None:
    before = create(server)
    assert before.startswith(b"HTTP/1.1 201 ")
    with hostile(own, level, {"session_replication_role": "replica"}):
        own.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'jobs_web'"
        )
        assert soon(lambda: is_refused(create(server), "database_failing"), 20)
        assert is_refused(server.ask(HEALTH), "database_failing")
        assert "session_replication_role is replica" in server.log.read_text()
    assert soon(lambda: create(server).startswith(b"HTTP/1.1 201 "), 20)
    counted = problem_in(server.get("/api/jobs/counts/"))["total"]
    assert [(counted,)] == own.execute("SELECT count(*) FROM job")
