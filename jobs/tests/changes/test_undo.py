"""Undo of a status change: it appends the previous status, and is refused after a newer change."""

import json
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.changes.undo import JobChanged, NothingToUndo, UndoRefused, undo_status
from jobs.models import Job, JobStatus
from jobs.tests.conftest import Api, Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, history_of, make_job
from jobs.tests.invalid_values import FORMS, NO_OBJECT, NOT_JSON
from jobs.tests.problems import problem_of, stored

INVALID_TIMESTAMPS: list[Any] = [
    None, "", "now", "yesterday", 0, 1.5, 10**400, True, [], {}, ["2026-11-22T10:00:00Z"], "2026-13-01T00:00:00Z",
    "2026-11-22T25:00:00Z", "9999-12-31T23:59:59.999999-23:59", "0001-01-01T00:00:00+23:59", "2026-11-22T10:00:00\0Z",
    "\ud800", "x" * 60_000, "1795341600",
]  # fmt: skip


def post_undo(api: Api, job: Any, **body: Any) -> Any:
    return api.post(f"/api/jobs/{job['id']}/undo/", body or {"updated_at": job["updated_at"]})


def shown(api: Api, job: Job) -> Any:
    return api.get(f"/api/jobs/{job.pk}/")


@pytest.mark.django_db
def test_an_undo_appends_an_entry_that_refers_to_the_undone_one(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = make_job(history=[RUNNING, FAILED])
    before = shown(api, job)
    with django_assert_num_queries(1):
        answer = post_undo(api, before)
    assert answer.status_code == 200
    undone = json.loads(answer.content)
    assert undone == shown(api, job)
    assert undone["current_status"] == "RUNNING"
    assert undone["updated_at"] > before["updated_at"]
    assert {key: undone[key] for key in ("id", "name", "created_at")} == {
        key: before[key] for key in ("id", "name", "created_at")
    }
    newest, failed, *older = api.get(f"/api/jobs/{job.pk}/statuses/")["results"]
    assert (newest["status_type"], newest["undoes"]) == ("RUNNING", failed["id"])
    assert newest["timestamp"] == undone["updated_at"]
    assert not any("undoes" in entry for entry in (failed, *older))


@pytest.mark.django_db
def test_an_undo_can_be_undone(api: Api) -> None:
    job = make_job(history=[COMPLETED])
    for expected in ("PENDING", "COMPLETED", "PENDING"):
        assert json.loads(post_undo(api, shown(api, job)).content)["current_status"] == expected
    assert history_of(job) == [PENDING, COMPLETED, PENDING, COMPLETED, PENDING]


@pytest.mark.django_db
def test_an_undo_updates_the_counts(api: Api) -> None:
    job = make_job(history=[COMPLETED])
    post_undo(api, shown(api, job))
    assert api.get("/api/jobs/counts/")["by_status"]["PENDING"] == 1


@pytest.mark.django_db
def test_undo_is_refused_after_a_newer_change(api: Api) -> None:
    job = make_job(history=[RUNNING])
    seen = shown(api, job)
    job.record_status(FAILED)
    before = stored()
    assert problem_of(post_undo(api, seen), 409)["code"] == "job_changed"
    Job.objects.edit(job.pk, name="Renamed")
    before = stored()
    assert problem_of(post_undo(api, seen), 409)["code"] == "job_changed"
    assert stored() == before


@pytest.mark.django_db
def test_a_creation_or_a_rename_cannot_be_undone(api: Api) -> None:
    created = make_job()
    assert problem_of(post_undo(api, shown(api, created)), 409)["code"] == "nothing_to_undo"
    renamed = make_job(history=[RUNNING])
    Job.objects.edit(renamed.pk, name="Renamed")
    before = stored()
    assert problem_of(post_undo(api, shown(api, renamed)), 409)["code"] == "nothing_to_undo"
    assert stored() == before


@pytest.mark.django_db
def test_an_undo_keeps_a_name_set_together_with_the_status(api: Api) -> None:
    job = make_job("Wing")
    Job.objects.record_status(job.pk, RUNNING, name="Renamed")
    undone = json.loads(post_undo(api, shown(api, job)).content)
    assert (undone["name"], undone["current_status"]) == ("Renamed", "PENDING")


@pytest.mark.django_db
def test_an_undo_leaves_other_jobs_unchanged(api: Api) -> None:
    other, job = make_job(history=[RUNNING]), make_job(history=[FAILED])
    make_job(history=[COMPLETED])
    post_undo(api, shown(api, job))
    assert (history_of(other), history_of(job)) == ([PENDING, RUNNING], [PENDING, FAILED, PENDING])


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Z", "+00:00"])
def test_updated_at_may_be_sent_in_any_time_zone(api: Api, zone: str) -> None:
    job = shown(api, make_job(history=[RUNNING]))
    assert post_undo(api, job, updated_at=job["updated_at"].replace("Z", zone)).status_code == 200


@pytest.mark.django_db
def test_undoing_a_missing_job_is_404(api: Api) -> None:
    gone = shown(api, job := make_job(history=[RUNNING]))
    job.delete()
    for missing in (gone["id"], 0, 10**18, 10**30, "x", "-1"):
        problem_of(post_undo(api, {**gone, "id": missing}), 404)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", INVALID_TIMESTAMPS, ids=lambda moment: ascii(moment)[:20])
def test_an_invalid_updated_at_is_rejected(api: Api, moment: Any) -> None:
    job = shown(api, make_job(history=[RUNNING]))
    before = stored()
    [error] = problem_of(post_undo(api, job, updated_at=moment), 400)["errors"]
    assert error["field"] == "updated_at"
    assert stored() == before


@pytest.mark.django_db
def test_a_body_without_updated_at_is_rejected(api: Api) -> None:
    path = f"/api/jobs/{make_job(history=[RUNNING]).pk}/undo/"
    before = stored()
    for body in (b"", b"{}"):
        assert problem_of(api.call("POST", path, body), 400)["errors"][0]["code"] == "required"
    for body in NOT_JSON + NO_OBJECT:
        assert problem_of(api.call("POST", path, body), 400)["code"] == "malformed_json"
    for content_type in FORMS:
        problem_of(api.call("POST", path, b"updated_at=x", content_type=content_type), 415)
    problem_of(api.post(path, {"updated_at": "x" * 70_000}), 413)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert api.call(method, path)["Allow"] == "POST, OPTIONS"
    assert stored() == before


@pytest.mark.django_db
def test_the_job_page_shows_what_was_undone(client: Client, api: Api) -> None:
    job = make_job(history=[RUNNING, FAILED])
    post_undo(api, shown(api, job))
    html = client.get(f"/jobs/{job.pk}/").content.decode()
    assert html.count("Undid Failed") == 1
    assert html.count("Undid") == 1


@pytest.mark.django_db
def test_updated_at_increases_even_if_the_clock_is_set_back() -> None:
    job = make_job()
    future = datetime(2100, 1, 1, tzinfo=UTC)
    Job.objects.filter(pk=job.pk).update(updated_at=future)
    moments = [future]
    for change in (
        partial(Job.objects.record_status, job.pk, RUNNING),
        partial(Job.objects.edit, job.pk, name="Renamed"),
        partial(Job.objects.record_status, job.pk, FAILED),
    ):
        change()
        moments.append(Job.objects.get().updated_at)
    undo_status(job.pk, moments[-1])
    moments.append(Job.objects.get().updated_at)
    assert moments == sorted(set(moments))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [5])
def test_one_of_eight_concurrent_undos_succeeds(at_once: Run, rounds: int) -> None:
    for _ in range(rounds):
        job = make_job(history=[RUNNING, FAILED])
        assert undo_at_once(at_once, job, 8) == ["JobChanged"] * 7 + ["RUNNING"]
        assert history_of(job) == [PENDING, RUNNING, FAILED, RUNNING]
        assert JobStatus.objects.filter(job=job, undoes__isnull=False).count() == 1
    assert_consistent()


def undo_at_once(at_once: Run, job: Job, writers: int) -> list[str]:
    start = Barrier(writers)

    def undo() -> str:
        start.wait()
        try:
            row = undo_status(job.pk, job.updated_at)
        except UndoRefused as refusal:
            return type(refusal).__name__
        return row.current_status if row else "gone"

    return sorted(at_once(*[undo] * writers))


@pytest.mark.django_db(transaction=True)
def test_an_undo_concurrent_with_a_change_undoes_the_seen_state_or_nothing(at_once: Run) -> None:
    for _ in range(20):
        job = make_job(history=[RUNNING])
        start = Barrier(2)

        def undo(job: Job = job, start: Barrier = start) -> str:
            start.wait()
            try:
                undo_status(job.pk, job.updated_at)
            except JobChanged:
                return "refused"
            return "undone"

        def change(job: Job = job, start: Barrier = start) -> None:
            start.wait()
            Job.objects.record_status(job.pk, COMPLETED)

        outcome, _ = at_once(undo, change)
        undone = [PENDING, RUNNING, PENDING, COMPLETED]
        assert history_of(job) == (undone if outcome == "undone" else [PENDING, RUNNING, COMPLETED])
    assert_consistent()


@pytest.mark.django_db
def test_each_refusal_has_an_exception_class() -> None:
    job = make_job()
    with pytest.raises(NothingToUndo):
        undo_status(job.pk, job.updated_at)
    with pytest.raises(JobChanged):
        undo_status(job.pk, datetime(2020, 1, 1, tzinfo=UTC))
