"""Each entry of a history tells by what it was reported, and why and when it happened, if the reporter says so."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs.models import MAX_REASON_LENGTH, JobStatus
from jobs.tests.conftest import Api
from jobs.tests.consumer import events_after
from jobs.tests.factories import database_rows, make_job
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

WHY = {
    "reason": "Diverged: Courant number 3.1\nStep 412",
    "occurred_at": "2026-11-22T15:31:38.5+05:30",
}
SHOWN = WHY | {"occurred_at": "2026-11-22T10:01:38.500000Z"}
TOO_LATE = (timezone.now() + timedelta(days=1, minutes=5)).isoformat()


def newest(api: Api, job_id: int) -> dict[str, Any]:
    """The newest entry, without its id and time."""
    [entry, *_] = api.get(f"/api/jobs/{job_id}/statuses/")["results"]
    return {name: value for name, value in entry.items() if name not in ("id", "timestamp")}


def test_a_change_tells_why_and_when(api: Api) -> None:
    job = make_job()
    body = {"status_type": "FAILED", "name": "Wing 2", **WHY}
    changed = api.patch(f"/api/jobs/{job.pk}/", body).json()
    assert (changed["name"], changed["current_status"]) == ("Wing 2", "FAILED")
    assert newest(api, job.pk) == {"status_type": "FAILED", "source": "api", **SHOWN}


def test_a_creation_tells_why_and_when(api: Api) -> None:
    job = api.post("/api/jobs/", {"name": "Wing", **WHY}).json()
    assert newest(api, job["id"]) == {"status_type": "PENDING", "source": "api", **SHOWN}


def test_each_change_of_many_tells_its_own_reason(api: Api) -> None:
    one, two = make_job(), make_job()
    body = {
        "jobs": [
            {"id": two.pk, "status_type": "FAILED", **WHY},
            {"id": one.pk, "status_type": "RUNNING"},
        ]
    }
    assert api.patch("/api/jobs/", body).status_code == 200
    assert newest(api, two.pk) == {"status_type": "FAILED", "source": "api", **SHOWN}
    assert newest(api, one.pk) == {"status_type": "RUNNING", "source": "api"}


@pytest.mark.django_db(transaction=True)
def test_the_event_of_a_change_tells_what_its_entry_does(api: Api) -> None:
    job = api.post("/api/jobs/", {"name": "Wing"}).json()
    path = f"/api/jobs/{job['id']}/"
    failed = api.patch(path, {"status_type": "FAILED", "name": "Wing 2", **WHY}).json()
    api.post(f"{path}undo/", {"updated_at": failed["updated_at"]})
    told = [(event.type, event.reason, event.source, event.occurred_at) for event in events_after()]
    assert told == [
        ("job.created", None, None, None),
        ("job.renamed", None, None, None),
        ("job.status_changed", SHOWN["reason"], "api", SHOWN["occurred_at"]),
        ("job.status_changed", None, "undo", None),
    ]
    lines = api.call("GET", "/api/events/?after=start").content.splitlines()
    sent = json.loads(lines[2])
    assert {name: sent[name] for name in ("source", *SHOWN)} == {"source": "api", **SHOWN}
    assert "reason" not in json.loads(lines[3])


@pytest.mark.parametrize("path", ["/api/jobs/", "/api/jobs/{}/"])
def test_pages_report_themselves_as_the_source(api: Api, path: str) -> None:
    job = make_job()
    change: dict[str, Any] = {"status_type": "RUNNING"}
    body = change if "{}" in path else {"jobs": [{"id": job.pk, **change}]}
    response = api.call("PATCH", path.format(job.pk), body, HTTP_CHANGE_SOURCE="page")
    assert response.status_code == 200
    assert newest(api, job.pk)["source"] == "page"


def test_a_creation_on_a_page_has_it_as_its_source(api: Api) -> None:
    created = api.call("POST", "/api/jobs/", {"name": "Wing"}, HTTP_CHANGE_SOURCE="page").json()
    assert newest(api, created["id"])["source"] == "page"


@pytest.mark.parametrize("source", ["import", "undo", "", "Page", "x" * 5_000])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_clients_cannot_claim_another_source(api: Api, method: str, source: str) -> None:
    job = make_job()
    path, body = (
        ("/api/jobs/", {"name": "x"})
        if method == "POST"
        else (f"/api/jobs/{job.pk}/", {"status_type": "FAILED"})
    )
    before = stored()
    problem = problem_of(api.call(method, path, body, HTTP_CHANGE_SOURCE=source), 400)
    assert problem["code"] == "invalid_header"
    assert problem["errors"][0]["field"] == "Change-Source"
    assert stored() == before


def test_undos_and_imports_are_sources(api: Api) -> None:
    job = make_job()
    path = f"/api/jobs/{job.pk}/"
    changed = api.patch(path, {"status_type": "FAILED", **WHY}).json()
    undone = api.post(f"{path}undo/", {"updated_at": changed["updated_at"]}).json()
    entry = newest(api, job.pk)
    assert entry.pop("undoes")
    assert entry == {"status_type": "PENDING", "source": "undo"}
    body = {"jobs": [{"id": job.pk, "updated_at": undone["updated_at"]}]}
    assert api.post("/api/jobs/undo/", body).json()["results"][0]["status"] == 200
    entry = newest(api, job.pk)
    assert entry.pop("undoes")
    # The reason was that of the entry which was undone twice.
    assert entry == {"status_type": "FAILED", "source": "undo"}
    api.call("POST", "/api/jobs/import/", "name\nTail\n", content_type="text/csv")
    assert JobStatus.objects.latest("id").source == "import"


@pytest.mark.django_db(transaction=True)
def test_samples_have_the_source_seed() -> None:
    call_command("seed_jobs", count=20, verbosity=0)
    assert database_rows("SELECT DISTINCT source FROM job_status") == [("seed",)]


def test_entries_of_earlier_releases_have_no_source(api: Api) -> None:
    [[job_id]] = database_rows(
        "INSERT INTO job (name, current_status, created_at, updated_at) VALUES ('Old', 'PENDING', now(), now()) RETURNING id"
    )
    database_rows(
        f"INSERT INTO job_status (job_id, status_type, \"timestamp\") VALUES ({job_id}, 'PENDING', now())"
    )
    assert newest(api, job_id) == {"status_type": "PENDING"}


@pytest.mark.parametrize("reason", ["", "  \n ", "\u200b\u202e", None])
def test_a_blank_reason_is_none(api: Api, reason: str | None) -> None:
    job = make_job()
    body = {"status_type": "FAILED", "reason": reason, "occurred_at": None}
    assert api.patch(f"/api/jobs/{job.pk}/", body).status_code == 200
    assert newest(api, job.pk) == {"status_type": "FAILED", "source": "api"}


def test_a_reason_may_be_long(api: Api) -> None:
    job = make_job()
    reason = "é" * MAX_REASON_LENGTH
    assert (
        api.patch(f"/api/jobs/{job.pk}/", {"status_type": "FAILED", "reason": reason}).status_code
        == 200
    )
    assert newest(api, job.pk)["reason"] == reason


INVALID = [
    ({"reason": "x" * (MAX_REASON_LENGTH + 1)}, "reason", "max_length"),
    ({"reason": "a\0b"}, "reason", "null_characters_not_allowed"),
    ({"reason": "\ud800"}, "reason", "surrogate_characters_not_allowed"),
    ({"reason": 7}, "reason", "invalid"),
    ({"reason": ["x"]}, "reason", "invalid"),
    ({"occurred_at": "2026-11-22T10:00:00"}, "occurred_at", "invalid"),
    ({"occurred_at": 1_764_000_000}, "occurred_at", "invalid"),
    ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "overflow"),
    ({"occurred_at": TOO_LATE}, "occurred_at", "in_future"),
]


@pytest.mark.parametrize(("values", "field", "code"), INVALID)
def test_invalid_reports_change_nothing(
    api: Api, values: dict[str, Any], field: str, code: str
) -> None:
    job = make_job()
    change = {"status_type": "FAILED", **values}
    before = stored()
    for response, name in (
        (api.patch(f"/api/jobs/{job.pk}/", change), field),
        (api.patch("/api/jobs/", {"jobs": [{"id": job.pk, **change}]}), f"jobs[0].{field}"),
        (api.post("/api/jobs/", {"name": "x", **values}), field),
    ):
        errors = problem_of(response, 400)["errors"]
        assert [(error["field"], error["code"]) for error in errors] == [(name, code)]
    assert stored() == before


@pytest.mark.parametrize("values", [{"reason": "x"}, {"occurred_at": "2026-11-22T10:00:00Z"}, WHY])
@pytest.mark.parametrize("others", [{}, {"name": "Wing 2"}])
def test_a_report_needs_a_status(api: Api, values: dict[str, Any], others: dict[str, Any]) -> None:
    job = make_job()
    before = stored()
    one = problem_of(api.patch(f"/api/jobs/{job.pk}/", {**values, **others}), 400)
    assert {(error["field"], error["code"]) for error in one["errors"]} == {
        (name, "needs_status") for name in values
    }
    problem_of(api.patch("/api/jobs/", {"jobs": [{"id": job.pk, **values, **others}]}), 400)
    assert stored() == before


def test_the_order_of_a_history_is_that_of_recording(api: Api) -> None:
    job = make_job()
    path = f"/api/jobs/{job.pk}/"
    for status, hour in (("RUNNING", 12), ("FAILED", 9)):
        api.patch(path, {"status_type": status, "occurred_at": f"2026-11-22T{hour:02}:00:00Z"})
    entries = api.get(f"{path}statuses/")["results"]
    assert [entry["status_type"] for entry in entries] == ["FAILED", "RUNNING", "PENDING"]
    assert api.get(path)["current_status"] == "FAILED"
