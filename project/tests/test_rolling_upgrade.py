"""The previous and the current release serve the current schema together, with the same results."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import cycle, product
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.management import call_command

from jobs.tests.factories import database_rows, wait_until_final
from jobs.tests.served import database_url, served, served_from
from project.tests.previous_release import unpack
from project.tests.releases import SECRET, Release, ReleasePair, command

pytestmark = pytest.mark.django_db(transaction=True)

LINKS = {"next", "previous"}
NAMES = ["Wing", "wing tail", "Übung é", "工作", "50% off_1", "  spaces  in it"]


@pytest.fixture(scope="module")
def previous_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    unpack(folder)
    command(folder, "manage.py", "collectstatic", "--noinput", "--verbosity=0", DATABASE_URL="")
    return folder


@pytest.fixture(scope="module")
def pair(
    django_db_setup: None, previous_code: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReleasePair]:
    with (
        served_from(previous_code, tmp_path_factory.mktemp("log-before"), **SECRET) as previous,
        served(tmp_path_factory.mktemp("log-now"), **SECRET) as current,
    ):
        yield ReleasePair(Release(previous), Release(current))


@pytest.fixture(params=["previous writes", "current writes"])
def roles(pair: ReleasePair, request: pytest.FixtureRequest) -> tuple[Release, Release]:
    """Each release as the writer, with the other as the reader."""
    return pair if request.param == "previous writes" else (pair.current, pair.previous)


@pytest.fixture(autouse=True)
def counted(transactional_db: None) -> Iterator[None]:
    yield
    call_command("check_counts", stdout=StringIO())


def test_each_release_sees_changes_by_the_other(roles: tuple[Release, Release]) -> None:
    writer, reader = roles
    job = writer.create("Wing")
    assert reader.get(f"/api/jobs/{job['id']}/") == job
    running = writer.change(job, status_type="RUNNING")
    renamed = reader.change(job, name="Tail")
    assert renamed["current_status"] == "RUNNING"
    failed = writer.change(job, status_type="FAILED", name="Fin")
    assert reader.get(f"/api/jobs/{job['id']}/") == failed
    undo = {"updated_at": failed["updated_at"]}
    stale = reader.call(
        "POST", f"/api/jobs/{job['id']}/undo/", {"updated_at": running["updated_at"]}
    )
    assert stale.status == 409
    assert reader.call("POST", f"/api/jobs/{job['id']}/undo/", undo).status == 200
    pages = [release.get(f"/api/jobs/{job['id']}/statuses/") for release in roles]
    assert [status["status_type"] for status in pages[0]["results"]] == [
        *("RUNNING", "FAILED", "RUNNING", "PENDING")
    ]
    assert pages[0] == pages[1]
    assert reader.call("DELETE", f"/api/jobs/{job['id']}/").status == 204
    assert writer.call("DELETE", f"/api/jobs/{job['id']}/").status == 404


def test_versions_and_idempotency_records_are_shared(roles: tuple[Release, Release]) -> None:
    writer, reader = roles
    key = {"Idempotency_Key": f'"{uuid4()}"'}
    created = [release.call("POST", "/api/jobs/", {"name": "Once"}, **key) for release in roles]
    assert created[0][0] == created[1][0] == 201
    assert created[0].json == created[1].json
    path = f"/api/jobs/{created[0].json['id']}/"
    version = writer.call("GET", path).headers["ETag"]
    change = {"status_type": "RUNNING"}
    assert reader.call("PATCH", path, change, If_Match=version).status == 200
    assert writer.call("PATCH", path, change, If_Match=version).status == 412
    many = {"jobs": [{"id": created[0].json["id"], "status_type": "FAILED"}]}
    assert reader.call("PATCH", "/api/jobs/", many).json["results"][0]["status"] == 200
    assert writer.get(path)["current_status"] == "FAILED"


def test_each_release_finds_and_counts_jobs_of_the_other(roles: tuple[Release, Release]) -> None:
    writer, reader = roles
    jobs = [writer.create(name) for name in NAMES]
    for job in jobs[::2]:
        writer.change(job, status_type="COMPLETED")
    for query in (
        *("", "?search=WING", "?search=übung%20É", "?search=工作", "?search=50%25%20off_"),
        *("?q=status:completed%20wing", "?q=created:<1h&ordering=name", "?status=PENDING"),
        *("?ordering=-name", "?ordering=updated_at", "?search=nothing%20at%20all"),
    ):
        path = "/api/jobs/" + quote(query, safe="?=&%:-")
        found = [
            {name: value for name, value in release.get(path).items() if name not in LINKS}
            for release in roles
        ]
        assert found[0] == found[1], query
    assert reader.get("/api/jobs/?search=WING")["count"] == 2
    counts = [release.get("/api/jobs/counts/") for release in roles]
    assert counts[0] == counts[1]
    assert counts[0]["by_status"]["COMPLETED"] == 3


@pytest.mark.parametrize("ordering", ["name", "-updated_at", "-created_at"])
def test_page_cursors_are_valid_in_the_other_release(pair: ReleasePair, ordering: str) -> None:
    made = {pair.previous.create(f"Job {number % 3}")["id"] for number in range(23)}
    path, seen = f"/api/jobs/?ordering={ordering}&page_size=4", []
    for release in cycle(pair):
        page = release.get(path)
        seen += [job["id"] for job in page["results"]]
        if not page["next"]:
            break
        path = "/" + page["next"].partition("://")[2].partition("/")[2]
    assert len(seen) == 23
    assert set(seen) == made


def test_imports_and_exports_are_compatible(roles: tuple[Release, Release]) -> None:
    writer, _ = roles
    lines = "".join(f"{json.dumps({'name': name})}\n" for name in NAMES * 20)
    done = writer.call("POST", "/api/jobs/import/", lines, Content_Type="application/x-ndjson")
    assert (done.status, done.json["created"]) == (201, 120), done
    exports = [
        release.call("GET", "/api/jobs/export/?format=ndjson&ordering=name") for release in roles
    ]
    assert [response.status for response in exports] == [200, 200]
    jobs = [[json.loads(line) for line in response.body.splitlines()] for response in exports]
    assert jobs[0] == jobs[1]
    assert len(jobs[0]) == 120


def test_pages_of_the_previous_release_show_jobs_of_both(pair: ReleasePair) -> None:
    jobs = [release.create(f"Wing <{number}>") for number, release in enumerate(pair)]
    paths = ["/", "/?search=wing&status=PENDING&sort=name"]
    pages = [pair.previous.call("GET", path) for path in paths]
    pages += [pair.previous.call("GET", f"/jobs/{job['id']}/") for job in jobs]
    assert [page.status for page in pages] == [200] * 4, pair.previous.log.read_text()
    assert all("Wing &lt;0&gt;" in page.body for page in pages[:3])
    assert all("Wing &lt;1&gt;" in page.body for page in (*pages[:2], pages[3]))


def test_one_feed_is_read_through_both_while_both_write(pair: ReleasePair) -> None:
    _, cursor = pair.previous.events("now")

    def write(release: Release) -> None:
        for number in range(25):
            job = release.create(f"Job {number}")
            release.change(job, status_type="RUNNING")
            if number % 3 == 0:
                release.change(job, name=f"Renamed {number}")
            if number % 5 == 0:
                assert release.call("DELETE", f"/api/jobs/{job['id']}/").status == 204

    table: dict[int, Any] = {}
    heard = 0
    with ThreadPoolExecutor(4) as threads:
        writers = [threads.submit(write, release) for release in pair * 2]
        releases = cycle(pair)
        ending = False
        while True:
            events, cursor = next(releases).events(cursor)
            heard += len(events)
            for event in events:
                table[event["job_id"]] = event["name"], event["status_type"], event["updated_at"]
                if event["type"] == "job.deleted":
                    del table[event["job_id"]]
            if ending and not events:
                break
            if not ending and all(writer.done() for writer in writers):
                wait_until_final()
                ending = True
    for writer in writers:
        writer.result()
    stored = {
        job["id"]: (job["name"], job["current_status"], job["updated_at"])
        for job in pair.current.get("/api/jobs/?page_size=200")["results"]
    }
    assert table == stored
    assert len(stored) == 4 * 20
    assert heard == 4 * (25 + 25 + 9 + 5)


def test_feed_cursors_survive_the_migration(pair: ReleasePair, migrated_back: None) -> None:
    pair.previous.create("Before")
    wait_until_final()
    _, end = pair.previous.events("now")
    job = pair.previous.create("Migrated")
    wait_until_final()
    [event], _ = pair.previous.events(end)
    call_command("migrate", verbosity=0)
    pair.current.change(job, status_type="RUNNING")
    pair.previous.create("After")
    wait_until_final()
    for release in pair:
        for cursor, names in ((end, ["Migrated"] * 2), (event["id"], ["Migrated"])):
            assert [event["name"] for event in release.events(cursor)[0]] == [*names, "After"]


@pytest.mark.parametrize("first", [0, 1], ids=["previous reads first", "current reads first"])
def test_both_releases_continue_one_feed_after_a_crash(pair: ReleasePair, first: int) -> None:
    """Cursors from before the crash stay valid, whichever release issued them."""
    cursors = [release.events("now")[1] for release in pair]
    database_rows("TRUNCATE job_feed_running")  # as PostgreSQL does
    pair[first].events("now")
    pair.previous.create("After")
    wait_until_final()
    for release, cursor in product(pair, cursors):
        [event], end = release.events(cursor)
        assert event["name"] == "After"
    pair.current.create("Last")
    wait_until_final()
    for release in pair:
        for cursor in (event["id"], end):
            assert [event["name"] for event in release.events(cursor)[0]] == ["Last"]


@pytest.fixture
def migrated_back(previous_code: Path, transactional_db: None) -> Iterator[None]:
    """Migrates back to the schema of the previous release, and at the end to the current one."""
    last = max(file.stem for file in (previous_code / "jobs" / "migrations").glob("0*.py"))
    call_command("migrate", "jobs", last, verbosity=0)
    yield
    call_command("migrate", verbosity=0)


def test_previous_release_starts_on_the_current_schema(previous_code: Path) -> None:
    applied = "SELECT count(*) FROM django_migrations"
    previous = database_rows(applied)
    output = command(previous_code, "-m", "project.migrate", DATABASE_URL=database_url())
    assert "No migrations to apply" in output
    assert database_rows(applied) == previous
    command(previous_code, "manage.py", "check_counts", DATABASE_URL=database_url())
