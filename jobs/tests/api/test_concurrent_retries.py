"""Concurrent requests with one key, lost connections and killed processes, on real connections and processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import connections, transaction

from jobs import idempotency_store
from jobs.api.http.idempotency import key_digest
from jobs.models import Job
from jobs.tests.api.idempotency import assert_one_is_processed, is_replay, keyed, new_key
from jobs.tests.blocking import blocks_another_session, locked, waiting_session
from jobs.tests.conftest import Api, Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import database_rows
from jobs.tests.problems import problem_of
from jobs.tests.served import database_url
from jobs.tests.waiting import eventually

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
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATABASE_URL": database_url(),
    }
    command = [sys.executable, "-c", IN_A_PROCESS, key, json.dumps(BODY)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


def test_one_of_twenty_concurrent_requests_creates_and_all_get_its_response(at_once: Run) -> None:
    for done in range(1, 4):
        key = new_key()
        assert_one_is_processed(at_once, 20, 201, partial(keyed, key=key, body=BODY))
        assert Job.objects.count() == done
    assert_consistent()


def test_a_key_in_use_is_409_immediately_and_then_replayed(api: Api) -> None:
    key = new_key()
    with locked("job"):
        pending = create_in_background(key)
        waiting_session()
        assert problem_of(keyed(api, key, BODY), 409)["code"] == "request_in_flight"
        problem_of(keyed(api, f'"{key}"', {"name": "Other"}), 409)
        assert not pending.done()
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
        database_rows(f"SELECT pg_terminate_backend({waiting_session()}, 60000)")
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
        waiting_session()
        killed.kill()
    first = eventually(lambda: created(keyed(api, key, BODY)))
    assert "Idempotent-Replayed" not in first
    assert Job.objects.count() == 1


def created(answer: Any) -> Any:
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
        holding.wait(60)
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
