"""Creation of many jobs by one request: a result for each, in one statement."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.models import Job
from jobs.tests.conftest import Api, Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.consumer import events_after
from jobs.tests.factories import history_of
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
    assert len(queries) == 1
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
