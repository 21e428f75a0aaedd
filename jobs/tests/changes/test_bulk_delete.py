"""Deletion of many jobs by one request: a result for each, in one transaction."""

import json
from functools import partial
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.changes.bulk_delete import Deletion, remove_jobs
from jobs.models import Job, JobStatus
from jobs.tests.blocking import blocks_another_session
from jobs.tests.conftest import Api, Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import FAILED, RUNNING, database_rows, fill, make_job, wait_until_final
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

PATH = "/api/jobs/delete/"


def results(api: Api, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of a request that must succeed."""
    response = api.post(PATH, {"jobs": jobs})
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = json.loads(response.content)["results"]
    return found


def shown(api: Api, job: Job) -> Any:
    return api.get(f"/api/jobs/{job.pk}/")


def test_jobs_are_deleted_with_their_histories(api: Api) -> None:
    one, two, kept = make_job(history=[RUNNING, FAILED]), make_job(), make_job(history=[RUNNING])
    answers = results(api, [{"id": two.pk}, shown(api, one)])
    assert answers == [{"id": two.pk, "status": 204}, {"id": one.pk, "status": 204}]
    assert list(Job.objects.values_list("id", flat=True)) == [kept.pk]
    assert not JobStatus.objects.exclude(job=kept).exists()
    assert_consistent()


def test_each_refusal_has_its_reason_and_does_not_affect_the_others(api: Api) -> None:
    good, late, cut = make_job(), make_job(), make_job()
    seen = shown(api, late)
    late.record_status(FAILED)
    Job.objects.filter(pk=cut.pk).update(updated_at="2026-11-22T10:00:00.123456Z")
    answers = results(
        api,
        [
            seen,
            {"id": 2**63 - 1},
            {"id": cut.pk, "updated_at": "2026-11-22T10:00:00.123Z"},
            shown(api, good),
        ],
    )
    assert [answer["status"] for answer in answers] == [409, 404, 409, 204]
    assert [answer.get("problem", {}).get("code") for answer in answers] == [
        "job_changed",
        "job_not_found",
        "updated_at_truncated",
        None,
    ]
    assert set(Job.objects.values_list("id", flat=True)) == {late.pk, cut.pk}


def test_a_thousand_deletions_are_one_statement(api: Api) -> None:
    jobs = [{"id": job_id} for job_id in fill(MAX_BULK_JOBS)]
    with CaptureQueriesContext(connection) as queries:
        assert {answer["status"] for answer in results(api, jobs[::-1])} == {204}
    assert len(queries) == 1
    assert api.get("/api/jobs/counts/")["total"] == 0
    assert_consistent()


@pytest.mark.parametrize(
    ("entry", "field", "code"),
    [
        (None, "", "null"),
        (1, "", "invalid"),
        ({}, ".id", "required"),
        ({"id": "1"}, ".id", "invalid"),
        ({"id": 1, "updated_at": None}, ".updated_at", "null"),
        ({"id": 1, "updated_at": "yesterday"}, ".updated_at", "invalid"),
        ({"id": 1, "changed_at": "2026-11-22T10:00:00Z"}, ".changed_at", "unknown_field"),
    ],
)
def test_errors_name_the_index_and_the_field(api: Api, entry: Any, field: str, code: str) -> None:
    good = {"id": make_job().pk}
    before = stored()
    problem = problem_of(api.post(PATH, {"jobs": [good, entry]}), 400)
    assert (f"jobs[1]{field}", code) in [(e["field"], e["code"]) for e in problem["errors"]]
    assert stored() == before


@pytest.mark.parametrize("body", [{}, {"jobs": None}, {"jobs": []}, {"jobs": {}}, {"jobs": 1}])
def test_a_body_without_jobs_is_rejected(api: Api, body: Any) -> None:
    [error] = problem_of(api.post(PATH, body), 400)["errors"]
    assert (error["field"], error["code"]) == ("jobs", "invalid")


def test_limits_and_duplicates(api: Api) -> None:
    job = make_job()
    before = stored()
    [error] = problem_of(api.post(PATH, {"jobs": [{"id": job.pk}] * 2}), 400)["errors"]
    assert error["code"] == "duplicate_id"
    many = [{"id": number} for number in range(1, MAX_BULK_JOBS + 2)]
    assert problem_of(api.post(PATH, {"jobs": many}), 400)["errors"][0]["code"] == "invalid"
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert api.call(method, PATH)["Allow"] == "POST, OPTIONS"
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_each_deletion_is_an_event(api: Api) -> None:
    cursor = api.call("GET", "/api/events/")["Feed-Cursor"]
    ids = fill(5)
    results(api, [{"id": job_id} for job_id in ids])
    wait_until_final()
    lines = api.call("GET", f"/api/events/?after={cursor}").content.splitlines()
    events = [json.loads(line) for line in lines]
    deleted = [event["job_id"] for event in events if event["type"] == "job.deleted"]
    assert sorted(deleted) == ids


@pytest.mark.django_db(transaction=True)
def test_each_job_is_deleted_by_one_of_eight_concurrent_requests(at_once: Run) -> None:
    ids = fill(50)
    start = Barrier(8)

    def remove(number: int) -> list[int]:
        chosen = Random(number).sample(ids, len(ids))
        start.wait()
        outcomes = remove_jobs([Deletion(job_id) for job_id in chosen])
        assert {outcome.refusal for outcome in outcomes} <= {"", "job_not_found"}
        return [outcome.job_id for outcome in outcomes if not outcome.refusal]

    deleted = at_once(*(partial(remove, number) for number in range(8)))
    assert sorted(job_id for each in deleted for job_id in each) == ids
    assert_consistent()


@pytest.mark.django_db(transaction=True)
def test_a_deletion_waits_for_a_concurrent_change_and_spares_the_changed_job(at_once: Run) -> None:
    changed, untouched = fill(2)
    now = dict(Job.objects.values_list("id", "updated_at"))
    begun = Barrier(2)

    def other() -> None:
        database_rows("BEGIN")
        Job.objects.record_status(changed, FAILED)
        begun.wait()
        assert blocks_another_session()
        database_rows("COMMIT")

    def many() -> Any:
        begun.wait()
        return remove_jobs([Deletion(job_id, now[job_id]) for job_id in (untouched, changed)])

    _, outcomes = at_once(other, many)
    assert [outcome.refusal for outcome in outcomes] == ["", "job_changed"]
    assert list(Job.objects.values_list("id", flat=True)) == [changed]
