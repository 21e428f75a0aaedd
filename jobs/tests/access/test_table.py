"""Every URL × method × role, made from the URL configuration, against the table of docs/security.md."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings as configured
from django.test import Client, RequestFactory
from pytest_django import Settings

from jobs.access.permissions import needed
from jobs.access.principal import ANONYMOUS, Principal, Role
from jobs.tests.access.conftest import Login
from jobs.tests.access.endpoints import METHODS, REACHED, Endpoint, endpoints
from project import guard

ROLES: Final = ("anonymous", "viewer", "operator", "admin")
SAME_AS_GET: Final = ("HEAD", "OPTIONS")
URLCONF: Final = "project.login_urls"
HTTP_METHODS: Final = {"get", "post", "put", "patch", "delete"}


def documented() -> dict[str, dict[str, str]]:
    """By route and method, the lowest role, as docs/security.md says."""
    guide = (Path(configured.BASE_DIR) / "docs" / "security.md").read_text()
    found = re.search(r"<!-- access:.*?-->\n(.*?)<!-- /access -->", guide, re.DOTALL)
    assert found
    table: dict[str, dict[str, str]] = {}
    for line in found[1].splitlines()[2:]:
        route, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        table[route.strip("`")] = {
            method: role
            for role, cell in zip(ROLES, cells, strict=True)
            for method in re.findall(r"[A-Z]+", cell)
        }
    return table


def outcome(client: Client, endpoint: Endpoint, method: str) -> int:
    response = client.generic(method, endpoint.path, headers={"X-CSRFToken": "any"})
    return response.status_code


def test_every_url_declares_what_it_needs() -> None:
    undeclared = [each.route for each in endpoints(URLCONF) if not hasattr(each.view, "needs")]
    assert not undeclared


def test_every_method_of_a_view_is_declared() -> None:
    for each in endpoints(URLCONF):
        view = getattr(each.view, "cls", None)
        if view is not None:
            served = {name.upper() for name in HTTP_METHODS if hasattr(view, name)}
            assert served == set(each.view.needs), each.route  # type: ignore[attr-defined]


def test_the_table_lists_every_url() -> None:
    assert [each.route for each in endpoints(URLCONF)] == list(documented())


def test_every_url_method_and_role_is_as_the_table_says(
    login_mode: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header replaces the session, whose queries would take most of the time."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "jobs.tests.access.endpoints.Reached"]
    lowest = documented()
    clients = {role: Client(headers={"Role": role}) for role in ROLES}
    principals = {
        "anonymous": ANONYMOUS,
        **{role: Principal(1, "anna", Role[role.upper()]) for role in ROLES[1:]},
    }
    monkeypatch.setattr(guard, "identify", lambda request: principals[request.headers["Role"]])
    wrong = defaultdict(list)
    for endpoint in endpoints(URLCONF):
        for method in METHODS:
            listed = "GET" if method in SAME_AS_GET else method
            least = lowest[endpoint.route].get(listed, "admin")
            for role, client in clients.items():
                is_allowed = ROLES.index(role) >= ROLES.index(least)
                refusals = {401, 302} if role == "anonymous" else {403}
                status = outcome(client, endpoint, method)
                if status not in ({REACHED} if is_allowed else refusals):
                    wrong[f"{method} {endpoint.route}"].append((role, status))
    assert not wrong


def test_open_mode_lets_everybody_reach_everything(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "jobs.tests.access.endpoints.Reached"]
    for endpoint in endpoints("project.urls"):
        assert outcome(client, endpoint, "POST") in {REACHED, 403}, endpoint.route
        assert outcome(client, endpoint, "GET") == REACHED, endpoint.route


@pytest.mark.parametrize("mode", ["open", "login"])
def test_a_url_without_a_decision_is_refused(as_role: Login, settings: Settings, mode: str) -> None:
    client = as_role("admin")
    settings.ACCESS = mode
    settings.ROOT_URLCONF = "jobs.tests.access.undeclared_urls"
    response = client.get("/undeclared/")
    assert response.status_code == 403
    assert b"reached" not in response.content


def test_a_preview_is_a_post_that_reads(as_role: Login, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "jobs.tests.access.endpoints.Reached"]
    client = as_role("viewer")
    headers = {"X-CSRFToken": "any"}

    def status(query: str) -> int:
        path = f"/api/operations/{query}"
        return client.post(path, {}, "application/json", headers=headers).status_code

    assert status("?preview=true") == REACHED
    for query in ("", "?preview=false", "?preview=true&preview=false", "?preview=TRUE"):
        assert status(query) == 403, query


def test_a_view_without_a_declaration_has_no_permission() -> None:
    assert needed(lambda request: None, RequestFactory().get("/")) is None
