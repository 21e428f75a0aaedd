"""Nothing that a client sends is silently ignored: no field, no parameter, no byte."""

from typing import Any

import pytest

from jobs.api.serializers import REPORTED
from jobs.rows import WRITABLE
from jobs.statuses import StatusType
from jobs.tests.conftest import Api
from jobs.tests.factories import make_job
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "word"),
    [
        (
            "POST",
            "/api/jobs/",
            {"name": "x", "status_type": "FAILED"},
            "status_type",
            f"Known: {', '.join([*WRITABLE, *REPORTED])}.",
        ),
        ("POST", "/api/jobs/", {"nmae": "x"}, "nmae", "Did you mean name?"),
        (
            "PATCH",
            "/api/jobs/{id}/",
            {"name": "x", "staus_type": "FAILED"},
            "staus_type",
            "status_type",
        ),
        ("PATCH", "/api/jobs/{id}/", {"status": "FAILED"}, "status", "status_type"),
        ("POST", "/api/jobs/{id}/undo/", {"updated_at": "{at}", "reason": "x"}, "reason", "Known"),
        (
            "PATCH",
            "/api/jobs/",
            {"jobs": [{"id": 0, "name": "x", "nam": 1}]},
            "jobs[0].nam",
            "name",
        ),
        ("PATCH", "/api/jobs/", {"jobs": [], "job": []}, "job", "Did you mean jobs?"),
    ],
)
def test_rejects_an_unknown_field(
    api: Api, method: str, path: str, body: dict[str, Any], field: str, word: str
) -> None:
    job = make_job("Wing")
    before = stored()
    if body.get("jobs"):
        body["jobs"][0]["id"] = job.pk
    if "updated_at" in body:
        body["updated_at"] = api.get(f"/api/jobs/{job.pk}/")["updated_at"]
    problem = problem_of(api.call(method, path.format(id=job.pk), body), 400)
    errors = {error["field"]: error for error in problem["errors"]}
    assert errors[field]["code"] == "unknown_field"
    assert word in errors[field]["detail"]
    assert stored() == before


def test_accepts_a_job_as_a_response_returned_it(api: Api) -> None:
    job = api.post("/api/jobs/", {"name": "Wing"}).json()
    renamed = api.patch(f"/api/jobs/{job['id']}/", job | {"name": "Wing 2"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Wing 2")
    again = api.post("/api/jobs/", renamed.json())
    assert again.status_code == 201
    assert again.json()["id"] != job["id"]
    moved = api.patch("/api/jobs/", {"jobs": [again.json() | {"status_type": "RUNNING"}]})
    assert moved.json()["results"][0]["job"]["current_status"] == "RUNNING"
    moved_job = moved.json()["results"][0]["job"]
    assert api.post(f"/api/jobs/{again.json()['id']}/undo/", moved_job).status_code == 200


@pytest.mark.parametrize("sent", ["other", "text", True, None])
@pytest.mark.parametrize("path", ["/api/jobs/{id}/", "/api/jobs/{id}/undo/"])
def test_rejects_the_id_of_another_job(api: Api, path: str, sent: Any) -> None:
    job, other = make_job("Wing"), make_job("Other")
    job.record_status(StatusType.RUNNING)
    version = api.get(f"/api/jobs/{job.pk}/")["updated_at"]
    job_id = {"other": other.pk, "text": str(job.pk)}.get(sent, sent)
    body = {"id": job_id, "updated_at": version}
    if "undo" not in path:
        body["name"] = "Wing 2"
    before = stored()
    method = "POST" if "undo" in path else "PATCH"
    problem = problem_of(api.call(method, path.format(id=job.pk), body), 400)
    [error] = problem["errors"]
    assert (error["field"], error["code"]) == ("id", "id_mismatch")
    assert f"job {job.pk}" in error["detail"]
    assert stored() == before


def test_a_new_job_is_not_created_as_if_its_status_were_ignored(api: Api) -> None:
    before = stored()
    body = {"name": "Wing", "current_status": "FAILED"}
    problem = problem_of(api.call("POST", "/api/jobs/", body), 400)
    [error] = problem["errors"]
    assert (error["field"], error["code"]) == ("current_status", "read_only")
    assert stored() == before
    assert api.post("/api/jobs/", body | {"current_status": "PENDING"}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a", "name": "b"}',
        '{"name": "a", "\\u006eame": "b"}',
        '{"name": "a", "more": {"x": 1, "x": 1}}',
    ],
)
def test_rejects_a_repeated_field(api: Api, body: str) -> None:
    problem = problem_of(api.call("POST", "/api/jobs/", body), 400)
    assert problem["code"] == "malformed_json"
    assert "more than once" in problem["detail"]


def test_ignores_a_byte_order_mark(api: Api) -> None:
    body = b'\xef\xbb\xbf{"name": "Wing"}'
    assert api.call("POST", "/api/jobs/", body).status_code == 201


def test_explains_a_number_with_too_many_digits(api: Api) -> None:
    problem = problem_of(api.call("POST", "/api/jobs/", '{"name": %s}' % ("9" * 5_000)), 400)
    assert problem["detail"] == "The body is not valid JSON: a number has too many digits."


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("ordering=name&ordering=-name", "ordering"),
        ("q=a&q=b", "q"),
        ("search=a&search=b", "search"),
        ("page_size=1&page_size=2", "page_size"),
        ("cursor=a&cursor=b", "cursor"),
    ],
)
def test_rejects_a_repeated_parameter(api: Api, query: str, field: str) -> None:
    for path in ("/api/jobs/", "/api/jobs/export/"):
        if field in {"page_size", "cursor"} and "export" in path:
            continue
        [error] = problem_of(api.call("GET", f"{path}?{query}"), 400)["errors"]
        assert (error["field"], error["code"]) == (field, "repeated_parameter")
    assert api.get("/api/jobs/?status=FAILED&status=RUNNING")["count"] == 0


@pytest.mark.parametrize("query", ["q=%ff", "search=%C3%28", "q=%ed%a0%80", "q=\xff"])
def test_rejects_invalid_utf8(api: Api, query: str) -> None:
    problem = problem_of(api.call("GET", f"/api/jobs/?{query}", QUERY_STRING=query), 400)
    assert "invalid_utf8" in {error["code"] for error in problem["errors"]}


def test_a_missing_job_differs_from_an_unknown_url(api: Api) -> None:
    gone = 9_999_999
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"/api/jobs/{gone}/", None),
        ("PATCH", f"/api/jobs/{gone}/", {"status_type": "FAILED"}),
        ("PATCH", f"/api/jobs/{gone}/", {"name": "x"}),
        ("DELETE", f"/api/jobs/{gone}/", None),
        ("GET", f"/api/jobs/{gone}/statuses/", None),
        ("POST", f"/api/jobs/{gone}/undo/", {"updated_at": "2026-11-22T10:00:00.000000Z"}),
    ]
    for method, path, body in calls:
        problem = problem_of(api.call(method, path, body), 404)
        assert (problem["code"], problem["detail"]) == ("job_not_found", "Job not found.")
    [outcome] = api.patch("/api/jobs/", {"jobs": [{"id": gone, "name": "x"}]}).json()["results"]
    assert outcome["problem"]["code"] == "job_not_found"
    for path in ("/api/job/1/", "/api/jobs/x/", "/api/jobs/01/", f"/api/jobs/{2**63}/"):
        assert problem_of(api.call("GET", path), 404)["code"] == "not_found"


def test_explains_a_truncated_timestamp(api: Api) -> None:
    job = make_job("Wing")
    seen = api.patch(f"/api/jobs/{job.pk}/", {"status_type": "RUNNING"}).json()["updated_at"]
    if seen.endswith("000Z"):  # one in a thousand; the next change has other digits
        seen = api.patch(f"/api/jobs/{job.pk}/", {"status_type": "RUNNING"}).json()["updated_at"]
    for digits in (3, 2, 1, 0):
        short = f"{seen[: 20 + digits].rstrip('.')}Z"
        undone = api.post(f"/api/jobs/{job.pk}/undo/", {"updated_at": short})
        assert problem_of(undone, 409)["code"] == "updated_at_truncated", short
    cut = seen[:-4] + "Z"
    undone = api.post(f"/api/jobs/{job.pk}/undo/", {"updated_at": cut})
    problem = problem_of(undone, 409)
    assert problem["code"] == "updated_at_truncated"
    assert "is truncated" in problem["detail"]
    change = {"id": job.pk, "status_type": "FAILED", "updated_at": cut}
    [outcome] = api.patch("/api/jobs/", {"jobs": [change]}).json()["results"]
    assert outcome["problem"]["code"] == "updated_at_truncated"
    change["updated_at"] = "2020-01-01T00:00:00Z"
    [outcome] = api.patch("/api/jobs/", {"jobs": [change]}).json()["results"]
    assert outcome["problem"]["code"] == "job_changed"


@pytest.mark.parametrize(
    "written",
    ["{0}000Z", "{0}999999Z", "{0}+00:00", "{0}-00:00", "{0}z"],
)
def test_accepts_equivalent_timestamps(api: Api, written: str) -> None:
    job = make_job("Wing")
    seen = api.patch(f"/api/jobs/{job.pk}/", {"status_type": "RUNNING"}).json()["updated_at"]
    body = {"updated_at": written.format(seen[:-1]).replace("T", "t" if "z" in written else "T")}
    assert api.post(f"/api/jobs/{job.pk}/undo/", body).status_code == 200
