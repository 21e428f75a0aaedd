"""Undo of many status changes by one request: a result for each job, in one transaction."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.changes.bulk import MAX_BULK_JOBS, Change, change_jobs
from jobs.changes.bulk_undo import MAX_DEPTH, Undo, undo_statuses
from jobs.models import Job
from jobs.tests.conftest import Api
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import (
    COMPLETED,
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    history_of,
    make_job,
)
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

PATH = "/api/jobs/undo/"


def results(api: Api, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of a request that must succeed."""
    response = api.post(PATH, {"jobs": jobs})
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = json.loads(response.content)["results"]
    return found


def shown(api: Api, job: Job) -> Any:
    return api.get(f"/api/jobs/{job.pk}/")


def codes(answers: list[dict[str, Any]]) -> list[Any]:
    return [answer["problem"]["code"] if "problem" in answer else 200 for answer in answers]


def test_each_job_gets_its_previous_status_and_an_entry_that_refers_to_the_undone_one(
    api: Api,
) -> None:
    one, two = make_job(history=[RUNNING, FAILED]), make_job(history=[COMPLETED])
    answers = results(api, [shown(api, two), shown(api, one)])
    assert [answer["id"] for answer in answers] == [two.pk, one.pk]
    for answer, job in zip(answers, (two, one), strict=True):
        assert answer["status"] == 200
        assert answer["job"] == shown(api, job)
    assert history_of(one) == [PENDING, RUNNING, FAILED, RUNNING]
    assert history_of(two) == [PENDING, COMPLETED, PENDING]
    for job in (one, two):
        newest, undone, *_ = api.get(f"/api/jobs/{job.pk}/statuses/")["results"]
        assert newest["undoes"] == undone["id"]
    assert_consistent()


def test_each_refusal_has_its_reason_and_does_not_affect_the_others(api: Api) -> None:
    good, late = make_job(history=[RUNNING]), make_job(history=[RUNNING])
    renamed, created = make_job(history=[RUNNING]), make_job()
    seen = shown(api, late)
    late.record_status(FAILED)
    Job.objects.edit(renamed.pk, name="Renamed")
    missing = {"id": 2**63 - 1, "updated_at": seen["updated_at"]}
    cut = shown(api, good) | {"updated_at": shown(api, good)["updated_at"][:-4] + "Z"}
    answers = results(
        api, [seen, missing, shown(api, renamed), shown(api, created), shown(api, good)]
    )
    assert codes(answers) == [
        "job_changed",
        "job_not_found",
        "nothing_to_undo",
        "nothing_to_undo",
        200,
    ]
    assert [answer["status"] for answer in answers] == [409, 404, 409, 409, 200]
    assert history_of(late) == [PENDING, RUNNING, FAILED]
    assert cut["updated_at"] != shown(api, good)["updated_at"]


def test_a_truncated_updated_at_is_named(api: Api) -> None:
    job = shown(api, make_job(history=[RUNNING]))
    Job.objects.filter(pk=job["id"]).update(updated_at="2026-11-22T10:00:00.123456Z")
    assert codes(results(api, [job | {"updated_at": "2026-11-22T10:00:00.123Z"}])) == [
        "updated_at_truncated"
    ]


def test_earlier_changes_are_undone_one_after_another(api: Api) -> None:
    """Each undo is a new version; `changed_at` says which change it undoes."""
    job = make_job("Wing")
    made = [shown(api, job)]
    for status in (RUNNING, COMPLETED, RUNNING, FAILED):
        job.record_status(status)
        made.append(shown(api, job))
    latest = made[-1]
    for change, before in zip(made[:0:-1], made[-2::-1], strict=True):
        [answer] = results(api, [latest | {"changed_at": change["updated_at"]}])
        latest = answer["job"]
        assert latest["current_status"] == before["current_status"]
    assert latest["current_status"] == PENDING
    undone = api.get(f"/api/jobs/{job.pk}/statuses/")["results"]
    ids = [entry["id"] for entry in undone[::-1]]
    assert [entry.get("undoes") for entry in undone[3::-1]] == ids[4:0:-1]
    assert codes(results(api, [latest | {"changed_at": made[0]["updated_at"]}])) == [
        "nothing_to_undo"
    ]


def test_a_rename_does_not_prevent_the_undo_of_an_earlier_change(api: Api) -> None:
    job = make_job("Wing", history=[FAILED])
    changed = shown(api, job)["updated_at"]
    Job.objects.edit(job.pk, name="Tail")
    [answer] = results(api, [shown(api, job) | {"changed_at": changed}])
    assert (answer["job"]["name"], answer["job"]["current_status"]) == ("Tail", PENDING)


@pytest.mark.parametrize("later", [COMPLETED, FAILED])
def test_a_change_followed_by_another_one_is_not_undone(api: Api, later: Any) -> None:
    """Not even if that one set the same status again."""
    job = make_job(history=[FAILED])
    changed = shown(api, job)["updated_at"]
    job.record_status(later)
    before = stored()
    assert codes(results(api, [shown(api, job) | {"changed_at": changed}])) == ["job_changed"]
    assert stored() == before


def test_an_undone_change_is_not_undone_again(api: Api) -> None:
    job = make_job(history=[FAILED])
    seen = shown(api, job)
    [answer] = results(api, [seen])
    assert codes(results(api, [answer["job"] | {"changed_at": seen["updated_at"]}])) == [
        "job_changed"
    ]
    assert history_of(job) == [PENDING, FAILED, PENDING]


def test_only_the_newest_entries_are_searched(api: Api) -> None:
    job = make_job(history=[FAILED])
    changed = shown(api, job)["updated_at"]
    for _ in range(MAX_DEPTH // 2):
        job.record_status(RUNNING)
        results(api, [shown(api, job)])
    answers = results(api, [shown(api, job) | {"changed_at": changed}])
    assert codes(answers) == ["job_changed"]


def test_a_thousand_undos_are_one_statement(api: Api) -> None:
    ids = fill(MAX_BULK_JOBS)
    changed = change_jobs([Change(job_id, RUNNING) for job_id in ids])
    jobs = [outcome.job._asdict() for outcome in changed if outcome.job]
    with CaptureQueriesContext(connection) as queries:
        assert set(codes(results(api, jobs[::-1]))) == {200}
    assert len(queries) == 1
    assert api.get("/api/jobs/counts/")["by_status"]["PENDING"] == len(ids)
    assert_consistent()


def test_the_history_is_read_by_its_index() -> None:
    """The newest entry of each job, and the one before it."""
    job = make_job(history=[RUNNING] * 300)
    latest = Job.objects.get(pk=job.pk).updated_at
    with CaptureQueriesContext(connection) as queries:
        assert undo_statuses([Undo(job.pk, latest)])[0].job
    [query] = queries
    plan = "\n".join(row for (row,) in database_rows(f"EXPLAIN {query['sql']}"))
    assert "job_status_of_job" in plan


@pytest.mark.parametrize(
    ("entry", "field", "code"),
    [
        (None, "", "null"),
        (1, "", "invalid"),
        ({}, ".id", "required"),
        ({"id": 1}, ".updated_at", "required"),
        ({"id": 1, "updated_at": None}, ".updated_at", "null"),
        ({"id": 1, "updated_at": "yesterday"}, ".updated_at", "invalid"),
        ({"id": "1", "updated_at": "2026-11-22T10:00:00Z"}, ".id", "invalid"),
        ({"id": 1, "updated_at": "2026-11-22T10:00:00Z", "changed_at": 1}, ".changed_at", "invalid"),
        ({"id": 1, "updated_at": "2026-11-22T10:00:00Z", "status_type": "FAILED"}, ".status_type", "unknown_field"),
    ],
)  # fmt: skip
def test_errors_name_the_index_and_the_field(api: Api, entry: Any, field: str, code: str) -> None:
    good = shown(api, make_job(history=[RUNNING]))
    before = stored()
    problem = problem_of(api.post(PATH, {"jobs": [good, entry]}), 400)
    assert (f"jobs[1]{field}", code) in [(e["field"], e["code"]) for e in problem["errors"]]
    assert stored() == before


@pytest.mark.parametrize("body", [{}, {"jobs": None}, {"jobs": []}, {"jobs": {}}, {"jobs": 1}])
def test_a_body_without_jobs_is_rejected(api: Api, body: Any) -> None:
    [error] = problem_of(api.post(PATH, body), 400)["errors"]
    assert (error["field"], error["code"]) == ("jobs", "invalid")


def test_limits_and_duplicates(api: Api) -> None:
    job = shown(api, make_job(history=[RUNNING]))
    before = stored()
    [error] = problem_of(api.post(PATH, {"jobs": [job, job]}), 400)["errors"]
    assert error["code"] == "duplicate_id"
    many = [job | {"id": number} for number in range(1, MAX_BULK_JOBS + 2)]
    assert problem_of(api.post(PATH, {"jobs": many}), 400)["errors"][0]["code"] == "invalid"
    padded = b'{"jobs": [], "padding": "' + b"x" * (1 << 20) + b'"}'
    problem_of(api.call("POST", PATH, padded), 413)
    problem_of(api.post(f"{PATH}?status=FAILED", {"jobs": [job]}), 400)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert api.call(method, PATH)["Allow"] == "POST, OPTIONS"
    assert stored() == before
