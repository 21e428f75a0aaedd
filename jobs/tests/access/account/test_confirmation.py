"""What needs a recent login of a session, and of nothing else."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs.access.tokens.rows import token_page
from jobs.listing.paging import Paging
from jobs.models import Job
from jobs.operations.rows import count_operations
from jobs.tests.access.account.conftest import code_of
from jobs.tests.access.account.test_factors import WithApp
from jobs.tests.access.conftest import PASSWORD, Login, record_login
from jobs.tests.access.tokens.conftest import make_token
from jobs.tests.factories import database_rows, fill
from jobs.tests.problems import problem_of
from jobs.tests.proposals.conftest import proposed

pytestmark = pytest.mark.django_db

HOUR = 3_600
DELETE_ALL = {"all": True, "action": "delete"}
FAIL = {"status_type": "FAILED"}
JSON: Any = {"content_type": "application/json", "headers": {"X-CSRFToken": "any"}}
NOW = "2026-11-30T00:00:00.000000Z"
Post = Callable[..., Any]


def send(client: Client, url: str, body: dict[str, Any], **headers: str) -> Any:
    headers = {"X-CSRFToken": "any"} | headers
    return client.post(url, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    "path",
    [
        "/account/factors/app/",
        "/account/factors/app/remove/",
        "/account/factors/passkeys/add/",
        "/account/factors/passkeys/1/remove/",
        "/account/factors/codes/new/",
    ],
)
def test_factors_are_changed_only_after_a_recent_login(as_role: Login, path: str) -> None:
    client = as_role("operator", logged_in_ago=HOUR)
    asked = f"/account/confirm/?next={path.replace('/', '%2F')}"
    assert client.get(path)["Location"] == asked
    assert client.post(path, {"code": "123456"})["Location"] == asked
    assert client.post(asked, {"password": PASSWORD})["Location"] == path
    assert client.get(path).status_code in (200, 404)


def test_recovery_codes_are_shown_only_after_a_recent_login(as_role: Login) -> None:
    client = as_role("operator", logged_in_ago=HOUR)
    asked = client.get("/account/factors/codes/")["Location"]
    assert asked == "/account/confirm/?next=%2Faccount%2Ffactors%2Fcodes%2F"


def test_a_confirmation_needs_the_password_or_a_code(with_app: WithApp) -> None:
    client, key, _ = with_app()
    record_login(client, User.objects.get(), HOUR)
    session = client.session
    session["account_authentication_methods"] = session["account_authentication_methods"][-1:]
    session.save()
    back = "?next=/account/factors/app/remove/"
    wrong = client.post(f"/account/confirm/{back}", {"password": "wrong"})
    assert (wrong.status_code, "Use a code instead" in wrong.content.decode()) == (200, True)
    assert client.get("/account/factors/app/remove/").status_code == 302
    right = client.post(f"/account/confirm/code/{back}", {"code": code_of(key, 1)})
    assert right["Location"] == "/account/factors/app/remove/"
    assert client.get("/account/factors/app/remove/").status_code == 200


def test_a_confirmation_leads_to_no_other_site(as_role: Login) -> None:
    client = as_role("operator", logged_in_ago=HOUR)
    asked = "/account/confirm/?next=https://evil.example/"
    assert client.post(asked, {"password": PASSWORD})["Location"] == "/"


def test_a_token_is_made_after_a_confirmation_and_nothing_typed_is_lost(as_role: Login) -> None:
    client = as_role("operator", logged_in_ago=HOUR)
    values = {"name": "CI & co", "scope": "write", "days": "7", "networks": "192.0.2.0/24\n::1"}
    asked = client.post("/tokens/", values)["Location"]
    assert asked.startswith("/account/confirm/?next=")
    assert not token_page(Paging()).rows
    back = client.post(asked, {"password": PASSWORD})["Location"]
    given = parse_qs(urlsplit(back).query)
    assert given == {name: [value] for name, value in values.items()}
    page = client.get(back).content.decode()
    assert 'value="CI &amp; co"' in page
    assert 'value="write" checked' in page
    assert "192.0.2.0/24\n::1</textarea>" in page
    assert "Copy your token now" in client.post("/tokens/", values).content.decode()


def test_many_jobs_are_changed_only_after_a_recent_login(
    as_role: Login, settings: Settings
) -> None:
    settings.CONFIRM_ABOVE = 2
    ids = fill(3)
    late = as_role("operator", logged_in_ago=HOUR)
    for refused in (
        send(late, "/api/operations/", DELETE_ALL),
        send(
            late, "/api/operations/", {"ids": ids, "action": "set_status", "status_type": "FAILED"}
        ),
        send(late, "/api/jobs/delete/", {"jobs": [{"id": job_id} for job_id in ids]}),
        send(late, "/api/jobs/undo/", {"jobs": [{"id": each, "updated_at": NOW} for each in ids]}),
        send(late, "/api/trash/restore/", {"ids": ids}),
        late.patch("/api/jobs/", {"jobs": [{"id": each, **FAIL} for each in ids]}, **JSON),
    ):
        assert problem_of(refused, 403)["code"] == "reauthentication_required"
    assert (count_operations(None).value, Job.objects.count()) == (0, 3)
    assert database_rows("SELECT count(*) FROM job_status WHERE status_type = 'FAILED'") == [(0,)]
    preview = send(late, "/api/operations/?preview=true", DELETE_ALL)
    assert preview.status_code == 200, "it changes nothing"
    few = send(late, "/api/operations/", {"ids": ids[:2], "action": "delete"})
    assert few.status_code == 202
    late.post("/account/confirm/", {"password": PASSWORD})
    assert send(late, "/api/operations/", DELETE_ALL).status_code == 202


def test_a_proposal_for_many_jobs_is_approved_only_after_a_recent_login(
    as_role: Login, settings: Settings
) -> None:
    settings.CONFIRM_ABOVE = 0
    fill(1)
    proposal = proposed()
    late = as_role("operator", logged_in_ago=HOUR)
    refused = send(late, f"/api/proposals/{proposal.id}/approve/", {})
    assert problem_of(refused, 403)["code"] == "reauthentication_required"
    path = f"/operations/proposals/{proposal.id}/"
    asked = late.post(f"{path}approve/")["Location"]
    assert asked == f"/account/confirm/?next={path.replace('/', '%2F')}"
    assert count_operations(None).value == 0
    assert late.post(asked, {"password": PASSWORD})["Location"] == path
    assert late.post(f"{path}approve/")["Location"].startswith("/operations/")


def test_a_refused_operation_can_be_sent_again_with_its_key(
    as_role: Login, settings: Settings
) -> None:
    settings.CONFIRM_ABOVE = 0
    fill(1)
    client = as_role("operator", logged_in_ago=HOUR)
    key = {"Idempotency-Key": "7"}
    assert send(client, "/api/operations/", DELETE_ALL, **key).status_code == 403
    client.post("/account/confirm/", {"password": PASSWORD})
    assert send(client, "/api/operations/", DELETE_ALL, **key).status_code == 202


def test_a_token_needs_no_confirmation(
    login_mode: None, settings: Settings, client: Client
) -> None:
    settings.CONFIRM_ABOVE = 0
    fill(1)
    token = {"Authorization": f"Bearer {make_token().text}"}
    assert send(client, "/api/operations/", DELETE_ALL, **token).status_code == 202


def test_open_mode_needs_no_confirmation(client: Client, settings: Settings) -> None:
    settings.CONFIRM_ABOVE = 0
    fill(1)
    assert send(client, "/api/operations/", DELETE_ALL).status_code == 202
