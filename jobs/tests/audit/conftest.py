from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.audit import refusals
from jobs.tests.access.conftest import PASSWORD, Login, as_role, login_mode, user
from jobs.tests.factories import database_rows

__all__ = ["as_role", "login_mode", "user"]

LogIn = Callable[..., None]
CHANGE = {"X-CSRFToken": "any"}


@pytest.fixture
def log_in(login_mode: None) -> LogIn:
    """Sends the form of the login page."""

    def send(
        client: Client, name: str, password: str = PASSWORD, address: str = "192.0.2.7"
    ) -> None:
        form = {"login": name, "password": password}
        client.post("/login/", form, REMOTE_ADDR=address)

    return send


@pytest.fixture(autouse=True)
def new_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has refused no token yet."""
    monkeypatch.setattr(refusals, "minute", refusals.Minute())


def logged() -> list[tuple[str, str, str | None, str]]:
    """Kind, name, address and detail of all entries, in order."""
    return database_rows("SELECT kind, name, host(address), detail FROM audit_event ORDER BY id")


def dropped() -> list[tuple[str, int]]:
    return database_rows("SELECT kind, number FROM audit_dropped ORDER BY at")


@pytest.fixture
def anna(user: Callable[[str], User]) -> User:
    return user("admin")


@pytest.fixture
def admin(as_role: Login) -> Client:
    return as_role("admin")
