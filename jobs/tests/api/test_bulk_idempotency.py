"""Bulk changes with an Idempotency-Key, and preconditions, which they do not support."""

import json
from typing import Any

import pytest

from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.models import Job
from jobs.tests.api.idempotency import (
    BAD_KEYS,
    assert_one_is_processed,
    is_replay,
    keyed,
    new_key,
    stored_records,
)
from jobs.tests.conftest import Api, Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, fill, history_of, make_job
from jobs.tests.problems import problem_of, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]


def change(api: Api, key: str, body: Any) -> Any:
    return keyed(api, key, body, method="PATCH")


def test_a_repeated_bulk_change_is_applied_once(api: Api) -> None:
    job, key = make_job(), new_key()
    body = {"jobs": [{"id": job.pk, "status_type": "RUNNING"}, {"id": 2**63 - 1, "name": "x"}]}
    first, again = (change(api, key, body) for _ in range(2))
    assert [result["status"] for result in json.loads(first.content)["results"]] == [200, 404]
    assert is_replay(first, again)
    assert history_of(job) == [PENDING, RUNNING]
    change(api, new_key(), body)
    assert history_of(job) == [PENDING, RUNNING, RUNNING]


def test_the_response_to_the_largest_body_is_stored(api: Api) -> None:
    """The body exceeds the limit of all other calls."""
    jobs = [{"id": job_id, "name": "\u0001" + "ü" * 254} for job_id in fill(MAX_BULK_JOBS)]
    body = json.dumps({"jobs": jobs}, ensure_ascii=False).encode()
    assert len(body) > 500_000
    key = new_key()
    first = change(api, key, body)
    assert first.status_code == 200
    assert is_replay(first, change(api, key, body))
    assert problem_of(change(api, key, body + b" "), 422)["code"] == "idempotency_key_reused"


def test_body_limits_apply_with_a_key(api: Api) -> None:
    padded = b'{"jobs": [], "padding": "' + b"x" * (1 << 20) + b'"}'
    assert "1 MiB" in problem_of(change(api, new_key(), padded), 413)["detail"]
    long = {"name": "x" * 70_000}
    assert "64 KiB" in problem_of(keyed(api, new_key(), long), 413)["detail"]
    assert stored_records() == 0


@pytest.mark.parametrize("key", BAD_KEYS, ids=lambda key: ascii(key)[:20])
def test_an_invalid_key_is_rejected(api: Api, key: str) -> None:
    body = {"jobs": [{"id": make_job().pk, "status_type": "RUNNING"}]}
    before = stored()
    problem = problem_of(change(api, key, body), 400)
    assert problem["code"] == "invalid_header"
    assert [error["field"] for error in problem["errors"]] == ["Idempotency-Key"]
    assert (stored(), stored_records()) == (before, 0)


def test_a_key_of_another_request_is_rejected(api: Api) -> None:
    job, key = make_job(), new_key()
    change(api, key, {"jobs": [{"id": job.pk, "status_type": "RUNNING"}]})
    before = stored()
    for body, path, method in (
        ({"jobs": [{"id": job.pk, "status_type": "FAILED"}]}, "/api/jobs/", "PATCH"),
        ({"jobs": [{"id": job.pk, "status_type": "RUNNING"}]}, "/api/jobs/", "POST"),
        ({"status_type": "RUNNING"}, f"/api/jobs/{job.pk}/", "PATCH"),
    ):
        answer = keyed(api, key, body, path, method)
        assert problem_of(answer, 422)["code"] == "idempotency_key_reused"
    assert stored() == before


def test_a_rejected_request_does_not_use_up_its_key(api: Api) -> None:
    job, key = make_job(), new_key()
    problem_of(change(api, key, {"jobs": [{"id": job.pk}]}), 400)
    problem_of(change(api, key, "{"), 400)
    body = {"jobs": [{"id": job.pk, "status_type": "FAILED"}]}
    assert change(api, key, body).status_code == 200
    assert history_of(job) == [PENDING, FAILED]


@pytest.mark.parametrize("tag", ["*", '"2026-11-22T10:00:00.000000Z"', 'W/"x"', "no", ""])
@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
def test_a_precondition_on_many_jobs_is_rejected(api: Api, header: str, tag: str) -> None:
    body = {"jobs": [{"id": make_job().pk, "status_type": "RUNNING"}]}
    before = stored()
    for key in ({}, {"Idempotency-Key": new_key()}):
        answer = api.call("PATCH", "/api/jobs/", body, headers={header: tag} | key)
        problem = problem_of(answer, 400)
        assert problem["code"] == "invalid_header"
        assert "updated_at" in problem["detail"]
        [error] = problem["errors"]
        assert (error["field"], error["code"]) == (header, "misplaced")
    assert (stored(), stored_records()) == (before, 0)


@pytest.mark.parametrize("action", ["undo", "delete"])
def test_a_repeated_undo_or_deletion_is_done_once(api: Api, action: str) -> None:
    job, key = make_job(history=[RUNNING]), new_key()
    body = {"jobs": [api.get(f"/api/jobs/{job.pk}/")]}
    first, again = (keyed(api, key, body, f"/api/jobs/{action}/") for _ in range(2))
    assert first.status_code == 200
    assert is_replay(first, again)
    if action == "undo":
        assert history_of(job) == [PENDING, RUNNING, PENDING]
    assert [r["status"] for r in json.loads(again.content)["results"]] == [
        {"undo": 200, "delete": 204}[action]
    ]


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("action", ["undo", "delete"])
def test_a_precondition_on_many_undos_or_deletions_is_rejected(
    api: Api, action: str, header: str
) -> None:
    body = {"jobs": [api.get(f"/api/jobs/{make_job(history=[RUNNING]).pk}/")]}
    before = stored()
    answer = api.call("POST", f"/api/jobs/{action}/", body, headers={header: "*"})
    assert problem_of(answer, 400)["errors"][0]["code"] == "misplaced"
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_one_of_ten_concurrent_requests_is_applied_and_all_get_its_response(at_once: Run) -> None:
    ids, key = fill(50), new_key()
    body = {"jobs": [{"id": job_id, "status_type": "RUNNING"} for job_id in ids]}
    assert_one_is_processed(at_once, 10, 200, lambda api: change(api, key, body))
    assert database_rows("SELECT count(*) FROM job_status") == [(len(ids) * 2,)]
    assert Job.objects.filter(current_status=RUNNING).count() == len(ids)
    assert_consistent()
