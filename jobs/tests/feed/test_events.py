"""GET /api/events/ without waiting: events, cursors and errors."""

import json
from typing import Any

import pytest
from django.db import transaction

from jobs.feed import JOB_FIELDS
from jobs.models import Job
from jobs.rows import NAMES
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import RUNNING, database_rows, fill, make_job, wait_until_final
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db(transaction=True)

STREAM = {"HTTP_ACCEPT": "text/event-stream"}


def ask(api: Api, query: str = "", **headers: str) -> Any:
    wait_until_final()
    answer = api.call("GET", f"/api/events/{query}", **headers)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    assert "Accept" in answer["Vary"]
    return answer


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer["Content-Type"] == "application/x-ndjson; charset=utf-8"
    return [json.loads(line) for line in answer.content.decode().splitlines()]


def test_an_event_is_a_line_with_the_job_and_a_cursor(api: Api) -> None:
    job = Job.objects.create_pending("René\u2028'")
    [event] = lines(ask(api, "?after=start"))
    assert list(event) == ["id", "type", "at", *JOB_FIELDS]
    assert (event["type"], event["job_id"], event["name"]) == ("job.created", job.id, "René\u2028'")
    assert event["updated_at"] == job.updated_at


def test_jobs_can_be_rebuilt_from_events_alone(api: Api) -> None:
    for number in range(4):
        make_job(f"Job {number}", status=RUNNING)
    Job.objects.edit(Job.objects.latest("id").pk, name="Renamed")
    Job.objects.remove(Job.objects.earliest("id").pk)
    table: dict[int, dict[str, Any]] = {}
    after, pages = "start", 0
    while found := lines(answer := ask(api, f"?after={after}&limit=3")):
        for event in found:
            table[event["job_id"]] = event
            if event["type"] == "job.deleted":
                del table[event["job_id"]]
        after, pages = answer["Feed-Cursor"], pages + 1
    assert pages == 4
    for job in api.get("/api/jobs/")["results"]:
        copy = table.pop(job["id"])
        assert [copy[field] for field in JOB_FIELDS] == [job[name] for name in NAMES]
    assert table == {}


def test_without_a_cursor_the_feed_starts_now(api: Api) -> None:
    make_job()
    answer = ask(api)
    assert lines(answer) == []
    make_job("Next")
    [event] = lines(ask(api, f"?after={answer['Feed-Cursor']}"))
    assert event["name"] == "Next"
    assert lines(ask(api, f"?after={event['id']}")) == []


def test_a_page_has_a_hundred_events_by_default(api: Api) -> None:
    fill(1_005)
    assert len(lines(ask(api, "?after=start"))) == 100
    assert len(lines(ask(api, "?after=start&limit=1000"))) == 1_000
    assert api.call("HEAD", "/api/events/?after=start&wait=30").content == b""


def test_an_expired_cursor_is_gone_and_a_new_one_is_returned(api: Api) -> None:
    for _ in range(3):
        make_job()
    first = lines(ask(api, "?after=start"))[0]["id"]
    database_rows("UPDATE job_event SET at = now() - interval '8 days'")
    wait_until_final()
    database_rows("SELECT job_event_trim(2)")
    for headers in ({}, STREAM):
        answer = api.call("GET", f"/api/events/?after={first}", **headers)
        problem = problem_of(answer, 410)
        assert problem["code"] == "cursor_gone"
        assert "Read the list" in problem["detail"]
        assert lines(ask(api, f"?after={answer['Feed-Cursor']}")) == []
    assert len(lines(ask(api, "?after=start"))) == 1
    again = ask(api, f"?after={first}", HTTP_LAST_EVENT_ID=first, **STREAM)
    number, kind, data = again.content.decode().split("\n\n")[0].split("\n")
    assert kind == "event: cursor_gone"
    cursor = json.loads(data.removeprefix("data: "))["cursor"]
    assert number == f"id: {cursor}"
    assert lines(ask(api, f"?after={cursor}")) == []


def test_an_open_transaction_delays_the_feed_and_the_delay_is_reported(
    api: Api, at_once: Run
) -> None:
    wait_until_final()
    with transaction.atomic():
        make_job("Forgotten")
        at_once(lambda: make_job("Waits"))
        older = "UPDATE job_event SET at = at - interval '90 s' WHERE name = 'Waits'"
        at_once(lambda: database_rows(older))
        [answer] = at_once(lambda: api.call("GET", "/api/events/?after=start"))
        assert lines(answer) == []
        assert float(answer["Feed-Behind"]) >= 90
        [health] = at_once(lambda: api.get("/api/health/"))
        assert health["feed"]["behind_seconds"] >= 90
    wait_until_final()
    answer = ask(api, "?after=start")
    assert [event["name"] for event in lines(answer)] == ["Forgotten", "Waits"]
    assert answer["Feed-Behind"] == "0.0"


def test_without_a_hijacked_connection_a_stream_ends_and_the_client_reconnects(
    api: Api,
) -> None:
    job = make_job("Wing")
    answer = ask(api, "?after=start", **STREAM)
    assert answer["Content-Type"] == "text/event-stream; charset=utf-8"
    event, heartbeat, rest = answer.content.decode().split("\n\n")
    number, kind, data = event.split("\n")
    assert kind == "event: job.created"
    assert json.loads(data.removeprefix("data: "))["job_id"] == job.pk
    assert number.startswith("id: ")
    assert heartbeat.startswith(":\nid: ")
    assert rest == ""
    cursor = heartbeat.removeprefix(":\nid: ")
    again = ask(api, "?after=start", HTTP_LAST_EVENT_ID=cursor, **STREAM)
    assert "data:" not in again.content.decode()
    assert ask(api, "?wait=1").content == b""


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=", "after"), ("after=x", "after"), ("after=0-0-0", "after"), ("after=%00", "after"),
        ("after=%ff", "after"), ("after=12345678-1-1%0A", "after"), ("after=" + "9" * 4000, "after"),
        ("after=START", "after"), ("after=12345678-" + "9" * 19 + "-1", "after"),
        ("wait=-1", "wait"), ("wait=31", "wait"), ("wait=", "wait"), ("wait=1.5", "wait"),
        ("wait=x", "wait"), ("wait=%D9%A3", "wait"), ("wait=" + "9" * 4000, "wait"),
        ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=", "limit"), ("limit=x", "limit"),
        ("cursor=x", "cursor"), ("Last-Event-ID=x", "Last-Event-ID"), ("page_size=1", "page_size"),
    ],
)  # fmt: skip
def test_rejects_an_invalid_query_and_names_the_field(api: Api, query: str, field: str) -> None:
    problem = problem_of(api.call("GET", f"/api/events/?{query}"), 400)
    assert problem["code"] == "invalid_query"
    assert problem["errors"][0]["field"] == field


@pytest.mark.parametrize("query", ["wait=1", "limit=5", "after=x", "x=1"])
def test_a_stream_rejects_unsupported_parameters(api: Api, query: str) -> None:
    problem_of(api.call("GET", f"/api/events/?{query}", **STREAM), 400)


@pytest.mark.parametrize("last", ["x", "now now", "12345678-1", "\xff", "9" * 4000])
def test_rejects_a_malformed_last_event_id(api: Api, last: str) -> None:
    problem = problem_of(api.call("GET", "/api/events/", HTTP_LAST_EVENT_ID=last, **STREAM), 400)
    assert problem["errors"][0]["field"] == "Last-Event-ID"


def test_rejects_other_formats_and_methods(api: Api) -> None:
    problem_of(api.call("GET", "/api/events/", HTTP_ACCEPT="application/json"), 406)
    problem_of(api.call("GET", "/api/events/", HTTP_ACCEPT="nonsense"), 406)
    problem_of(api.post("/api/events/", {}), 405)
    problem_of(api.delete("/api/events/"), 405)


def test_a_page_takes_one_query_and_another_for_new_events(
    api: Api, django_assert_num_queries: Any
) -> None:
    fill(30)
    wait_until_final()
    for number in (2, 1):  # the first request also records the end of the feed
        with django_assert_num_queries(number):
            page = api.call("GET", "/api/events/?after=start&limit=20")
        assert page.content.count(b"\n") == 20
