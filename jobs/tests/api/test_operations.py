"""The endpoints of operations. What operations do is tested in jobs/tests/operations."""

import json
from typing import Any

import pytest

from jobs.models import Job
from jobs.operations.running import run
from jobs.tests.conftest import Api
from jobs.tests.factories import FAILED, RUNNING, database_rows, fill, make_job
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db

URL = "/api/operations/"
FAIL = {"action": "set_status", "status_type": "FAILED"}


def created(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    response = api.post(URL, body)
    assert response.status_code == 202, response.content
    operation: dict[str, Any] = json.loads(response.content)
    assert response["Location"] == f"{URL}{operation['id']}/"
    return operation


def finished(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    operation = created(api, body)
    assert run(operation["id"])
    found: dict[str, Any] = api.get(f"{URL}{operation['id']}/")
    return found


def test_an_operation_from_creation_to_its_end(api: Api) -> None:
    fill(3, name="Wing")
    make_job("Tail")
    operation = created(api, FAIL | {"q": "wing", "reason": "the node died"})
    assert operation | {"id": 1, "created_at": ""} == {
        "id": 1,
        **FAIL,
        "state": "pending",
        "q": "wing",
        "status": None,
        "tz": None,
        "all": False,
        "id_count": None,
        "except_count": 0,
        "query_in_words": "name contains wing",
        "reason": "the node died",
        "source": "api",
        "actor": None,
        "cancelled_by": None,
        "total": 3,
        "total_relation": "exact",
        "done": 0,
        "skipped": 0,
        "failed": 0,
        "rate": None,
        "seconds_left": None,
        "error": None,
        "created_at": "",
        "started_at": None,
        "finished_at": None,
        "undoes": None,
        "undone_by": None,
        "retries": None,
        "proposal": None,
        "proposed_by": None,
        "worker": "absent",
    }
    assert run(operation["id"])
    operation = api.get(f"{URL}{operation['id']}/")
    assert (operation["state"], operation["done"]) == ("completed", 3)
    assert operation["rate"] > 0
    assert Job.objects.filter(current_status=FAILED).count() == 3


def test_creating_wakes_a_worker_in_the_same_transaction(api: Api) -> None:
    operation = created(api, FAIL | {"all": True})
    assert database_rows(
        "SELECT queue_name, task_name, status, args, queueing_lock FROM procrastinate_jobs"
    ) == [
        (
            "operations",
            "run_operation",
            "todo",
            f'{{"operation_id": {operation["id"]}}}',
            f"operation-{operation['id']}",
        )
    ]


def test_a_worker_with_a_heartbeat_is_running(api: Api) -> None:
    operation = created(api, FAIL | {"all": True})
    database_rows("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert api.get(f"{URL}{operation['id']}/")["worker"] == "running"
    database_rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")
    assert api.get(URL)["results"][0]["worker"] == "absent"


def test_a_preview_changes_nothing(api: Api) -> None:
    ids = fill(7, name="Wing")
    make_job("Wing", RUNNING)
    response = api.post(f"{URL}?preview=true", {"action": "delete", "q": "wing", "except": ids[:2]})
    assert response.status_code == 200
    preview = json.loads(response.content)
    assert [job["id"] for job in preview.pop("sample")] == [ids[-1] + 1, *ids[:1:-1][:4]]
    assert preview == {
        "count": 6,
        "count_relation": "exact",
        "by_status": {"PENDING": 5, "RUNNING": 1, "COMPLETED": 0, "FAILED": 0},
        "estimated_seconds": 1,
        "query_in_words": "name contains wing; without 2 jobs",
    }
    assert api.get(URL)["results"] == []
    assert database_rows("SELECT * FROM procrastinate_jobs") == []


@pytest.mark.parametrize(
    ("selection", "count", "words"),
    [
        ({"all": True}, 4, "all jobs"),
        ({"status": ["RUNNING", "FAILED"]}, 1, "status running or failed"),
        (
            {"q": "-status:running updated:<2h"},
            3,
            "status not running; updated in the last 2 hours",
        ),
        (
            {"q": "wing OR tail -draft"},
            4,
            "name contains wing or tail; name does not contain draft",
        ),
        ({"ids": [1, 2, 3]}, 0, "3 chosen jobs"),
        ({"q": "nothing"}, 0, "name contains nothing"),
    ],
)
def test_previews_each_kind_of_selection(
    api: Api, selection: dict[str, Any], count: int, words: str
) -> None:
    database_rows("SELECT setval('job_id_seq', 1000)")
    fill(3, name="Wing")
    make_job("Tail", RUNNING)
    preview = json.loads(api.post(f"{URL}?preview=true", FAIL | selection).content)
    assert (preview["count"], preview["query_in_words"]) == (count, words)


def test_accepts_ten_thousand_ids(api: Api) -> None:
    body = FAIL | {"ids": [*range(1, 10_001)], "except": [*range(2, 10_001)]}
    assert (created(api, body)["id_count"], created(api, body)["total"]) == (10_000, 1)


def test_a_retried_request_creates_one_operation(api: Api) -> None:
    fill(2)
    answers = [
        api.call("POST", URL, FAIL | {"all": True}, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert answers[1]["Location"] == answers[0]["Location"]
    assert len(api.get(URL)["results"]) == 1


def test_lists_operations_in_pages(api: Api) -> None:
    ids = [created(api, FAIL | {"all": True})["id"] for _ in range(5)]
    assert run(ids[1])
    page = api.get(f"{URL}?page_size=2")
    assert (page["count"], [each["id"] for each in page["results"]]) == (5, ids[:2:-1])
    following = api.get(page["next"].partition("testserver")[2])
    assert [each["id"] for each in following["results"]] == [ids[2], ids[1]]
    pending = api.get(f"{URL}?state=pending&page_size=3")
    assert (pending["count"], [each["id"] for each in pending["results"]]) == (
        4,
        [ids[4], ids[3], ids[2]],
    )
    following = api.get(pending["next"].partition("testserver")[2])
    assert [each["id"] for each in following["results"]] == [ids[0]]
    assert (
        problem_of(api.call("GET", f"{URL}?state=lost"), 400)["errors"][0]["code"]
        == "invalid_choice"
    )
    assert problem_of(api.post(f"{URL}?preview=yes", FAIL), 400)["code"] == "invalid_query"


def test_lists_failures_in_pages(api: Api) -> None:
    ids = fill(5, name="x")
    operation = finished(api, {"action": "rename", "find": "x", "replace": "", "all": True})
    assert (operation["state"], operation["failed"]) == ("completed", 5)
    url = f"{URL}{operation['id']}/failures/"
    page = api.get(f"{url}?page_size=3")
    assert page["count"] == 5
    assert page["results"][0] == {
        "job_id": ids[0],
        "code": "blank",
        "detail": "The new name would have no visible character.",
    }
    assert [
        each["job_id"] for each in api.get(page["next"].partition("testserver")[2])["results"]
    ] == ids[3:]


def test_cancels_retries_and_undoes(api: Api) -> None:
    fill(3, name="x")
    waiting = created(api, FAIL | {"all": True})
    unfinished = problem_of(api.post(f"{URL}{waiting['id']}/undo/", {}), 409)
    assert unfinished["code"] == "operation_unfinished"
    canceled = json.loads(api.call("POST", f"{URL}{waiting['id']}/cancel/").content)
    assert canceled["state"] == "cancelled"
    again = problem_of(api.call("POST", f"{URL}{waiting['id']}/cancel/"), 409)
    assert again["code"] == "operation_finished"
    nothing = problem_of(api.post(f"{URL}{waiting['id']}/undo/", {}), 409)
    assert nothing["code"] == "operation_not_undoable"

    done = finished(api, FAIL | {"all": True})
    undo = json.loads(api.post(f"{URL}{done['id']}/undo/", {"reason": "oops"}).content)
    assert (undo["action"], undo["undoes"], undo["reason"]) == ("undo", done["id"], "oops")
    assert undo["query_in_words"] == f"jobs that operation {done['id']} has changed"
    assert api.get(f"{URL}{done['id']}/")["undone_by"] == undo["id"]
    twice = problem_of(api.call("POST", f"{URL}{done['id']}/undo/"), 409)
    assert twice["code"] == "operation_undone"
    nothing = problem_of(api.call("POST", f"{URL}{done['id']}/retry/"), 409)
    assert nothing["code"] == "nothing_to_retry"

    failed = finished(api, {"action": "rename", "find": "x", "replace": "", "all": True})
    retry = json.loads(api.call("POST", f"{URL}{failed['id']}/retry/").content)
    assert (retry["retries"], retry["total"]) == (failed["id"], 3)
    deleted = finished(api, {"action": "delete", "all": True})
    undo = json.loads(api.call("POST", f"{URL}{deleted['id']}/undo/").content)
    assert run(undo["id"])
    restored = problem_of(api.call("POST", f"{URL}{undo['id']}/undo/"), 409)
    assert restored["code"] == "operation_not_undoable"


def test_a_restoration_is_for_ids_or_the_whole_trash(api: Api) -> None:
    ids = fill(3)
    finished(api, {"action": "delete", "ids": ids})
    chosen = {"action": "restore", "ids": ids[:1]}
    found = json.loads(api.post(f"{URL}?preview=true", chosen).content)
    assert (found["count"], found["query_in_words"]) == (1, "1 chosen job")
    assert finished(api, chosen)["done"] == 1
    searched = problem_of(api.post(URL, {"action": "restore", "q": "x"}), 400)
    assert [error["code"] for error in searched["errors"]] == ["not_applicable"]
    found = json.loads(api.post(f"{URL}?preview=true", {"action": "restore", "all": True}).content)
    assert (found["count"], found["query_in_words"]) == (2, "all jobs in the trash")
    assert finished(api, {"action": "restore", "all": True})["done"] == 2


@pytest.mark.parametrize("path", ["", "failures/", "cancel/", "retry/", "undo/"])
def test_an_operation_that_does_not_exist(api: Api, path: str) -> None:
    method = "GET" if path in ("", "failures/") else "POST"
    problem = problem_of(api.call(method, f"{URL}999999/{path}"), 404)
    assert problem["code"] == "operation_not_found"


def test_an_operation_tells_that_a_page_started_it(api: Api) -> None:
    make_job("x")
    response = api.call("POST", URL, FAIL | {"all": True}, headers={"Change-Source": "page"})
    assert json.loads(response.content)["source"] == "page"


@pytest.mark.parametrize(
    "body",
    [
        {"status": ["PENDING", "RUNNING", "COMPLETED", "FAILED"]},
        {"ids": [1, 2], "except": [2, 1]},
        {"q": "  "},
    ],
)
def test_everything_and_nothing_have_to_be_said(api: Api, body: dict[str, Any]) -> None:
    fill(2)
    problem = problem_of(api.post(URL, FAIL | body), 400)
    assert [error["code"] for error in problem["errors"]] == ["empty_selection"]


def test_an_unknown_source_is_refused_also_by_a_preview(api: Api) -> None:
    make_job("x")
    body = FAIL | {"all": True}
    response = api.call("POST", f"{URL}?preview=true", body, headers={"Change-Source": "robot"})
    assert problem_of(response, 400)["code"] == "invalid_header"


@pytest.mark.parametrize("labels", [{}, {"a b": "x"}, {"team": "two\nlines"}, {"team": 7}])
def test_labels_are_checked_as_in_a_change_of_a_job(api: Api, labels: dict[str, Any]) -> None:
    fill(1)
    body = {"action": "label", "labels": labels, "all": True}
    problem = problem_of(api.post(URL, body), 400)
    assert [error["field"] for error in problem["errors"]] == ["labels"]
