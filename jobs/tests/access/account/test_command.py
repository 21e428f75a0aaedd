"""`manage.py account`: what admins do to the accounts of others."""

import sys
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from jobs.management.commands import account
from jobs.tests.access.conftest import PASSWORD, Login
from jobs.tests.access.tokens.conftest import make_token
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db

NEW = "another horse battery"


def run(*words: str) -> str:
    said = StringIO()
    call_command("account", *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Standard input, of a program."""
    sent = StringIO()
    monkeypatch.setattr(sys, "stdin", sent)
    return sent


def send(sent: StringIO, text: str) -> None:
    sent.seek(0)
    sent.truncate()
    sent.write(text)
    sent.seek(0)


def log_in(password: str) -> Client:
    client = Client()
    client.post("/login/", {"login": "otto", "password": password})
    return client


def kinds() -> list[str]:
    return [kind for (kind,) in database_rows("SELECT kind FROM audit_event ORDER BY id")]


def test_an_account_is_made_with_a_role_and_gets_another(sent: StringIO) -> None:
    send(sent, f"{PASSWORD}\nand what follows")
    assert run("otto", "operator") == "otto was created and is now an operator.\n"
    assert run("otto", "viewer") == "otto is now a viewer.\n"
    user = User.objects.get(username="otto")
    assert user.check_password(PASSWORD)
    assert [group.name for group in user.groups.all()] == ["viewer"]


@pytest.mark.parametrize("text", ["otto\n", ""])
def test_a_weak_password_is_refused(sent: StringIO, text: str) -> None:
    send(sent, text)
    with pytest.raises(CommandError, match="too short"):
        run("otto", "operator")
    assert not User.objects.exists()


def test_a_typed_password_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    typed = iter([PASSWORD, f"{PASSWORD}!", PASSWORD, PASSWORD])
    monkeypatch.setattr(account, "getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="differ"):
        run("otto", "operator")
    run("otto", "operator")
    assert User.objects.get().check_password(PASSWORD)


def test_names_differ_in_more_than_case(as_role: Login, sent: StringIO) -> None:
    as_role("operator")
    send(sent, PASSWORD)
    with pytest.raises(CommandError, match="There is an account otto already"):
        run("Otto", "viewer")
    assert [user.username for user in User.objects.all()] == ["otto"]


def test_a_new_password_ends_the_sessions_and_is_logged(as_role: Login, sent: StringIO) -> None:
    browser = as_role("operator")
    send(sent, NEW)
    assert run("otto", "--new-password") == (
        "otto has another password now. Its sessions have ended.\n"
    )
    assert browser.get("/api/jobs/").status_code == 401
    assert log_in(PASSWORD).get("/api/jobs/").status_code == 401
    assert log_in(NEW).get("/api/jobs/").status_code == 200
    assert kinds()[0] == "password_changed"


def test_a_deactivated_account_opens_nothing_and_its_sessions_do_not_come_back(
    as_role: Login,
) -> None:
    as_role("operator")
    browser = log_in(PASSWORD)
    token = make_token(User.objects.get(username="otto"))
    bearer = {"Authorization": f"Bearer {token.text}"}
    assert run("otto", "--deactivate") == "otto is deactivated now.\n"
    assert run("otto", "--deactivate") == "otto is deactivated already. Nothing was changed.\n"
    assert browser.get("/api/jobs/").status_code == 401
    assert Client().get("/api/jobs/", headers=bearer).status_code == 401
    assert log_in(PASSWORD).get("/api/jobs/").status_code == 401
    assert run("otto", "--activate") == "otto is active now.\n"
    assert browser.get("/api/jobs/").status_code == 401
    assert Client().get("/api/jobs/", headers=bearer).status_code == 200
    assert log_in(PASSWORD).get("/api/jobs/").status_code == 200
    assert [kind for kind in kinds() if kind.startswith("account_")] == [
        "account_deactivated",
        "account_activated",
    ]


@pytest.mark.parametrize("change", ["--new-password", "--deactivate", "--remove-second-factor"])
def test_who_has_no_account_is_named(change: str) -> None:
    with pytest.raises(CommandError, match=r"There is no account nobody\. Nothing was changed\."):
        run("nobody", change)
