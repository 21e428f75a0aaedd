"""Processes of the release before, beside those of this one, on the schema of this one: nobody notices which answers."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.management import call_command

from jobs.tests.factories import database_rows, settle
from jobs.tests.served import database_url, served, served_from
from project.tests.previous_release import unpack
from project.tests.releases import SECRET, Pair, Release, command

pytestmark = pytest.mark.django_db(transaction=True)

LINKS = {"next", "previous"}
NAMES = ["Wing", "wing tail", "Übung é", "工作", "50% off_1", "  spaces  in it"]


@pytest.fixture(scope="module")
def code_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    unpack(folder)
    command(folder, "manage.py", "collectstatic", "--noinput", "--verbosity=0", DATABASE_URL="")
    return folder


@pytest.fixture(scope="module")
def pair(
    django_db_setup: None, code_before: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    with (
        served_from(code_before, tmp_path_factory.mktemp("log-before"), **SECRET) as before,
        served(tmp_path_factory.mktemp("log-now"), **SECRET) as now,
    ):
        yield Pair(Release(before), Release(now))


@pytest.fixture(params=["before writes", "now writes"])
def ways(pair: Pair, request: pytest.FixtureRequest) -> tuple[Release, Release]:
    """One that writes, and the other, which sees it."""
    return pair if request.param == "before writes" else (pair.now, pair.before)


@pytest.fixture(autouse=True)
def counted(transactional_db: None) -> Iterator[None]:
    yield
    call_command("check_counts", stdout=StringIO())


def test_each_sees_what_the_other_does_to_a_job(ways: tuple[Release, Release]) -> None:
    writes, sees = ways
    job = writes.create("Wing")
    assert sees.get(f"/api/jobs/{job['id']}/") == job
    running = writes.change(job, status_type="RUNNING")
    renamed = sees.change(job, name="Tail")
    assert renamed["current_status"] == "RUNNING"
    failed = writes.change(job, status_type="FAILED", name="Fin")
    assert sees.get(f"/api/jobs/{job['id']}/") == failed
    undo = {"updated_at": failed["updated_at"]}
    stale = sees.call("POST", f"/api/jobs/{job['id']}/undo/", {"updated_at": running["updated_at"]})
    assert stale.status == 409
    assert sees.call("POST", f"/api/jobs/{job['id']}/undo/", undo).status == 200
    pages = [side.get(f"/api/jobs/{job['id']}/statuses/") for side in ways]
    assert [status["status_type"] for status in pages[0]["results"]] == [
        *("RUNNING", "FAILED", "RUNNING", "PENDING")
    ]
    assert pages[0] == pages[1]
    assert sees.call("DELETE", f"/api/jobs/{job['id']}/").status == 204
    assert writes.call("DELETE", f"/api/jobs/{job['id']}/").status == 404


def test_versions_and_kept_answers_are_good_in_the_other(ways: tuple[Release, Release]) -> None:
    writes, sees = ways
    key = {"Idempotency_Key": f'"{uuid4()}"'}
    created = [side.call("POST", "/api/jobs/", {"name": "Once"}, **key) for side in ways]
    assert created[0][0] == created[1][0] == 201
    assert created[0].json == created[1].json
    path = f"/api/jobs/{created[0].json['id']}/"
    version = writes.call("GET", path).headers["ETag"]
    change = {"status_type": "RUNNING"}
    assert sees.call("PATCH", path, change, If_Match=version).status == 200
    assert writes.call("PATCH", path, change, If_Match=version).status == 412
    many = {"jobs": [{"id": created[0].json["id"], "status_type": "FAILED"}]}
    assert sees.call("PATCH", "/api/jobs/", many).json["results"][0]["status"] == 200
    assert writes.get(path)["current_status"] == "FAILED"


def test_each_finds_and_counts_what_the_other_made(ways: tuple[Release, Release]) -> None:
    writes, sees = ways
    jobs = [writes.create(name) for name in NAMES]
    for job in jobs[::2]:
        writes.change(job, status_type="COMPLETED")
    for question in (
        *("", "?search=WING", "?search=übung%20É", "?search=工作", "?search=50%25%20off_"),
        *("?q=status:completed%20wing", "?q=created:<1h&ordering=name", "?status=PENDING"),
        *("?ordering=-name", "?ordering=updated_at", "?search=nothing%20at%20all"),
    ):
        path = "/api/jobs/" + quote(question, safe="?=&%:-")
        found = [
            {name: value for name, value in side.get(path).items() if name not in LINKS}
            for side in ways
        ]
        assert found[0] == found[1], question
    assert sees.get("/api/jobs/?search=WING")["count"] == 2
    counts = [side.get("/api/jobs/counts/") for side in ways]
    assert counts[0] == counts[1]
    assert counts[0]["by_status"]["COMPLETED"] == 3


@pytest.mark.parametrize("ordering", ["name", "-updated_at", "-created_at"])
def test_a_walk_goes_on_in_the_other(pair: Pair, ordering: str) -> None:
    made = {pair.before.create(f"Job {number % 3}")["id"] for number in range(23)}
    path, seen = f"/api/jobs/?ordering={ordering}&page_size=4", []
    for side in cycle(pair):
        page = side.get(path)
        seen += [job["id"] for job in page["results"]]
        if not page["next"]:
            break
        path = "/" + page["next"].partition("://")[2].partition("/")[2]
    assert len(seen) == 23
    assert set(seen) == made


def test_each_imports_and_exports_for_the_other(ways: tuple[Release, Release]) -> None:
    writes, _ = ways
    lines = "".join(f"{json.dumps({'name': name})}\n" for name in NAMES * 20)
    done = writes.call("POST", "/api/jobs/import/", lines, Content_Type="application/x-ndjson")
    assert (done.status, done.json["created"]) == (201, 120), done
    exports = [side.call("GET", "/api/jobs/export/?format=ndjson&ordering=name") for side in ways]
    assert [answer.status for answer in exports] == [200, 200]
    assert exports[0].body == exports[1].body
    assert len(exports[0].body.splitlines()) == 120


def test_pages_of_the_release_before_show_what_each_made(pair: Pair) -> None:
    jobs = [side.create(f"Wing <{number}>") for number, side in enumerate(pair)]
    paths = ["/", "/?search=wing&status=PENDING&sort=name"]
    pages = [pair.before.call("GET", path) for path in paths]
    pages += [pair.before.call("GET", f"/jobs/{job['id']}/") for job in jobs]
    assert [page.status for page in pages] == [200] * 4, pair.before.log.read_text()
    assert all("Wing &lt;0&gt;" in page.body for page in pages[:3])
    assert all("Wing &lt;1&gt;" in page.body for page in (*pages[:2], pages[3]))


def test_one_feed_is_followed_through_both_while_both_write(pair: Pair) -> None:
    _, cursor = pair.before.events("now")

    def write(side: Release) -> None:
        for number in range(25):
            job = side.create(f"Job {number}")
            side.change(job, status_type="RUNNING")
            if number % 3 == 0:
                side.change(job, name=f"Renamed {number}")
            if number % 5 == 0:
                assert side.call("DELETE", f"/api/jobs/{job['id']}/").status == 204

    table: dict[int, Any] = {}
    heard = 0
    with ThreadPoolExecutor(4) as threads:
        writers = [threads.submit(write, side) for side in pair * 2]
        sides = cycle(pair)
        ending = False
        while True:
            events, cursor = next(sides).events(cursor)
            heard += len(events)
            for event in events:
                table[event["job_id"]] = event["name"], event["status_type"], event["updated_at"]
                if event["type"] == "job.deleted":
                    del table[event["job_id"]]
            if ending and not events:
                break
            if not ending and all(writer.done() for writer in writers):
                settle()
                ending = True
    for writer in writers:
        writer.result()
    stored = {
        job["id"]: (job["name"], job["current_status"], job["updated_at"])
        for job in pair.now.get("/api/jobs/?page_size=200")["results"]
    }
    assert table == stored
    assert len(stored) == 4 * 20
    assert heard == 4 * (25 + 25 + 9 + 5)


def test_cursors_go_on_over_the_migration(pair: Pair, migrated_back: None) -> None:
    pair.before.create("Before")
    settle()
    _, end = pair.before.events("now")
    job = pair.before.create("Migrated")
    settle()
    [event], _ = pair.before.events(end)
    call_command("migrate", verbosity=0)
    pair.now.change(job, status_type="RUNNING")
    pair.before.create("After")
    settle()
    for side in pair:
        for cursor, names in ((end, ["Migrated"] * 2), (event["id"], ["Migrated"])):
            assert [event["name"] for event in side.events(cursor)[0]] == [*names, "After"]


@pytest.mark.parametrize("first", [0, 1], ids=["before reads first", "now reads first"])
def test_after_a_crash_both_go_on_in_one_feed(pair: Pair, first: int) -> None:
    """Of cursors from before it, those that this release gave out are good."""
    old, kept = (side.events("now")[1] for side in pair)
    database_rows("TRUNCATE job_feed_running, job_feed_unbroken")  # as PostgreSQL does
    pair[first].events("now")
    pair.before.create("After")
    settle()
    assert pair.before.call("GET", f"/api/events/?after={old}").status == 410
    [event], end = pair.now.events(kept)
    assert event["name"] == "After"
    pair.now.create("Last")
    settle()
    for side in pair:
        for cursor in (event["id"], end):
            assert [event["name"] for event in side.events(cursor)[0]] == ["Last"]


@pytest.fixture
def migrated_back(code_before: Path, transactional_db: None) -> Iterator[None]:
    """To the schema of the release before, and in the end to that of this one."""
    last = max(file.stem for file in (code_before / "jobs" / "migrations").glob("0*.py"))
    call_command("migrate", "jobs", last, verbosity=0)
    yield
    call_command("migrate", verbosity=0)


def test_a_process_of_the_release_before_starts_on_the_present_schema(code_before: Path) -> None:
    applied = "SELECT count(*) FROM django_migrations"
    before = database_rows(applied)
    said = command(code_before, "-m", "project.migrate", DATABASE_URL=database_url())
    assert "No migrations to apply" in said
    assert database_rows(applied) == before
    command(code_before, "manage.py", "check_counts", DATABASE_URL=database_url())
