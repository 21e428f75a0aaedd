"""One key in many hands, and in hands that die: real connections, real processes."""

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

from jobs import kept_answers
from jobs.api.idempotency import key_digest
from jobs.models import Job
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import database_rows
from jobs.tests.problems import problem_of
from jobs.tests.test_concurrency import assert_consistent, somebody_waits_for_me
from jobs.tests.test_safe_retries import keyed, new_key, same

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


def within(seconds: float, ask: Callable[[], Any]) -> Any:
    """The first answer that is something."""
    end = monotonic() + seconds
    while monotonic() < end:
        if answer := ask():
            return answer
        sleep(0.02)
    raise AssertionError("it did not come to be")


@contextmanager
def locked(table: str, mode: str = "SHARE") -> Iterator[None]:
    """Nobody else writes to the table meanwhile: who wants to waits, in the middle of what it does.

    In ACCESS EXCLUSIVE mode nobody reads it either.
    """
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    finally:
        other.rollback()
        other.close()


def sent(key: str) -> "Future[Any]":
    """A creation under way beside this thread; its answer."""

    def send() -> Any:
        try:
            return keyed(Api(), key, BODY)
        finally:
            connections.close_all()

    executor = ThreadPoolExecutor(1)
    future = executor.submit(send)
    executor.shutdown(wait=False)
    return future


def process(key: str) -> "subprocess.Popen[str]":
    """A creation by a process of its own."""
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
def test_of_twenty_at_once_one_creates_and_all_get_its_answer(at_once: Run, rounds: int) -> None:
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
        assert all(same(first, answer) for answer in made if answer is not first)
        assert Job.objects.count() == done
    assert_consistent()


def test_a_key_under_way_is_409_at_once_and_then_its_answer(api: Api) -> None:
    key = new_key()
    with locked("job"):
        under_way = sent(key)
        within(30, lambda: database_rows(WAITING))
        began = monotonic()
        assert problem_of(keyed(api, key, BODY), 409)["code"] == "request_in_flight"
        problem_of(keyed(api, f'"{key}"', {"name": "Other"}), 409)
        assert monotonic() - began < 10
    assert same(under_way.result(30), keyed(api, key, BODY))
    assert Job.objects.count() == 1


def test_only_the_key_under_way_is_in_the_way(api: Api, at_once: Run) -> None:
    held = new_key()

    def post(key: str) -> int:
        return int(keyed(api, key, BODY).status_code)

    with transaction.atomic():
        assert kept_answers.claim(key_digest(held)) is None
        assert at_once(partial(post, held), partial(post, new_key())) == [409, 201]
    assert post(held) == 201


@pytest.mark.parametrize("table", ["job", "kept_answer"])
def test_a_connection_cut_in_the_middle_leaves_no_job_no_answer_and_the_key_free(
    api: Api, table: str
) -> None:
    """While the job is written, and while its answer is: neither stays without the other."""
    key = new_key()
    with locked(table):
        cut = sent(key)
        [[pid]] = within(30, lambda: database_rows(WAITING))
        database_rows(f"SELECT pg_terminate_backend({pid}, 5000)")
    problem_of(cut.result(30), 503)
    assert not Job.objects.exists()
    first = keyed(api, key, BODY)
    assert first.status_code == 201
    assert same(first, keyed(api, key, BODY))
    assert Job.objects.count() == 1


@pytest.mark.parametrize("table", ["job", "kept_answer"])
def test_a_process_killed_in_the_middle_leaves_nothing_and_the_key_free(
    api: Api, table: str
) -> None:
    key = new_key()
    with locked(table), process(key) as killed:
        within(90, lambda: database_rows(WAITING))
        killed.kill()
    first = within(30, lambda: free(keyed(api, key, BODY)))
    assert "Idempotent-Replayed" not in first
    assert Job.objects.count() == 1


def free(answer: Any) -> Any:
    """The answer, once the key is not under way."""
    return answer if answer.status_code == 201 else None


def test_another_process_gives_the_same_answer(api: Api) -> None:
    key = new_key()
    first = keyed(api, key, BODY)
    with process(key) as other:
        assert other.stdout
        status, content, headers = json.loads(other.stdout.read())
    assert (status, content) == (201, first.content.decode())
    assert headers["Idempotent-Replayed"] == "true"
    assert [headers[name] for name in ("Location", "ETag")] == [first["Location"], first["ETag"]]
    assert Job.objects.count() == 1


@pytest.fixture
def halting_claims(nothing_kept: None) -> Iterator[None]:
    """Claims of connections called `late` wait between their look and their lock, while somebody holds the lock 7."""
    [[original]] = database_rows("SELECT pg_get_functiondef('kept_answer_claim'::regproc)")
    before = "IF look = 1\n"
    assert original.count(before) == 1
    halt = (
        "IF current_setting('application_name') = 'late' THEN PERFORM pg_advisory_lock(7); END IF;"
    )
    database_rows(original.replace(before, f"{halt}\n{before}"))
    yield
    database_rows(original)


@pytest.mark.usefixtures("halting_claims")
def test_an_answer_committed_between_the_look_and_the_lock_is_found(api: Api, at_once: Run) -> None:
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
        assert somebody_waits_for_me()
        try:
            return keyed(api, key, BODY)
        finally:
            database_rows("SELECT pg_advisory_unlock(7)")

    again, first = at_once(late, in_time)
    assert first.status_code == 201
    assert same(first, again)
    assert Job.objects.count() == 1
