"""Every URL × method × role or scope of a token, made from the URL configuration, against the table of docs/security.md."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings as configured
from django.test import Client, RequestFactory
from pytest_django import Settings

from jobs.access.permissions import needed
from jobs.access.principal import ANONYMOUS, Principal, Role, Scope
from jobs.tests.access.conftest import Login
from jobs.tests.access.endpoints import METHODS, REACHED, Endpoint, endpoints
from project import guard

ROLES: Final = ("anybody", "viewer", "operator", "admin")
SCOPES: Final = tuple(f"token {scope}" for scope in Scope)
COLUMNS: Final = (*ROLES, *SCOPES)
REACH: Final = {
    **{role: ROLES[: place + 1] for place, role in enumerate(ROLES)},
    "token read": ("anybody", "token read"),
    "token write": ("anybody", "token read", "token write"),
    "token admin": ("anybody", "token read", "token write", "token admin"),
    "token agent": ("anybody", "token agent"),
}
"""The columns that say what each one may do."""
UNLISTED: Final = ("admin", "token admin")
"""Who may send a method that no column lists."""
PRINCIPALS: Final = {
    "anybody": ANONYMOUS,
    **{role: Principal(1, "anna", Role[role.upper()]) for role in ROLES[1:]},
    **{f"token {scope}": Principal(1, "anna", Role.ADMIN, scope, 7) for scope in Scope},
}
SAME_AS_GET: Final = ("HEAD", "OPTIONS")
URLCONF: Final = "project.login_urls"
HTTP_METHODS: Final = {"get", "post", "put", "patch", "delete"}

Table = dict[str, dict[str, set[str]]]


def documented() -> Table:
    """By route and column, the methods that docs/security.md lists."""
    guide = (Path(configured.BASE_DIR) / "docs" / "security.md").read_text()
    found = re.search(r"<!-- access:.*?-->\n(.*?)<!-- /access -->", guide, re.DOTALL)
    assert found
    titles, _, *lines = found[1].splitlines()
    assert titles.replace("`", "") == f"| {' | '.join(('URL', *COLUMNS))} |"
    table: Table = {}
    for line in lines:
        route, *cells = [
            cell.strip() for cell in line.removesuffix("|").removeprefix("|").split("|")
        ]
        table[route.strip("`")] = {
            column: set(re.findall(r"[A-Z]+", cell))
            for column, cell in zip(COLUMNS, cells, strict=True)
        }
    return table


def is_allowed(listed: dict[str, set[str]], column: str, method: str) -> bool:
    method = "GET" if method in SAME_AS_GET else method
    if not any(method in methods for methods in listed.values()):
        return column in UNLISTED
    return any(method in listed[other] for other in REACH[column])


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


def test_every_url_method_and_column_is_as_the_table_says(
    login_mode: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header replaces the session or the token, whose queries would take most of the time."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "jobs.tests.access.endpoints.Reached"]
    table = documented()
    clients = {column: Client(headers={"Column": column}) for column in COLUMNS}
    monkeypatch.setattr(guard, "identify", lambda request: PRINCIPALS[request.headers["Column"]])
    wrong = defaultdict(list)
    for endpoint in endpoints(URLCONF):
        for method in METHODS:
            for column, client in clients.items():
                reaches = is_allowed(table[endpoint.route], column, method)
                refusals = {401, 302} if column == "anybody" else {403}
                status = outcome(client, endpoint, method)
                if status not in ({REACHED} if reaches else refusals):
                    wrong[f"{method} {endpoint.route}"].append((column, status))
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
