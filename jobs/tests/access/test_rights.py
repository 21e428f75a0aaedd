"""What the roles may do, beyond the table: that nothing happens when they may not."""

from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.tests.access.conftest import Login
from jobs.tests.pages.html import text_of
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(path, body, "application/json", headers=headers)


def token(client: Client) -> str:
    """As the page's scripts read it."""
    client.get("/")
    return client.cookies["csrftoken"].value


def test_a_viewer_is_refused_and_nothing_changes(as_role: Login) -> None:
    client = as_role("viewer")
    job = Job.objects.create(name="fluid")
    headers = {"X-CSRFToken": token(client)}
    refused = [
        post(client, "/api/jobs/", {"name": "x"}, **headers),
        client.patch(f"/api/jobs/{job.pk}/", {"name": "y"}, "application/json", headers=headers),
        client.delete(f"/api/jobs/{job.pk}/", headers=headers),
        client.post("/api/jobs/import/", b"name\nx\n", "text/csv", headers=headers),
        post(client, "/api/operations/", {"action": "delete", "all": True}, **headers),
    ]
    for response in refused:
        assert problem_of(response, 403)["code"] == "forbidden"
    assert [row.name for row in Job.objects.all()] == ["fluid"]


def test_a_viewer_sees_no_controls_that_change_something(as_role: Login) -> None:
    """Its styles and scripts leave out what stands in rows and menus."""
    Job.objects.create(name="fluid")
    viewer, operator = as_role("viewer"), as_role("operator")
    mine, others = (client.get("/").content.decode() for client in (viewer, operator))
    assert " data-read-only>" in mine
    assert "<create-job" not in mine
    assert " data-read-only>" not in others
    assert "<create-job" in others


@pytest.mark.parametrize(
    "form", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_a_form_in_place_of_an_import_is_refused_unread(as_role: Login, form: str) -> None:
    """Its body may arrive for ever, in a thread that Django would read it in."""
    client = as_role("operator")
    body = Mock(read=Mock(side_effect=AssertionError("read")))
    arriving: Any = {"wsgi.input": body, "CONTENT_TYPE": form, "CONTENT_LENGTH": "1000"}
    response = client.generic(
        "POST",
        "/api/jobs/import/",
        headers={"X-CSRFToken": token(client)},
        **arriving,
    )
    assert problem_of(response, 403)["code"] == "csrf_failed"
    assert not body.read.called


def test_a_page_without_the_right_explains_itself(as_role: Login) -> None:
    response = as_role("viewer").get("/operations/new/?q=x")
    assert response.status_code == 403
    assert "Your role, viewer, doesn’t include it." in text_of(response.content.decode())


def test_an_operator_changes_jobs_and_deletes_none_for_good(as_role: Login) -> None:
    client = as_role("operator", enforce_csrf_checks=True)
    headers = {"X-CSRFToken": token(client)}
    made = post(client, "/api/jobs/", {"name": "fluid"}, **headers)
    assert made.status_code == 201
    assert client.delete(made.headers["Location"], headers=headers).status_code == 204
    gone = client.delete(f"/api/trash/{made.json()['id']}/", headers=headers)
    assert problem_of(gone, 403)["code"] == "forbidden"


def test_a_change_by_a_session_needs_its_token(as_role: Login) -> None:
    client = as_role("operator", enforce_csrf_checks=True)
    assert token(client)
    for headers in ({}, {"X-CSRFToken": ""}, {"X-CSRFToken": "x" * 32}):
        response = post(client, "/api/jobs/", {"name": "x"}, **headers)
        assert problem_of(response, 403)["code"] == "csrf_failed"
    form = client.post("/api/jobs/", {"name": "x", "csrfmiddlewaretoken": token(client)})
    assert problem_of(form, 403)["code"] == "csrf_failed"
    assert not Job.objects.exists()


def test_another_sites_page_is_refused_with_the_token_too(as_role: Login) -> None:
    client = as_role("operator", enforce_csrf_checks=True)
    headers = {"X-CSRFToken": token(client), "Origin": "https://evil.example"}
    assert post(client, "/api/jobs/", {"name": "x"}, **headers).status_code == 403
    assert not Job.objects.exists()


def test_a_new_role_applies_at_once(as_role: Login) -> None:
    client = as_role("viewer")
    headers = {"X-CSRFToken": token(client)}
    user = User.objects.get()
    user.groups.set([Group.objects.get_or_create(name="operator")[0]])
    assert post(client, "/api/jobs/", {"name": "x"}, **headers).status_code == 201
    user.groups.clear()
    assert post(client, "/api/jobs/", {"name": "x"}, **headers).status_code == 403
    user.is_superuser = True
    user.save()
    assert client.delete("/api/trash/1/", headers=headers).status_code == 404


def test_a_login_costs_two_queries(as_role: Login) -> None:
    """The session, and its user together with the role."""
    client = as_role("viewer")
    client.get("/api/jobs/counts/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/jobs/counts/")
    assert len(queries) == 3, queries.captured_queries
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/health/")
    assert not [query for query in queries.captured_queries if "session" in query["sql"]]


def test_the_first_admin_is_made_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("USERNAME", "anna"), ("PASSWORD", "a long one"), ("EMAIL", "a@b.example")):
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)
    call_command("createsuperuser", "--noinput", verbosity=0)
    assert User.objects.get(username="anna").is_superuser


def test_idempotency_keys_are_each_users_own(as_role: Login) -> None:
    headers = {"X-CSRFToken": "any", "Idempotency-Key": "one"}
    operator, admin = as_role("operator"), as_role("admin")
    first = post(operator, "/api/jobs/", {"name": "x"}, **headers)
    assert post(operator, "/api/jobs/", {"name": "x"}, **headers).json() == first.json()
    other = post(admin, "/api/jobs/", {"name": "x"}, **headers)
    assert other.json()["id"] != first.json()["id"]
    assert "Idempotent-Replayed" not in other.headers
