"""Requests with a token, through the whole stack of login mode."""

import json
import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from jobs.access.permissions import GRANTS, Permission, allows
from jobs.access.principal import Principal, Role, Scope
from jobs.access.tokens.changes import NewToken, revoke_token
from jobs.access.tokens.format import new_token
from jobs.access.tokens.lookup import principal_of_token
from jobs.models import Job
from jobs.tests.access.conftest import Login
from jobs.tests.access.tokens.conftest import expire, log_of, make_token, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("login_mode")]

LIST = "/api/jobs/?page_size=1"


def call(token: NewToken | str, method: str = "GET", path: str = LIST, **options: Any) -> Any:
    text = token if isinstance(token, str) else f"Bearer {token.text}"
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    options = {"content_type": "application/json"} | options
    return client.generic(method, path, headers={"Authorization": text}, **options)


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, json.loads(response.content)["code"]


def test_a_token_reads_and_changes_without_a_csrf_token() -> None:
    token = make_token()
    assert call(token).status_code == 200
    made = call(token, "POST", "/api/jobs/", data='{"name": "Wing"}')
    assert made.status_code == 201
    assert not made.cookies
    assert Job.objects.count() == 1


def test_the_name_of_the_scheme_has_any_case() -> None:
    text = make_token().text
    for header in (f"bearer {text}", f"BEARER {text}", f"Bearer   {text} "):
        assert call(header).status_code == 200


def test_a_token_costs_one_query_more_than_open_mode(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = make_token()
    call(token)
    with django_assert_num_queries(2):
        assert call(token, path="/api/jobs/counts/").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer \0",
        "Bearer jmd_\N{FULLWIDTH DIGIT ONE}",
        "Bearer \x80\xff",
        "bearer " + "x" * 60_000,
        "Bearer ' OR 1=1 --",
    ],
    ids=lambda text: ascii(text)[:30],
)
def test_what_is_no_token_is_refused(header: str) -> None:
    response = call(header)
    assert code_of(response) == (401, "invalid_token")
    assert response["WWW-Authenticate"].startswith('Bearer realm="jobs", error="invalid_token"')


def test_two_headers_are_refused() -> None:
    """Servers join repeated headers with a comma."""
    text = make_token().text
    for header in (f"Bearer {text},Bearer {text}", f"Bearer {text}, Basic YTpi"):
        assert code_of(call(header)) == (401, "invalid_token")


def test_each_refusal_has_its_code() -> None:
    user = make_user()
    revoked, expired = make_token(user), make_token(user)
    revoke_token(revoked.id)
    expire(expired)
    elsewhere = make_token(user, networks=("10.0.0.0/8",))
    assert code_of(call(revoked)) == (401, "revoked_token")
    assert code_of(call(expired)) == (401, "expired_token")
    assert code_of(call(elsewhere)) == (401, "network_not_allowed")
    assert code_of(call(f"Bearer {new_token().text}")) == (401, "invalid_token")


def test_a_refused_token_changes_nothing() -> None:
    token = make_token()
    revoke_token(token.id)
    response = call(token, "POST", "/api/jobs/", data='{"name": "Wing"}')
    assert code_of(response) == (401, "revoked_token")
    assert not Job.objects.exists()


def test_the_session_does_not_help_a_refused_token(as_role: Login) -> None:
    client = as_role("admin")
    assert client.get(LIST).status_code == 200
    token = make_token()
    revoke_token(token.id)
    response = client.get(LIST, headers={"Authorization": f"Bearer {token.text}"})
    assert code_of(response) == (401, "revoked_token")


def test_the_session_adds_no_rights_to_a_token(as_role: Login) -> None:
    client = as_role("admin")
    token = make_token(scope=Scope.READ)
    response = client.post(
        "/api/jobs/",
        {"name": "Wing"},
        "application/json",
        headers={"Authorization": f"Bearer {token.text}"},
    )
    assert code_of(response) == (403, "forbidden")


def test_the_scheme_of_a_proxy_leaves_the_session_alone(as_role: Login) -> None:
    client = as_role("viewer")
    assert client.get(LIST, headers={"Authorization": "Basic YTpi"}).status_code == 200
    assert code_of(call("Basic YTpi")) == (401, "login_required")
    assert code_of(call("Bearerx y")) == (401, "login_required")


def test_a_page_refuses_a_token_in_words() -> None:
    response = call("Bearer x", path="/")
    assert (response.status_code, response["Content-Type"]) == (401, "text/plain")
    assert b"The token is not valid." in response.content
    assert call("Bearer x", path="/nowhere/").status_code == 404


def test_open_mode_ignores_tokens(settings: Settings) -> None:
    settings.ACCESS = "open"
    assert call("Bearer x").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, "192.0.2.7", "127.0.0.1"),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "10.0.0.1, 192.0.2.7", "192.0.2.7"),
        (2, "192.0.2.7, 198.51.100.1", "192.0.2.7"),
        (2, "10.0.0.1, 192.0.2.7, 198.51.100.1", "192.0.2.7"),
        (2, "10.0.0.1,10.0.0.1,2001:DB8::1,198.51.100.1", "2001:db8::1"),
        # Bypassed, or made up
        (2, "192.0.2.7", None),
        (1, "", None),
        (1, "127.0.0.1, unknown", None),
        (1, "127.0.0.1,", None),
    ],
)
def test_only_trusted_proxies_state_the_address(
    proxies: int, header: str, seen: str | None, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    user = make_user()
    token, here = make_token(user), make_token(user, networks=(f"{seen or '127.0.0.1'}",))
    forwarded = {"HTTP_X_FORWARDED_FOR": header}
    assert call(token, **forwarded).status_code == 200
    assert log_of(token)[-1] == ("used", user.pk, seen)
    assert call(here, **forwarded).status_code == (200 if seen else 401)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.ADMIN])
def test_a_token_may_do_what_both_its_scope_and_its_user_may(role: Role) -> None:
    """For each permission; which URL needs which is in the table of docs/security.md. No token manages an account."""
    user = make_user("anna", role)
    session = Principal(user.pk, "anna", role)
    for scope in Scope:
        principal = principal_of_token(make_token(user, scope=scope).text, None)
        assert (principal.role, principal.scope) == (role, scope)
        allowed = {permission for permission in Permission if allows(principal, permission)}
        both = GRANTS[scope] & {each for each in Permission if allows(session, each)}
        assert allowed == both | {Permission.PUBLIC}
        assert Permission.ACCOUNT not in allowed


@pytest.mark.parametrize(
    ("scope", "allowed"), [(Scope.READ, 403), (Scope.AGENT, 403), (Scope.WRITE, 201)]
)
def test_the_scope_of_a_real_token_is_asked_for(scope: Scope, allowed: int) -> None:
    token = make_token(scope=scope)
    assert call(token).status_code == 200
    assert call(token, path="/tokens/").status_code == 403
    made = call(token, "POST", "/api/jobs/", data='{"name": "Wing"}')
    assert made.status_code == allowed


def test_nothing_logs_a_token(caplog: pytest.LogCaptureFixture, settings: Settings) -> None:
    caplog.set_level(logging.DEBUG)
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    token = make_token()
    call(token)
    call(token, "POST", "/api/jobs/", data="{")
    call(token, "PURGE", "/api/jobs/")
    call(f"Bearer {token.text}x")
    call(token, path="/nowhere/")
    secret = token.text.partition(".")[2]
    assert secret not in caplog.text
    assert User.objects.count() == 1
