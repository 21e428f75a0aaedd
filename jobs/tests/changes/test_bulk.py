"""Bulk changes by one request: a result for each job, in one transaction, without deadlocks."""

import json
from functools import partial
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.changes.bulk import MAX_BULK_JOBS, Change, change_jobs
from jobs.models import Job
from jobs.tests.blocking import blocks_another_session
from jobs.tests.conftest import Api, Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import FAILED, RUNNING, database_rows, fill, history_of, make_job
from jobs.tests.invalid_values import BAD_NAMES, BAD_STATUSES
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

BAD_IDS: list[tuple[Any, str]] = [
    (None, "null"), ("1", "invalid"), (1.0, "invalid"), (True, "invalid"), ([], "invalid"), (0, "min_value"),
    (-1, "min_value"), (2**63, "max_value"), (10**400, "max_value"),
]  # fmt: skip


def results(api: Api, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of a request that must succeed."""
    response = api.patch("/api/jobs/", {"jobs": jobs})
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = json.loads(response.content)["results"]
    return found


def refusal(api: Api, body: Any) -> list[tuple[str, str]]:
    """Field and code of each error of a rejected body, which must change nothing."""
    before = stored()
    problem = problem_of(api.patch("/api/jobs/", body), 400)
    assert stored() == before
    assert problem["code"] == "invalid"
    return [(error["field"], error["code"]) for error in problem["errors"]]


def test_each_job_gets_its_own_change(api: Api) -> None:
    one, two, three = make_job("Wing"), make_job("Tail"), make_job("Fin")
    answers = results(
        api,
        [
            {"id": three.pk, "status_type": "FAILED", "name": " Nose "},
            {"id": one.pk, "status_type": "RUNNING"},
            {"id": two.pk, "name": "Rudder"},
        ],
    )
    assert [answer["id"] for answer in answers] == [three.pk, one.pk, two.pk]
    for answer in answers:
        assert answer["status"] == 200
        assert answer["job"] == api.get(f"/api/jobs/{answer['id']}/")
    assert [(a["job"]["name"], a["job"]["current_status"]) for a in answers] == [
        ("Nose", "FAILED"),
        ("Wing", "RUNNING"),
        ("Rudder", "PENDING"),
    ]
    assert history_of(one) == ["PENDING", "RUNNING"]
    assert history_of(two) == ["PENDING"]
    assert api.get("/api/jobs/counts/")["by_status"]["FAILED"] == 1


def test_a_missing_job_does_not_affect_the_others(api: Api) -> None:
    job = make_job()
    missing, changed = results(
        api,
        [{"id": 2**63 - 1, "status_type": "RUNNING"}, {"id": job.pk, "status_type": "RUNNING"}],
    )
    assert (missing["status"], changed["status"]) == (404, 200)
    assert missing["problem"]["code"] == "job_not_found"
    assert missing["problem"]["status"] == 404
    assert "job" not in missing
    assert history_of(job) == ["PENDING", "RUNNING"]


def test_a_job_that_has_changed_is_left_unchanged(api: Api) -> None:
    jobs = [api.get(f"/api/jobs/{make_job().pk}/") for _ in range(2)]
    Job.objects.edit(jobs[0]["id"], name="Other")
    seen = [
        {"id": job["id"], "updated_at": job["updated_at"], "status_type": "FAILED"} for job in jobs
    ]
    late, fresh = results(api, seen)
    assert (late["status"], late["problem"]["code"]) == (409, "job_changed")
    assert (fresh["status"], fresh["job"]["current_status"]) == (200, "FAILED")
    assert history_of(jobs[0]["id"]) == ["PENDING"]


def test_setting_the_current_status_appends_an_entry(api: Api) -> None:
    job = make_job()
    results(api, [{"id": job.pk, "status_type": "PENDING"}])
    assert history_of(job) == ["PENDING", "PENDING"]


def test_a_thousand_changes_are_one_statement(api: Api) -> None:
    jobs = [{"id": job_id, "status_type": "RUNNING"} for job_id in fill(MAX_BULK_JOBS)]
    with CaptureQueriesContext(connection) as queries:
        assert {answer["status"] for answer in results(api, jobs[::-1])} == {200}
    assert len(queries) == 1
    assert_consistent()
    assert refusal(api, {"jobs": [*jobs, {"id": 1, "name": "x"}]}) == [("jobs", "invalid")]


def test_a_thousand_long_names_fit_into_a_body(api: Api) -> None:
    jobs = [{"id": job_id, "name": "ü" * 255} for job_id in fill(MAX_BULK_JOBS)]
    body = json.dumps({"jobs": jobs}, ensure_ascii=False).encode()
    assert api.patch("/api/jobs/", body).status_code == 200
    padded = b'{"jobs": [], "padding": "' + b"x" * (1 << 20) + b'"}'
    assert "1 MiB" in problem_of(api.patch("/api/jobs/", padded), 413)["detail"]


@pytest.mark.parametrize(
    "body", [{}, {"jobs": None}, {"jobs": []}, {"jobs": {}}, {"jobs": "1"}, {"jobs": 1}]
)  # fmt: skip
def test_a_body_without_jobs_is_rejected(api: Api, body: Any) -> None:
    assert refusal(api, body) == [("jobs", "invalid")]


@pytest.mark.parametrize(
    ("entry", "field", "code"),
    [
        (None, "", "null"),
        (1, "", "invalid"),
        ([], "", "invalid"),
        ({}, ".id", "required"),
        ({"status_type": "RUNNING"}, ".id", "required"),
        *(({"id": job_id, "status_type": "RUNNING"}, ".id", code) for job_id, code in BAD_IDS),
        ({"id": 1}, "", "nothing_to_change"),
        ({"id": 1, "status": "RUNNING"}, ".status", "unknown_field"),
        ({"id": 1, "updated_at": "2026-11-22T10:00:00Z"}, "", "nothing_to_change"),
        ({"id": 1, "name": "x", "updated_at": "yesterday"}, ".updated_at", "invalid"),
        ({"id": 1, "name": "x", "updated_at": 0}, ".updated_at", "invalid"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_errors_name_the_index_and_the_field(api: Api, entry: Any, field: str, code: str) -> None:
    good = {"id": make_job().pk, "status_type": "RUNNING"}
    assert (f"jobs[1]{field}", code) in refusal(api, {"jobs": [good, entry]})


@pytest.mark.parametrize("entry", [None, 1, "1", [], True])
def test_an_entry_that_is_not_an_object_is_explained(api: Api, entry: Any) -> None:
    detail = problem_of(api.patch("/api/jobs/", {"jobs": [entry]}), 400)["detail"]
    assert detail == "jobs[0]: A change must be an object with the job's id."


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda name: ascii(name)[:20])
def test_an_invalid_name_is_rejected(api: Api, name: Any) -> None:
    entry = {"id": make_job().pk, "status_type": "RUNNING", "name": name}
    [(field, _)] = refusal(api, {"jobs": [entry]})
    assert field == "jobs[0].name"


@pytest.mark.parametrize("status", BAD_STATUSES, ids=lambda status: ascii(status)[:20])
def test_an_invalid_status_is_rejected(api: Api, status: Any) -> None:
    entry = {"id": make_job().pk, "status_type": status, "name": "New"}
    [(field, _)] = refusal(api, {"jobs": [entry]})
    assert field == "jobs[0].status_type"


def test_a_duplicate_id_is_rejected(api: Api) -> None:
    job = make_job()
    entries = [{"id": job.pk, "status_type": "RUNNING"}, {"id": job.pk, "name": "x"}]
    assert refusal(api, {"jobs": entries}) == [("jobs", "duplicate_id")]


def test_only_the_first_errors_are_listed(api: Api) -> None:
    problem = problem_of(api.patch("/api/jobs/", {"jobs": [{}] * 1000}), 400)
    assert len(problem["errors"]) == 100
    assert len(problem["detail"]) < 300


def test_a_query_parameter_is_rejected(api: Api) -> None:
    before = stored()
    problem_of(api.patch("/api/jobs/?status=FAILED", {"jobs": [{"id": 1, "name": "x"}]}), 400)
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_changes_of_the_same_jobs_in_any_order_never_deadlock(at_once: Run) -> None:
    ids = fill(60)
    start = Barrier(6)

    def change(number: int) -> None:
        random = Random(number)
        start.wait()
        for turn in range(15):
            chosen = random.sample(ids, 50)
            outcomes = change_jobs(
                [Change(i, RUNNING, {"name": f"{number} {turn}"}) for i in chosen]
            )
            assert all(outcome.job for outcome in outcomes)

    def change_one(number: int) -> None:
        random = Random(number)
        start.wait()
        for _ in range(100):
            Job.objects.record_status(random.choice(ids), FAILED)

    at_once(*(partial(change, n) for n in range(4)), *(partial(change_one, n) for n in (4, 5)))
    assert database_rows("SELECT count(*) FROM job_status") == [(60 + 4 * 15 * 50 + 200,)]
    assert_consistent()


@pytest.mark.django_db(transaction=True)
def test_a_bulk_change_waits_for_a_concurrent_change_and_sees_its_result(at_once: Run) -> None:
    first, gone, renamed = fill(3)
    seen = Job.objects.get(pk=renamed).updated_at
    begun = Barrier(2)

    def other() -> None:
        database_rows("BEGIN")
        Job.objects.edit(renamed, name="Other")
        Job.objects.record_status(first, FAILED)
        Job.objects.remove(gone)
        begun.wait()
        assert blocks_another_session()
        database_rows("COMMIT")

    def many() -> Any:
        begun.wait()
        return change_jobs(
            [
                Change(renamed, RUNNING, expected_updated_at=seen),
                Change(gone, RUNNING),
                Change(first, RUNNING),
            ]
        )

    _, outcomes = at_once(other, many)
    assert [outcome.refusal for outcome in outcomes] == ["job_changed", "job_not_found", ""]
    assert history_of(first) == ["PENDING", "FAILED", "RUNNING"]
    assert Job.objects.get(pk=renamed).name == "Other"
