"""Conditional requests: every change gives a job a new entity tag, and If-Match prevents lost updates."""

import json
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from jobs.tests.blocking import blocks_another_session
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import FAILED, PENDING, RUNNING, history_of, make_job
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

MALFORMED = [
    "", " ", ",", ", ,", "x", '"', '"a', 'a"', '"a" "b"', '"a";"b"', '"a"b', "w/\"a\"", 'W/ "a"', "W/", "*,*", '*, "a"',
    '"a", *', "**", '"a b"', '"a\tb"', '"a\0"', '"a\x7f"', '"a", b', "'a'", '"a' * 2_000, "," * 8_000 + "x",
    " " * 8_000 + "x", '"a" ' * 2_000,
]  # fmt: skip


# Every call that changes a job; the last one deletes it. The body of an undo is made by write().
WRITES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"status_type": "FAILED"}),
    ("PATCH", "", {"name": "New"}),
    ("PATCH", "", {"name": "Newer", "status_type": "RUNNING"}),
    ("POST", "undo/", None),
    ("DELETE", "", None),
]


def tag_of(path: str) -> str:
    return str(Api().call("GET", path)["ETag"])


def write(kind: int, path: str, tag: str, seen: str | None = None) -> Any:
    """Calls with this If-Match. `seen` is the tag whose updated_at an undo sends; the current one by default."""
    method, below, body = WRITES[kind]
    if below:
        body = {"updated_at": (seen or tag_of(path)).strip('"')}
    return Api().call(method, path + below, body, HTTP_IF_MATCH=tag)


@pytest.fixture
def path() -> str:
    return path_of(make_job(history=[RUNNING]))


def path_of(job: Job) -> str:
    return f"/api/jobs/{job.pk}/"


def test_every_response_with_one_job_has_its_entity_tag(api: Api) -> None:
    created = api.post("/api/jobs/", {"name": "Wing"})
    path, seen = created["Location"], [created]
    for body in ({"status_type": "RUNNING"}, {"name": "x"}, {"name": "y", "status_type": "FAILED"}):
        seen.append(api.patch(path, body))
    undo = {"updated_at": json.loads(seen[-1].content)["updated_at"]}
    seen.append(api.post(f"{path}undo/", undo))
    tags = [answer["ETag"] for answer in seen]
    for answer in seen:
        assert answer["ETag"] == f'"{json.loads(answer.content)["updated_at"]}"'
    assert tags == sorted(set(tags))
    assert api.call("GET", path)["ETag"] == tags[-1]
    assert api.call("HEAD", path)["ETag"] == tags[-1]


def test_a_list_row_contains_the_entity_tag(api: Api, path: str) -> None:
    [row] = api.get("/api/jobs/")["results"]
    assert f'"{row["updated_at"]}"' == tag_of(path)
    assert "ETag" not in api.call("GET", "/api/jobs/")


@pytest.mark.parametrize(
    "wrap", ["{}", "W/{}", '"a", {}', ' , {} ,W/"b"', "*", " * ", '"é",\t{}', '"a,b",{}']
)
def test_an_unchanged_job_is_304(api: Api, path: str, wrap: str) -> None:
    tag = tag_of(path)
    for method in ("GET", "HEAD"):
        answer = api.call(method, path, HTTP_IF_NONE_MATCH=wrap.format(tag))
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == tag
        assert "Content-Type" not in answer


def test_a_changed_job_is_returned(api: Api, path: str) -> None:
    old = tag_of(path)
    api.patch(path, {"name": "New"})
    for tag in (old, '""', '"x", W/"y"', tag_of(path).lower()):
        answer = api.call("GET", path, HTTP_IF_NONE_MATCH=tag)
        assert answer.status_code == 200
        assert json.loads(answer.content)["name"] == "New"
        assert answer["Cache-Control"] == "no-cache"


def test_a_change_with_the_current_version_is_applied(path: str) -> None:
    for kind in range(len(WRITES)):
        tag = tag_of(path)
        answer = write(kind, path, f'"other", {tag}')
        assert answer.status_code == (204 if WRITES[kind][0] == "DELETE" else 200)
        assert answer.get("ETag") != tag
    assert not Job.objects.exists()


def test_a_change_with_any_version_is_applied(path: str) -> None:
    assert [write(kind, path, "*").status_code for kind in range(5)] == [200, 200, 200, 200, 204]


@pytest.mark.parametrize("wrap", ["{old}", "W/{now}", '"x"', '""', '{old}, W/{now}, "x"'])
def test_a_change_with_another_version_is_rejected(path: str, wrap: str) -> None:
    old = tag_of(path)
    Job.objects.get().record_status(FAILED)
    before = stored()
    for kind in range(len(WRITES)):
        answer = write(kind, path, wrap.format(old=old, now=tag_of(path)))
        assert problem_of(answer, 412)["code"] == "precondition_failed"
        assert stored() == before


def test_if_match_is_checked_before_the_updated_at_of_an_undo(api: Api, path: str) -> None:
    old = tag_of(path)
    Job.objects.get().record_status(FAILED)
    undo = WRITES.index(("POST", "undo/", None))
    now = tag_of(path)
    assert problem_of(write(undo, path, old, seen=now), 412)["code"] == "precondition_failed"
    assert problem_of(write(undo, path, old, seen=old), 412)["code"] == "precondition_failed"
    assert problem_of(write(undo, path, now, seen=old), 409)["code"] == "job_changed"
    api.patch(path, {"name": "New"})
    assert problem_of(write(undo, path, tag_of(path)), 409)["code"] == "nothing_to_undo"


def test_a_deleted_job_is_404_with_any_precondition(api: Api, path: str) -> None:
    old = tag_of(path)
    api.delete(path)
    for tag in ("*", old, '"x"'):
        for kind in range(len(WRITES)):
            assert problem_of(write(kind, path, tag, seen=old), 404)["code"] == "job_not_found"
        problem_of(api.call("GET", path, HTTP_IF_NONE_MATCH=tag), 404)


@pytest.mark.parametrize("value", ["*", '"x"', "x", ""])
def test_a_change_with_if_none_match_is_rejected(api: Api, path: str, value: str) -> None:
    before, moment = stored(), tag_of(path).strip('"')
    for method, below, body in WRITES:
        sent = {"updated_at": moment} if below else body
        for more in ({}, {"HTTP_IF_MATCH": tag_of(path)}):
            answer = api.call(method, path + below, sent, HTTP_IF_NONE_MATCH=value, **more)
            problem = problem_of(answer, 400)
            assert problem["code"] == "invalid_header"
            [error] = problem["errors"]
            assert (error["field"], error["code"]) == ("If-None-Match", "misplaced")
            assert "If-Match" in problem["detail"]
    assert stored() == before


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: ascii(value)[:20])
def test_a_malformed_precondition_is_rejected(api: Api, path: str, value: str) -> None:
    before = stored()
    answers = [("If-Match", write(kind, path, value)) for kind in range(len(WRITES))]
    answers.append(("If-None-Match", api.call("GET", path, HTTP_IF_NONE_MATCH=value)))
    for header, answer in answers:
        problem = problem_of(answer, 400)
        assert problem["code"] == "invalid_header"
        assert [error["field"] for error in problem["errors"]] == [header]
    assert stored() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", range(len(WRITES)))
def test_a_conditional_change_is_one_statement(
    path: str, kind: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tag = tag_of(path)
    with django_assert_num_queries(1):
        assert write(kind, path, tag, seen=tag).status_code in {200, 204}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", range(len(WRITES)))
def test_one_of_eight_concurrent_writes_with_the_same_version_succeeds(
    at_once: Run, kind: int
) -> None:
    for _ in range(5):
        path, start = path_of(make_job(history=[RUNNING])), Barrier(8)
        tag = tag_of(path)

        def send(path: str = path, tag: str = tag, start: Barrier = start) -> int:
            start.wait()
            return int(write(kind, path, tag, seen=tag).status_code)

        done, *refused = sorted(at_once(*[send] * 8))
        deletes = WRITES[kind][0] == "DELETE"
        assert done == (204 if deletes else 200)
        # after a deletion, the others find no job
        assert set(refused) <= ({404, 412} if deletes else {412})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", range(len(WRITES)))
def test_a_change_that_waited_for_another_change_sees_another_version(
    api: Api, at_once: Run, kind: int
) -> None:
    """Its statement begins while the version still matches."""
    job = make_job(history=[RUNNING])
    path, ready = path_of(job), Barrier(2)
    tag = tag_of(path)

    def first() -> None:
        with transaction.atomic():
            Job.objects.edit(job.pk, name="First")
            ready.wait()
            assert blocks_another_session()

    def second() -> Any:
        ready.wait()
        return write(kind, path, tag, seen=tag)

    _, answer = at_once(first, second)
    assert problem_of(answer, 412)["code"] == "precondition_failed"
    assert api.get(path)["name"] == "First"
    assert history_of(job) == [PENDING, RUNNING]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", range(len(WRITES) - 1))
def test_a_change_that_waited_for_a_deletion_finds_no_job(at_once: Run, kind: int) -> None:
    job = make_job(history=[RUNNING])
    path, ready = path_of(job), Barrier(2)
    tag = tag_of(path)

    def first() -> None:
        with transaction.atomic():
            Job.objects.remove(job.pk)
            ready.wait()
            assert blocks_another_session()

    def second() -> int:
        ready.wait()
        return int(write(kind, path, tag, seen=tag).status_code)

    assert at_once(first, second)[1] == 404
    assert not Job.objects.exists()
