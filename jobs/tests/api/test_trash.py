"""The trash over the API."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.ids import LARGEST_ID
from jobs.models import Job
from jobs.tests.conftest import Api
from jobs.tests.factories import FAILED, RUNNING, fill, history_of, make_job
from jobs.tests.problems import problem_of, stored
from jobs.tests.trash.stored import rows

pytestmark = pytest.mark.django_db

PATH = "/api/trash/"
RESTORE = f"{PATH}restore/"


@pytest.fixture(autouse=True)
def seven_days(settings: Settings) -> None:
    settings.TRASH_DAYS = 7


def delete(api: Api, *ids: int) -> None:
    for job_id in ids:
        assert api.delete(f"/api/jobs/{job_id}/").status_code == 204


def restore(api: Api, *ids: int) -> Any:
    response = api.post(RESTORE, {"ids": ids})
    assert response.status_code == 200, response.content
    return json.loads(response.content)["results"]


def test_a_deleted_job_is_listed_as_it_was(api: Api) -> None:
    job = make_job("Wing", history=[RUNNING])
    shown = api.get(f"/api/jobs/{job.pk}/")
    delete(api, job.pk)
    page = api.get(PATH)
    [trashed] = page.pop("results")
    assert page == {"count": 1, "count_relation": "exact", "next": None, "previous": None}
    assert {name: trashed[name] for name in shown} == shown
    assert trashed.keys() - shown.keys() == {
        "deleted_at",
        "expires_at",
        "actor",
        "operation_id",
    }
    assert trashed["deleted_at"] >= shown["updated_at"]
    assert trashed["expires_at"][10:] == trashed["deleted_at"][10:]
    assert api.get(f"{PATH}{job.pk}/") == trashed


def test_it_is_not_found_among_the_jobs(api: Api) -> None:
    job = make_job("Wing", history=[RUNNING])
    delete(api, job.pk)
    for path in ("", "statuses/"):
        assert (
            problem_of(api.call("GET", f"/api/jobs/{job.pk}/{path}"), 404)["code"]
            == "job_not_found"
        )
    assert problem_of(api.delete(f"/api/jobs/{job.pk}/"), 404)["code"] == "job_not_found"
    assert api.get("/api/jobs/?q=wing")["results"] == api.get("/api/jobs/")["results"] == []
    assert api.get("/api/jobs/counts/")["total"] == 0


def test_pages_go_from_the_newest_deletion_to_the_oldest_and_back(api: Api) -> None:
    together, alone = fill(5), fill(3)
    api.post("/api/jobs/delete/", {"jobs": [{"id": job_id} for job_id in together]})
    delete(api, *alone)
    expected = [*reversed(alone), *reversed(together)]
    page, seen = api.get(f"{PATH}?page_size=3"), []
    while True:
        seen += [each["id"] for each in page["results"]]
        if page["next"] is None:
            break
        page = api.get(page["next"].removeprefix("http://testserver"))
    assert seen == expected
    page = api.get(page["previous"].removeprefix("http://testserver"))
    assert [each["id"] for each in page["results"]] == expected[3:6]


def test_a_page_costs_two_queries(api: Api) -> None:
    delete(api, *fill(20))
    with CaptureQueriesContext(connection) as queries:
        api.get(f"{PATH}?page_size=10")
    assert len(queries) == 2


def test_a_restored_job_is_back(api: Api) -> None:
    job = make_job("Wing", history=[RUNNING, FAILED])
    shown, history = api.get(f"/api/jobs/{job.pk}/"), api.get(f"/api/jobs/{job.pk}/statuses/")
    delete(api, job.pk)
    [outcome] = restore(api, job.pk)
    assert outcome == {"id": job.pk, "status": 200, "job": api.get(f"/api/jobs/{job.pk}/")}
    assert outcome["job"] | {"updated_at": ""} == shown | {"updated_at": ""}
    assert outcome["job"]["updated_at"] > shown["updated_at"]
    assert api.get(f"/api/jobs/{job.pk}/statuses/") == history
    assert api.get(PATH)["results"] == []


def test_each_refusal_has_its_reason_and_does_not_affect_the_others(api: Api) -> None:
    there, deleted, taken, taker = (make_job() for _ in range(4))
    for job in (taken, taker):
        Job.objects.filter(pk=job.pk).update(key="run-1")
        if job is taken:
            delete(api, job.pk)
    delete(api, deleted.pk)
    outcomes = restore(api, there.pk, taken.pk, LARGEST_ID, deleted.pk)
    assert [outcome["status"] for outcome in outcomes] == [409, 409, 404, 200]
    assert [outcome.get("problem", {}).get("code") for outcome in outcomes] == [
        "job_exists",
        "key_taken",
        "not_in_trash",
        None,
    ]
    assert [outcome["id"] for outcome in outcomes] == [there.pk, taken.pk, LARGEST_ID, deleted.pk]
    problem = outcomes[1]["problem"]
    assert problem["job_id"] == taker.pk
    assert problem["detail"].startswith(f"Job {taker.pk} has its key by now.")
    assert "job_id" not in outcomes[0]["problem"]


def test_a_retried_restore_gets_the_first_response(api: Api) -> None:
    job = make_job()
    delete(api, job.pk)
    answers = [
        api.call("POST", RESTORE, {"ids": [job.pk]}, HTTP_IDEMPOTENCY_KEY="again") for _ in range(2)
    ]
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true"]
    assert answers[0].content == answers[1].content
    assert history_of(job) == ["PENDING"]


def test_a_discarded_job_is_gone_for_good(api: Api) -> None:
    job = make_job()
    delete(api, job.pk)
    path = f"{PATH}{job.pk}/"
    assert api.call("DELETE", path, HTTP_IDEMPOTENCY_KEY="final").status_code == 204
    assert api.call("DELETE", path, HTTP_IDEMPOTENCY_KEY="final").status_code == 204
    for method in ("GET", "DELETE"):
        assert problem_of(api.call(method, path), 404)["code"] == "not_in_trash"
    assert rows("trashed_job") == rows("trashed_status") == []
    assert [each["status"] for each in restore(api, job.pk)] == [404]


def test_a_job_that_exists_cannot_be_discarded(api: Api) -> None:
    job = make_job()
    assert problem_of(api.delete(f"{PATH}{job.pk}/"), 404)["code"] == "not_in_trash"
    assert history_of(job) == ["PENDING"]


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        (None, "null"),
        ([], "invalid"),
        ({}, "invalid"),
        ("1", "invalid"),
        ([1, "2"], "invalid"),
        ([1.0], "invalid"),
        ([True], "invalid"),
        ([None], "invalid"),
        ([[1]], "invalid"),
        ([0], "invalid"),
        ([LARGEST_ID + 1], "invalid"),
        ([1, 2, 1], "duplicate_id"),
        (list(range(1, MAX_BULK_JOBS + 2)), "invalid"),
    ],
)
def test_bad_ids_restore_nothing(api: Api, ids: Any, code: str) -> None:
    job = make_job()
    delete(api, job.pk)
    if isinstance(ids, list) and 0 < len(ids) < 5:
        ids = [job.pk + 1000, *ids]
    before = stored(), rows("trashed_job")
    [error] = problem_of(api.post(RESTORE, {"ids": ids}), 400)["errors"]
    assert (error["field"], error["code"]) == ("ids", code)
    assert (stored(), rows("trashed_job")) == before


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "required"), ({"ids": [1], "all": True}, "unknown_field"), ([1], None), ("[", None)],
)
def test_bad_bodies_are_rejected(api: Api, body: Any, code: str | None) -> None:
    problem = problem_of(api.post(RESTORE, body), 400)
    assert [error["code"] for error in problem.get("errors", [])] == ([code] if code else [])


@pytest.mark.parametrize(
    "query", ["?page_size=0", "?cursor=x", "?q=wing", "?ordering=name", "?page_size=1&page_size=2"]
)
def test_bad_queries_are_rejected(api: Api, query: str) -> None:
    assert problem_of(api.call("GET", f"{PATH}{query}"), 400)["code"] == "invalid_query"


def test_other_methods_are_not_allowed(api: Api) -> None:
    assert api.call("POST", PATH)["Allow"] == "GET, HEAD, OPTIONS"
    assert api.call("GET", RESTORE)["Allow"] == "POST, OPTIONS"
    assert api.call("PATCH", f"{PATH}1/")["Allow"] == "GET, DELETE, HEAD, OPTIONS"


def test_without_a_trash_nothing_is_listed(api: Api, settings: Settings) -> None:
    settings.TRASH_DAYS = 0
    job = make_job()
    delete(api, job.pk)
    assert api.get(PATH)["count"] == 0
    assert [each["status"] for each in restore(api, job.pk)] == [404]
