"""Creation of many jobs by one request: a result for each, in one statement."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from jobs.changes import bulk_create
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.models import Job
from jobs.sql.operations import FOLDER
from jobs.tests.conftest import Api, Run
from jobs.tests.consistency import assert_consistent, assert_counters_exact
from jobs.tests.consumer import events_after
from jobs.tests.factories import database_rows, history_of, make_job
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

PATH = "/api/jobs/bulk/"


def results(api: Api, *jobs: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    response = api.call("POST", PATH, {"jobs": jobs}, **options)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def test_each_job_is_created_as_it_was_sent(api: Api) -> None:
    report = {"reason": "Out of memory", "occurred_at": "2026-11-21T23:10:00.000000Z"}
    one, two, three = results(
        api,
        {
            "name": " Wing ",
            "key": "a",
            "labels": {"x": "1", "team": "fluid"},
            "status_type": "FAILED",
            **report,
        },
        {"name": "Tail"},
        {"name": "Fin", "status_type": "RUNNING", "key": None, "labels": {}},
    )
    assert [each["status"] for each in (one, two, three)] == [201] * 3
    jobs = [each["job"] for each in (one, two, three)]
    assert jobs == [api.get(f"/api/jobs/{job['id']}/") for job in jobs]
    assert [(job["name"], job["key"], job["labels"], job["current_status"]) for job in jobs] == [
        ("Wing", "a", {"team": "fluid", "x": "1"}, "FAILED"),
        ("Tail", None, {}, "PENDING"),
        ("Fin", None, {}, "RUNNING"),
    ]
    assert [job["id"] for job in jobs] == sorted(job["id"] for job in jobs)
    [entry] = api.get(f"/api/jobs/{jobs[0]['id']}/statuses/")["results"]
    assert entry["timestamp"] == jobs[0]["created_at"] == jobs[0]["updated_at"]
    assert {name: entry[name] for name in (*report, "source")} == report | {"source": "api"}
    assert history_of(jobs[2]["id"]) == ["RUNNING"]
    assert_consistent()


def test_jobs_with_taken_keys_do_not_affect_the_others(api: Api) -> None:
    holder = Job.objects.create_pending("Holder", key="a").id
    found = results(
        api,
        {"name": "1", "key": "a"},
        {"name": "2", "key": "b"},
        {"name": "3", "key": "b"},
        {"name": "4"},
    )
    assert [each["status"] for each in found] == [409, 201, 409, 201]
    assert found[0]["problem"]["job_id"] == holder
    assert (found[2]["problem"]["code"], found[2]["problem"]["job_id"]) == (
        "key_taken",
        found[1]["job"]["id"],
    )
    assert set(Job.objects.values_list("name", flat=True)) == {"Holder", "2", "4"}
    assert_consistent()


def test_as_many_as_allowed_take_one_statement(api: Api) -> None:
    jobs = [
        {"name": f"Job {number}", "key": f"k{number}", "labels": {"n": f"{number}"}}
        for number in range(MAX_BULK_JOBS)
    ]
    with CaptureQueriesContext(connection) as queries:
        found = results(api, *jobs)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1
    assert [each["job"]["key"] for each in found] == [job["key"] for job in jobs]
    [error] = problem_of(api.post(PATH, {"jobs": [*jobs, {"name": "x"}]}), 400)["errors"]
    assert (error["field"], error["code"]) == ("jobs", "invalid")


@pytest.mark.parametrize(
    ("jobs", "errors"),
    [
        ([], [("jobs", "invalid")]),
        ([{"name": "x"}, {}], [("jobs[1].name", "required")]),
        ([{"name": "x"}, 7], [("jobs[1]", "invalid")]),
        ([{"name": "x", "status_type": "DONE"}], [("jobs[0].status_type", "invalid_choice")]),
        ([{"name": "x", "labels": {"a": None}}], [("jobs[0].labels", "invalid")]),
        ([{"name": "x", "nam": 1}], [("jobs[0].nam", "unknown_field")]),
        ([{"name": "x", "current_status": "FAILED"}], [("jobs[0].current_status", "read_only")]),
    ],
)
def test_an_invalid_body_creates_nothing(api: Api, jobs: Any, errors: Any) -> None:
    before = stored()
    problem = problem_of(api.post(PATH, {"jobs": jobs}), 400)
    assert [(error["field"], error["code"]) for error in problem["errors"]] == errors
    assert stored() == before


def test_a_retry_creates_nothing_more(api: Api) -> None:
    once = results(api, {"name": "x", "key": "a"}, HTTP_IDEMPOTENCY_KEY='"k"')
    assert results(api, {"name": "x", "key": "a"}, HTTP_IDEMPOTENCY_KEY='"k"') == once
    assert Job.objects.count() == 1


def test_pages_are_a_source_here_too(api: Api) -> None:
    [each] = results(api, {"name": "x"}, HTTP_CHANGE_SOURCE="page")
    assert api.get(f"/api/jobs/{each['job']['id']}/statuses/")["results"][0]["source"] == "page"


@pytest.mark.django_db(transaction=True)
def test_each_new_job_is_an_event_and_only_those(api: Api) -> None:
    results(api, {"name": "1", "key": "a", "status_type": "FAILED"}, {"name": "2", "key": "a"})
    [event] = events_after()
    assert (event.type, event.job.name, event.job.current_status) == ("job.created", "1", "FAILED")


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_free_again_is_tried_again_with_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holder = Job.objects.create_pending("Holder", key="b").id
    other = connection.copy()
    read_holders = bulk_create._holders  # what happens just before it is called

    def delete_first(keys: Sequence[str]) -> dict[str, int]:
        with other.cursor() as cursor:
            cursor.execute("DELETE FROM job WHERE id = %s", [holder])
        return read_holders(keys)

    monkeypatch.setattr(bulk_create, "_holders", delete_first)
    found = bulk_create.create_jobs([bulk_create.NewJob({"name": k, "key": k}) for k in "abc"])
    other.close()
    jobs = [each.job for each in found if each.job]
    assert [job.key for job in jobs] == ["a", "b", "c"]
    assert [job.id for job in jobs] == sorted(job.id for job in jobs)
    assert len({job.created_at for job in jobs}) == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"a", "b", "c"}
    assert_consistent()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_created_if_the_outcome_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Job.objects.create_pending("Holder", key="b")
    before = stored()

    def fail(keys: Sequence[str]) -> dict[str, int]:
        raise OperationalError("lost")

    monkeypatch.setattr(bulk_create, "_holders", fail)
    with pytest.raises(OperationalError):
        bulk_create.create_jobs([bulk_create.NewJob({"name": k, "key": k}) for k in "ab"])
    assert stored() == before


def test_keys_are_inserted_in_the_order_in_which_they_are_restored() -> None:
    restore = (FOLDER / "job_restore.sql").read_text(encoding="utf-8")
    orders = [
        re.findall(r"ORDER BY (key.*), id$", sql, re.M) for sql in (bulk_create.CREATE, restore)
    ]
    assert orders == [["key COLLATE pg_c_utf8"], ["key"]]
    [[collation]] = database_rows(
        "SELECT collation_name FROM information_schema.columns WHERE table_name = 'trashed_job' AND column_name = 'key'"
    )
    assert collation == "pg_c_utf8"


@pytest.mark.django_db(transaction=True)
def test_creations_and_changes_of_the_same_keys_do_not_fail(at_once: Run) -> None:
    keys = [f"k{number}" for number in range(20)]
    ids = [make_job(f"Job {key}").pk for key in keys]

    def change() -> list[int]:
        body = {"jobs": [{"id": i, "key": k} for i, k in zip(ids, keys[::-1], strict=True)]}
        return [each["status"] for each in Api().patch("/api/jobs/", body).json()["results"]]

    def create() -> list[int]:
        return [each["status"] for each in results(Api(), *({"name": k, "key": k} for k in keys))]

    created, changed = at_once(create, change)
    assert created.count(201) + changed.count(200) == len(keys)
    assert set(Job.objects.exclude(key=None).values_list("key", flat=True)) == set(keys)
    assert Job.objects.exclude(key=None).count() == len(keys)
    assert_counters_exact()  # a key is no status: a job that has got one is newer than its last entry


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_requests_with_the_same_keys_each_key_has_one_job(at_once: Run) -> None:
    keys = [f"k{number}" for number in range(20)]

    def create(order: list[str]) -> list[int]:
        return [
            each["status"] for each in results(Api(), *({"name": key, "key": key} for key in order))
        ]

    found = at_once(*(lambda order=keys[::sign]: create(order) for sign in (1, -1, 1, -1)))
    assert sum(statuses.count(201) for statuses in found) == len(keys)
    assert set(Job.objects.values_list("key", flat=True)) == set(keys)
    assert Job.objects.count() == len(keys)
    assert_consistent()
