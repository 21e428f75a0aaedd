"""Who made a change is stored beside it, and shown."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs.operations.retention import apply
from jobs.operations.running import run
from jobs.tests.access.conftest import Login
from jobs.tests.factories import database_rows, wait_until_final
from jobs.tests.pages.html import text_of

pytestmark = pytest.mark.django_db

HEADERS = {"X-CSRFToken": "any"}


def send(client: Client, method: str, path: str, body: Any) -> Any:
    response = client.generic(method, path, body, "application/json", headers=HEADERS)
    assert response.status_code < 300, response.content
    return response.json()


def actors() -> list[int | None]:
    return [actor for (actor,) in database_rows("SELECT actor FROM job_status ORDER BY id")]


def change_in_every_way(client: Client) -> int:
    """Makes ten entries by all requests that append to a history; returns the id of a job."""
    job = send(client, "POST", "/api/jobs/", '{"name": "fluid"}')
    path = f"/api/jobs/{job['id']}/"
    running = send(client, "PATCH", path, '{"status_type": "RUNNING"}')
    send(client, "POST", f"{path}undo/", f'{{"updated_at": "{running["updated_at"]}"}}')
    send(client, "PUT", "/api/jobs/by-key/run-1/", '{"name": "by key"}')
    send(client, "POST", "/api/jobs/bulk/", '{"jobs": [{"name": "bulk"}, {"name": "more"}]}')
    change = f'{{"jobs": [{{"id": {job["id"]}, "status_type": "FAILED"}}]}}'
    [done] = send(client, "PATCH", "/api/jobs/", change)["results"]
    undo = f'{{"jobs": [{{"id": {job["id"]}, "updated_at": "{done["job"]["updated_at"]}"}}]}}'
    send(client, "POST", "/api/jobs/undo/", undo)
    imported = client.post(
        "/api/jobs/import/", b"name,key\nx,\ny,run-2\n", "text/csv", headers=HEADERS
    )
    assert imported.status_code == 201, imported.content
    return int(job["id"])


def test_every_entry_says_who_made_it(as_role: Login) -> None:
    change_in_every_way(as_role("operator"))
    assert actors() == [User.objects.get().pk] * 10


def test_in_open_mode_nobody_is_named(client: Client) -> None:
    job_id = change_in_every_way(client)
    assert actors() == [None] * 10
    for entry in client.get(f"/api/jobs/{job_id}/statuses/").json()["results"]:
        assert "actor" not in entry


def test_the_history_names_the_user(as_role: Login) -> None:
    client = as_role("operator")
    job_id = change_in_every_way(client)
    for entry in client.get(f"/api/jobs/{job_id}/statuses/").json()["results"]:
        assert entry["actor"] == "otto"
    assert "by the API, by otto" in text_of(client.get(f"/jobs/{job_id}/").content.decode())


def test_a_user_who_is_gone_is_still_told_apart(as_role: Login) -> None:
    client = as_role("operator")
    job_id = change_in_every_way(client)
    gone = User.objects.get()
    gone_id, _ = gone.pk, gone.delete()
    [*entries] = as_role("admin").get(f"/api/jobs/{job_id}/statuses/").json()["results"]
    assert {entry["actor"] for entry in entries} == {f"user {gone_id}"}


def test_an_operation_names_who_started_it(as_role: Login) -> None:
    client = as_role("operator")
    send(client, "POST", "/api/jobs/", '{"name": "fluid"}')
    body = '{"action": "set_status", "status_type": "FAILED", "all": true}'
    made = send(client, "POST", "/api/operations/", body)
    assert made["actor"] == "otto"
    page = text_of(client.get(f"/operations/{made['id']}/").content.decode())
    assert "By otto" in page
    [(actor,)] = database_rows("SELECT actor FROM operation")
    assert actor == User.objects.get().pk


@pytest.mark.django_db(transaction=True)
def test_events_of_every_kind_name_the_user(as_role: Login) -> None:
    client = as_role("operator")
    job = send(client, "POST", "/api/jobs/", '{"name": "fluid"}')
    path = f"/api/jobs/{job['id']}/"
    send(client, "PATCH", path, '{"name": "wing"}')
    send(client, "PATCH", path, '{"status_type": "RUNNING"}')
    send(client, "PATCH", path, '{"labels": {"team": "a"}}')
    assert client.delete(path, headers=HEADERS).status_code == 204
    send(client, "POST", "/api/trash/restore/", f'{{"ids": [{job["id"]}]}}')
    client.post("/api/jobs/import/", b"name\nx\n", "text/csv", headers=HEADERS)
    assert [(event["type"], event["actor"]) for event in events(client)] == [
        ("job.created", "otto"),
        ("job.renamed", "otto"),
        ("job.status_changed", "otto"),
        ("job.updated", "otto"),
        ("job.deleted", "otto"),
        ("job.created", "otto"),
        ("job.created", "otto"),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_the_dashboard_does_by_itself_has_no_actor(as_role: Login, settings: Settings) -> None:
    client = as_role("operator")
    send(client, "POST", "/api/jobs/", '{"name": "old"}')
    database_rows("UPDATE job SET updated_at = now() - interval '100 days'")
    settings.RETENTION = ["PENDING:90"]
    [begun] = apply()
    run(begun.id)
    assert events(client)[-1]["actor"] is None
    [trashed] = client.get("/api/trash/").json()["results"]
    assert (trashed["actor"], trashed["operation_id"]) == (None, begun.id)
    assert "by retention" in text_of(client.get("/trash/").content.decode())
    shown = text_of(client.get(f"/operations/{begun.id}/").content.decode())
    assert "By the dashboard, for retention" in shown


def test_the_trash_says_who_deleted(as_role: Login) -> None:
    client = as_role("operator")
    ids = [send(client, "POST", "/api/jobs/", '{"name": "x"}')["id"] for _ in range(3)]
    client.delete(f"/api/jobs/{ids[0]}/", headers=HEADERS)
    send(client, "POST", "/api/jobs/delete/", f'{{"jobs": [{{"id": {ids[1]}}}]}}')
    made = send(client, "POST", "/api/operations/", '{"action": "delete", "all": true}')
    run(made["id"])
    found = {each["id"]: each for each in client.get("/api/trash/").json()["results"]}
    assert [found[each]["actor"] for each in ids] == ["otto"] * 3
    assert [found[each]["operation_id"] for each in ids] == [None, None, made["id"]]
    page = text_of(client.get("/trash/").content.decode())
    assert "by otto" in page
    assert f"operation {made['id']}" in page
    assert "by otto when" in text_of(client.get(f"/jobs/{ids[0]}/").content.decode())


def test_a_canceled_operation_says_by_whom(as_role: Login) -> None:
    client, admin = as_role("operator"), as_role("admin")
    send(client, "POST", "/api/jobs/", '{"name": "fluid"}')
    made = send(client, "POST", "/api/operations/", '{"action": "delete", "all": true}')
    canceled = send(admin, "POST", f"/api/operations/{made['id']}/cancel/", "")
    assert (canceled["actor"], canceled["cancelled_by"]) == ("otto", "anna")
    page = text_of(admin.get(f"/operations/{made['id']}/").content.decode())
    assert "Canceled by anna" in page


def events(client: Client) -> list[dict[str, Any]]:
    wait_until_final()
    lines = client.get("/api/events/?after=start").content.decode().splitlines()
    return [json.loads(line) for line in lines]


def test_an_undo_of_anothers_change_is_a_change_and_named(as_role: Login) -> None:
    anna, otto = as_role("admin"), as_role("operator")
    job = send(anna, "POST", "/api/jobs/", '{"name": "fluid"}')
    path = f"/api/jobs/{job['id']}/"
    failed = send(anna, "PATCH", path, '{"status_type": "FAILED"}')
    body = f'{{"jobs": [{{"id": {job["id"]}, "updated_at": "{failed["updated_at"]}"}}]}}'
    send(otto, "POST", "/api/jobs/undo/", body)
    newest, *_ = otto.get(f"{path}statuses/").json()["results"]
    assert (newest["actor"], newest["source"]) == ("otto", "undo")


def test_pages_tell_sessions_apart_without_their_keys(as_role: Login) -> None:
    """The undo stack of a tab is that of a session: islands/src/operate/undo-storage.ts."""

    def named(client: Client) -> str:
        found = re.search(r' data-session="([0-9a-f]+)"', client.get("/").content.decode())
        assert found
        return found[1]

    anna, otto = as_role("admin"), as_role("operator")
    assert named(anna) == named(anna) != named(otto)
    assert named(anna) not in (anna.session.session_key or "")
