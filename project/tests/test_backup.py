"""A backup has all of the database, while it is written to; a restore replaces it as a whole, or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from jobs.tests.served import problem_in
from jobs.tests.waiting import eventually
from project.local import backup
from project.local.terminal import UserError
from project.tests.database_server import Database, create, dashboard, database

STATE = {
    "jobs": "SELECT md5(string_agg(job::text, ',' ORDER BY id)) FROM job",
    "histories": "SELECT md5(string_agg(entry::text, ',' ORDER BY id)) FROM job_status AS entry",
    "trash": "SELECT md5(string_agg(trashed::text, ',' ORDER BY id)) FROM trashed_job AS trashed",
    "counts": "SELECT json_object_agg(status, n ORDER BY status) FROM job_counts WHERE n <> 0",
    "views": "SELECT count(*) FROM saved_view",
    "users": "SELECT json_agg(username) FROM auth_user",
}
COUNTED = "SELECT status, n FROM job_counts WHERE n <> 0 ORDER BY status"
TRUTH = "SELECT current_status, count(*) FROM job GROUP BY 1 ORDER BY 1"


@pytest.fixture
def source() -> Iterator[Database]:
    with database("backup") as source:
        yield source


def state(source: Database) -> dict[str, Any]:
    return {name: source.execute(sql)[0][0] for name, sql in STATE.items()}


def ask(server: Any, method: str, path: str, body: Any = None, headers: str = "") -> bytes:
    text = json.dumps(body).encode() if body is not None else b""
    head = f"{method} {path} HTTP/1.1\nContent-Type: application/json\nContent-Length: {len(text)}"
    answer: bytes = server.ask(f"{head}{headers}", text)
    return answer


def header(response: bytes, name: str) -> str:
    return response.partition(f"\r\n{name}: ".encode())[2].partition(b"\r\n")[0].decode()


def restore(source: Database, file: Path) -> None:
    backup.check_file(source.cluster, file)
    backup.restore_file(source.cluster, file)


def test_a_restored_database_goes_on_where_the_backup_was_made(
    source: Database, tmp_path: Path
) -> None:
    file = tmp_path / "jobs.dump"
    with dashboard(source, tmp_path) as server:
        ids = [problem_in(create(server, f"Wing {number}"))["id"] for number in range(5)]
        ask(server, "PATCH", f"/api/jobs/{ids[0]}/", {"status_type": "FAILED"})
        ask(server, "DELETE", f"/api/jobs/{ids[1]}/")
        key = '\nIdempotency-Key: "before"'
        kept = problem_in(create(server, "Kept", key))["id"]
        seen = header(server.get("/api/events/"), "Feed-Cursor")
        before = state(source)
        backup.make_backup(source.cluster, file)

        create(server, "Later")
        later = problem_in(create(server, "Later", '\nIdempotency-Key: "after"'))["id"]
        lost = header(server.get("/api/events/?after=" + seen), "Feed-Cursor")
    with pytest.raises(UserError, match=r"REPLACE=yes.*Nothing was changed"):
        backup.check_target(source.cluster, may_replace=False)
    backup.check_target(source.cluster, may_replace=True)
    restore(source, file)

    assert state(source) == before
    assert source.execute(COUNTED) == source.execute(TRUTH)
    with dashboard(source, tmp_path) as server:
        # A retry of what was answered before the backup gets the same answer; of what was answered later, it is new.
        assert problem_in(create(server, "Kept", key))["id"] == kept
        again = problem_in(create(server, "Later", '\nIdempotency-Key: "after"'))
        assert again["name"] == "Later"
        # A reader of the change feed goes on from what the backup has, and is told if it has seen more.
        followed = server.get("/api/events/?after=" + seen)
        assert b" 200 OK" in followed
        assert [
            json.loads(line)["job_id"] for line in followed.partition(b"\r\n\r\n")[2].splitlines()
        ] == [again["id"]]
        assert problem_in(server.get("/api/events/?after=" + lost))["code"] == "cursor_gone"
        # The trash gives back what was deleted.
        restored = ask(server, "POST", "/api/trash/restore/", {"ids": [ids[1]]})
        assert b" 200 OK" in restored
        assert b" 200 OK" in server.get(f"/api/jobs/{ids[1]}/statuses/")
    assert source.execute(COUNTED) == source.execute(TRUTH)
    assert later


def test_a_backup_is_consistent_while_jobs_are_created(source: Database, tmp_path: Path) -> None:
    ending = Event()

    def write() -> None:
        with psycopg.connect(source.url, autocommit=True) as writer:
            while not ending.is_set():
                writer.execute(
                    "WITH made AS (INSERT INTO job (name, current_status, created_at, updated_at)"
                    " SELECT 'Wing', 'PENDING', now(), now() FROM generate_series(1, 10) RETURNING id, created_at)"
                    " INSERT INTO job_status (job_id, status_type, timestamp) SELECT id, 'PENDING', created_at FROM made"
                )

    writer = Thread(target=write)
    writer.start()
    try:
        eventually(lambda: source.execute("SELECT count(*) > 100 FROM job")[0][0])
        backup.make_backup(source.cluster, tmp_path / "jobs.dump")
    finally:
        ending.set()
        writer.join()
    restore(source, tmp_path / "jobs.dump")
    [(jobs, entries)] = source.execute(
        "SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM job_status)"
    )
    assert jobs == entries >= 100
    assert source.execute(COUNTED) == source.execute(TRUTH)
    assert source.execute("SELECT count(*) > 0 FROM pg_database WHERE datname = 'jobs_before'") == [
        (True,)
    ]


def test_what_is_no_backup_changes_nothing(source: Database, tmp_path: Path) -> None:
    file, half, empty = tmp_path / "jobs.dump", tmp_path / "half.dump", tmp_path / "empty.dump"
    source.execute(
        "INSERT INTO job (name, current_status, created_at, updated_at) VALUES ('Wing', 'PENDING', now(), now())"
    )
    backup.make_backup(source.cluster, file)
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    empty.write_bytes(b"")
    before = state(source)
    for wrong in (half, empty, Path(__file__)):
        with pytest.raises(UserError, match="no complete backup"):
            restore(source, wrong)
    assert state(source) == before
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_restore_that_fails_leaves_the_database_as_it_was(
    source: Database, tmp_path: Path
) -> None:
    """The file is damaged in the middle, where its list does not show it."""
    file = tmp_path / "jobs.dump"
    source.execute(
        "INSERT INTO job (name, current_status, created_at, updated_at)"
        " SELECT md5(number::text), 'PENDING', now(), now() FROM generate_series(1, 20000) AS number"
    )
    backup.make_backup(source.cluster, file)
    before = state(source)
    damaged = bytearray(file.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 4096] = bytes(4096)
    file.write_bytes(damaged)
    with pytest.raises(UserError, match="The database is as it was"):
        backup.restore_file(source.cluster, file)
    assert state(source) == before
    assert source.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'jobs\\_%'") == [
        (0,)
    ]


def test_a_backup_of_a_newer_release_is_refused(source: Database, tmp_path: Path) -> None:
    source.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_future', now())"
    )
    backup.make_backup(source.cluster, tmp_path / "jobs.dump")
    with pytest.raises(
        UserError, match="made by a newer release: this one does not know 9999_future"
    ):
        backup.check_file(source.cluster, tmp_path / "jobs.dump")


def test_a_backup_that_fails_leaves_no_file(source: Database, tmp_path: Path) -> None:
    source.stop()
    with pytest.raises(UserError, match="The backup failed"):
        backup.make_backup(source.cluster, tmp_path / "jobs.dump")
    assert list(tmp_path.iterdir()) == []
