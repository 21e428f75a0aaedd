"""A job by its key: created at most once, and found again."""

from typing import Any
from urllib.parse import quote

import pytest

from jobs.models import Job
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import history_of
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db


def url(key: str) -> str:
    return f"/api/jobs/by-key/{quote(key, safe='')}/"


def put(api: Api, key: str, body: Any, **options: Any) -> Any:
    return api.call("PUT", url(key), body, **options)


def test_the_first_request_creates_the_job_and_others_get_it(api: Api) -> None:
    body = {"name": "Wing", "labels": {"team": "fluid"}, "reason": "nightly"}
    first = put(api, "run-17", body)
    job = first.json()
    assert (first.status_code, first["Location"]) == (201, f"/api/jobs/{job['id']}/")
    assert (job["key"], job["labels"], job["current_status"]) == (
        "run-17",
        {"team": "fluid"},
        "PENDING",
    )
    second = put(api, "run-17", {"name": "Another", "labels": {"x": "y"}})
    assert (second.status_code, second.json()) == (200, job)
    assert "Location" not in second
    assert second["ETag"] == first["ETag"]
    assert api.get(url("run-17")) == api.get(f"/api/jobs/{job['id']}/") == job
    [entry] = api.get(f"/api/jobs/{job['id']}/statuses/")["results"]
    assert (entry["reason"], entry["source"]) == ("nightly", "api")


@pytest.mark.parametrize(
    "key", ["a/b/", "é 😀", "%2F", "?q=1#x", "x" * 255, "a//b", "12", ".hidden"]
)
def test_a_key_may_contain_almost_anything(api: Api, key: str) -> None:
    job = put(api, key, {"name": "Wing"}).json()
    assert job["key"] == key
    assert api.get(url(key)) == job


def test_whitespace_around_a_key_is_removed(api: Api) -> None:
    job = put(api, " run 17 ", {"name": "Wing"}).json()
    assert job["key"] == "run 17"
    assert api.get(url("run 17 ")) == job


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("a\nb", "invalid"),
        ("\u200b", "blank"),
        (" ", "blank"),
        ("x" * 256, "max_length"),
        ("a\0", "invalid"),
    ],
)
def test_an_invalid_key_is_refused_and_never_found(api: Api, key: str, code: str) -> None:
    before = stored()
    [error] = problem_of(put(api, key, {"name": "Wing"}), 400)["errors"]
    assert (error["field"], error["code"]) == ("key", code)
    assert stored() == before
    assert problem_of(api.call("GET", url(key)), 404)["code"] == "job_not_found"


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("exists", [False, True])
def test_a_condition_is_refused_instead_of_ignored(api: Api, exists: bool, header: str) -> None:
    if exists:
        put(api, "a", {"name": "Wing"})
    before = stored()
    response = put(api, "a", {"name": "x"}, **{f"HTTP_{header.upper().replace('-', '_')}": "*"})
    [error] = problem_of(response, 400)["errors"]
    assert (error["field"], error["code"]) == (header, "misplaced")
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "name", "required"),
        ({"name": "x", "key": "other"}, "key", "key_mismatch"),
        ({"name": "x", "labels": {"a": None}}, "labels", "invalid"),
        ({"name": "x", "nam": 1}, "nam", "unknown_field"),
        ({"name": "x", "current_status": "FAILED"}, "current_status", "read_only"),
    ],
)
@pytest.mark.parametrize("exists", [False, True])
def test_an_invalid_body_is_refused(
    api: Api, exists: bool, body: Any, field: str, code: str
) -> None:
    if exists:
        put(api, "a", {"name": "Wing"})
    before = stored()
    [error] = problem_of(put(api, "a", body), 400)["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert stored() == before


def test_an_unknown_key_is_not_found(api: Api) -> None:
    assert problem_of(api.call("GET", url("a")), 404)["code"] == "job_not_found"


def test_a_read_can_be_conditional(api: Api) -> None:
    tag = put(api, "a", {"name": "Wing"})["ETag"]
    assert api.call("GET", url("a"), HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_a_job_can_be_put_as_it_was_received(api: Api) -> None:
    job = put(api, "a", {"name": "Wing"}).json()
    assert put(api, "a", job).json() == job
    api.delete(f"/api/jobs/{job['id']}/")
    again = put(api, "a", job).json()
    assert (again["key"], again["name"]) == ("a", "Wing")
    assert again["id"] != job["id"]


def test_a_retry_with_a_key_of_its_own_gets_the_same_response(api: Api) -> None:
    first, second = (put(api, "a", {"name": "Wing"}, HTTP_IDEMPOTENCY_KEY='"k"') for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Idempotent-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("idempotent", [False, True])
def test_of_concurrent_requests_one_creates_the_job(at_once: Run, idempotent: bool) -> None:
    def create(number: int) -> tuple[int, int]:
        options = {"HTTP_IDEMPOTENCY_KEY": f'"k{number}"'} if idempotent else {}
        response = put(Api(), "a", {"name": f"Wing {number}"}, **options)
        return response.status_code, response.json()["id"]

    found = at_once(*(lambda number=number: create(number) for number in range(8)))
    assert sorted(status for status, _ in found) == [200] * 7 + [201]
    [job] = Job.objects.all()
    assert {job_id for _, job_id in found} == {job.pk}
    assert history_of(job) == ["PENDING"]
