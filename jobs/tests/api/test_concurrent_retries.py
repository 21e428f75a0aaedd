"""Concurrent requests with one key, lost connections and killed processes, on real connections and processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier, Event
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection, connections, transaction

from jobs import idempotency_store
from jobs.api.http.idempotency import key_digest
from jobs.models import Job
from jobs.tests.api.test_idempotency import is_replay, keyed, new_key
from jobs.tests.changes.test_concurrency import assert_consistent, blocks_another_session
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import database_rows
from jobs.tests.problems import problem_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_kept")]

BODY = {"name": "Wing"}
IN_A_PROCESS = """
import json, sys, django
django.setup()
from django.test import Client
answer = Client(SERVER_NAME="localhost").post(
    "/api/jobs/", sys.argv[2], "application/json", headers={"Idempotency-Key": sys.argv[1]}
)
print(json.dumps([answer.status_code, answer.content.decode(), dict(answer.headers)]))
"""
WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""


def wait_for(seconds: float, ask: Callable[[], Any]) -> Any:
    """The first truthy result of `ask`."""
    end = monotonic() + seconds
    while monotonic() < end:
        if answer := ask():
            return answer
        sleep(0.02)
    raise AssertionError("timed out")


@contextmanager
def locked(table: str, mode: str = "SHARE") -> Iterator[None]:
    """Locks the table: writers block in the middle of their work, and in ACCESS EXCLUSIVE mode readers too."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    finally:
        other.rollback()
        other.close()


def create_in_background(key: str) -> "Future[Any]":
    """Starts a creation in another thread; returns its response as a future."""

    def send() -> Any:
        try:
            return keyed(Api(), key, BODY)
        finally:
            connections.close_all()

    executor = ThreadPoolExecutor(1)
    future = executor.submit(send)
    executor.shutdown(wait=False)
    return future


def create_in_process(key: str) -> "subprocess.Popen[str]":
    """Starts a creation in another process."""
    settings = connection.settings_dict
    user = ":".join(quote(settings[name], safe="") for name in ("USER", "PASSWORD"))
    place = urlencode({"host": settings["HOST"], "port": settings["PORT"]})
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATABASE_URL": f"postgresql://{user}@/{settings['NAME']}?{place}",
    }
    command = [sys.executable, "-c", IN_A_PROCESS, key, json.dumps(BODY)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("rounds", [3])
def test_one_of_twenty_concurrent_requests_creates_and_all_get_its_response(
    at_once: Run, rounds: int
) -> None:
    for done in range(1, rounds + 1):
        key, start = new_key(), Barrier(20)

        def send(key: str = key, start: Barrier = start) -> list[Any]:
            api = Api()
            answers: list[Any] = []
            start.wait()
            while not answers or answers[-1].status_code == 409:
                answers.append(keyed(api, key, BODY))
            return answers

        answers = [answer for sent in at_once(*[send] * 20) for answer in sent]
        made = [answer for answer in answers if answer.status_code == 201]
        for answer in answers:
            if answer not in made:
                assert problem_of(answer, 409)["code"] == "request_in_flight"
                assert answer["Retry-After"] == "1"
        [first] = [answer for answer in made if "Idempotent-Replayed" not in answer]
        assert len(made) == 20
        assert all(is_replay(first, answer) for answer in made if answer is not first)
        assert Job.objects.count() == done
    assert_consistent()


def test_a_key_in_use_is_409_immediately_and_then_replayed(api: Api) -> None:
    key = new_key()
    with locked("job"):
        pending = create_in_background(key)
        wait_for(30, lambda: database_rows(WAITING))
        began = monotonic()
        assert problem_of(keyed(api, key, BODY), 409)["code"] == "request_in_flight"
        problem_of(keyed(api, f'"{key}"', {"name": "Other"}), 409)
        assert monotonic() - began < 10
    assert is_replay(pending.result(30), keyed(api, key, BODY))
    assert Job.objects.count() == 1


def test_only_the_key_in_use_is_locked(api: Api, at_once: Run) -> None:
    held = new_key()

    def post(key: str) -> int:
        return int(keyed(api, key, BODY).status_code)

    with transaction.atomic():
        assert idempotency_store.claim(key_digest(held)) is None
        assert at_once(partial(post, held), partial(post, new_key())) == [409, 201]
    assert post(held) == 201


@pytest.mark.parametrize("table", ["job", "kept_answer"])
def test_a_lost_connection_leaves_no_job_no_record_and_no_lock(api: Api, table: str) -> None:
    """While the job is written, and while the record is: neither is stored without the other."""
    key = new_key()
    with locked(table):
        cut = create_in_background(key)
        [[pid]] = wait_for(30, lambda: database_rows(WAITING))
        database_rows(f"SELECT pg_terminate_backend({pid}, 5000)")
    problem_of(cut.result(30), 503)
    assert not Job.objects.exists()
    first = keyed(api, key, BODY)
    assert first.status_code == 201
    assert is_replay(first, keyed(api, key, BODY))
    assert Job.objects.count() == 1


@pytest.mark.parametrize("table", ["job", "kept_answer"])
def test_a_killed_process_leaves_no_job_no_record_and_no_lock(api: Api, table: str) -> None:
    key = new_key()
    with locked(table), create_in_process(key) as killed:
        wait_for(90, lambda: database_rows(WAITING))
        killed.kill()
    first = wait_for(30, lambda: if_created(keyed(api, key, BODY)))
    assert "Idempotent-Replayed" not in first
    assert Job.objects.count() == 1


def if_created(answer: Any) -> Any:
    """The response, if the key was not in use."""
    return answer if answer.status_code == 201 else None


def test_another_process_replays_the_response(api: Api) -> None:
    key = new_key()
    first = keyed(api, key, BODY)
    with create_in_process(key) as other:
        assert other.stdout
        status, content, headers = json.loads(other.stdout.read())
    assert (status, content) == (201, first.content.decode())
    assert headers["Idempotent-Replayed"] == "true"
    assert [headers[name] for name in ("Location", "ETag")] == [first["Location"], first["ETag"]]
    assert Job.objects.count() == 1


@pytest.fixture
def paused_claims(nothing_kept: None) -> Iterator[None]:
    """Claims of connections named `late` wait between lookup and lock while another session holds lock 7."""
    [[original]] = database_rows("SELECT pg_get_functiondef('kept_answer_claim'::regproc)")
    before = "IF look = 1\n"
    assert original.count(before) == 1
    pause = (
        "IF current_setting('application_name') = 'late' THEN PERFORM pg_advisory_lock(7); END IF;"
    )
    database_rows(original.replace(before, f"{pause}\n{before}"))
    yield
    database_rows(original)


@pytest.mark.usefixtures("paused_claims")
def test_a_record_committed_between_lookup_and_lock_is_found(api: Api, at_once: Run) -> None:
    key, holding = new_key(), Event()

    def late() -> Any:
        holding.wait(25)
        database_rows("SET application_name = 'late'")
        try:
            return keyed(Api(), key, BODY)
        finally:
            database_rows("RESET application_name; SELECT pg_advisory_unlock_all()")

    def in_time() -> Any:
        database_rows("SELECT pg_advisory_lock(7)")
        holding.set()
        assert blocks_another_session()
        try:
            return keyed(api, key, BODY)
        finally:
            database_rows("SELECT pg_advisory_unlock(7)")

    again, first = at_once(late, in_time)
    assert first.status_code == 201
    assert is_replay(first, again)
    assert Job.objects.count() == 1
