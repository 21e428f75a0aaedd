"""What is logged of logins, accounts and tokens, and how much of it strangers can cause."""

import sys
from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from jobs.access.principal import Scope
from jobs.access.tokens.changes import create_token, revoke_token
from jobs.access.tokens.values import TokenValues
from jobs.audit import recording
from jobs.audit.kinds import Kind
from jobs.audit.trimming import trim
from jobs.tests.access.conftest import PASSWORD, Login
from jobs.tests.audit.conftest import CHANGE, LogIn, dropped, logged
from jobs.tests.factories import database_rows
from jobs.tests.proposals.conftest import proposed

pytestmark = pytest.mark.django_db


def test_a_login_is_logged_with_its_factor_and_a_logout(
    client: Client, anna: User, log_in: LogIn
) -> None:
    log_in(client, "anna")
    client.post("/logout/", REMOTE_ADDR="192.0.2.7")
    assert logged() == [
        ("logged_in", "anna", "192.0.2.7", "password"),
        ("logged_out", "anna", "192.0.2.7", ""),
    ]
    assert database_rows("SELECT DISTINCT actor, who FROM audit_event") == [(anna.pk, anna.pk)]


def test_a_failed_login_is_logged_for_the_account_but_nobody_did_it(
    client: Client, anna: User, log_in: LogIn
) -> None:
    log_in(client, "anna", "wrong")
    log_in(client, "nobody" + "x" * 500, "wrong")
    [(kind, name, address, detail), *others] = logged()
    assert (kind, name, address, detail) == ("login_failed", "anna", "192.0.2.7", "password")
    assert database_rows("SELECT actor, user_id FROM audit_event WHERE name = 'anna'") == [
        (None, anna.pk)
    ]
    assert all(len(other) <= 150 for _, other, *_ in others)


def test_no_password_is_logged(client: Client, anna: User, log_in: LogIn) -> None:
    log_in(client, "anna", "a-very-wrong-secret")
    [(text,)] = database_rows(
        "SELECT string_agg(row_to_json(audit_event)::text, ' ') FROM audit_event"
    )
    assert "a-very-wrong-secret" not in text


def test_an_attacker_cannot_fill_the_log(
    login_mode: None, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attempts for one name, from one address, and in all; what is not logged is counted."""
    monkeypatch.setattr(recording, "MOST_IN_MINUTE", 12)
    monkeypatch.setattr(recording, "MOST_FROM_ADDRESS", 8)

    def fail(number: int, name: str, address: str) -> None:
        for _ in range(number):
            recording.record_refusal(
                recording.Entry(Kind.LOGIN_FAILED, name, address=address, detail="password")
            )

    fail(9, "anna", "192.0.2.1")
    assert (len(logged()), dropped()[0][1]) == (5, 4)
    for number in range(10):
        fail(1, f"name {number}", "192.0.2.1")
    assert len(logged()) == 8
    for number in range(10):
        fail(1, f"name {number}", f"192.0.2.{number + 2}")
    assert len(logged()) == 12
    assert sum(number for _, number in dropped()) == 29 - 12


def test_an_attacker_cannot_fill_the_log_slowly(
    login_mode: None, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MOST_IN_HOUR", 4)
    database_rows(
        "INSERT INTO audit_event (at, kind, name, detail) SELECT statement_timestamp() - interval '50 minutes',"
        " 'login_failed', n::text, '' FROM generate_series(1, 3) n"
    )
    for name in ("one", "two"):
        recording.record_refusal(recording.Entry(Kind.LOGIN_FAILED, name, address="192.0.2.1"))
    assert [name for _, name, *_ in logged()] == ["1", "2", "3", "one"]
    assert dropped() == [("login_failed", 1)]


def test_a_refused_token_is_logged_once_a_minute_for_each_reason(
    client: Client, login_mode: None, anna: User
) -> None:
    token = create_token(anna.pk, TokenValues("ci", Scope.READ))
    revoke_token(token.id)
    for _ in range(5):
        for text in (token.text, "made-up"):
            client.get("/api/jobs/", headers={"Authorization": f"Bearer {text}"})
    refused = [entry for entry in logged() if entry[0] == "token_refused"]
    [(key,)] = database_rows("SELECT key FROM api_token")
    assert [(name, detail) for _, name, _, detail in refused] == [
        (f"jmd_{key}", "revoked_token"),
        ("", "invalid_token"),
    ]
    [(users,)] = database_rows("SELECT array_agg(user_id ORDER BY id) FROM audit_event")
    assert users == [anna.pk, None]
    [(row,)] = database_rows(
        "SELECT string_agg(row_to_json(audit_event)::text, ' ') FROM audit_event"
    )
    assert token.text.partition(".")[2] not in row


def test_a_changed_password_is_logged(admin: Client) -> None:
    form = {
        "oldpassword": PASSWORD,
        "password1": "staple battery 9",
        "password2": "staple battery 9",
    }
    admin.post("/account/password/", form)
    assert ("password_changed", "anna") in [(kind, name) for kind, name, *_ in logged()]


def test_the_command_logs_new_accounts_and_roles(
    db: None, user: Callable[[str], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    user("operator")
    monkeypatch.setattr(sys, "stdin", StringIO(PASSWORD))
    call_command("account", "otto", "viewer", stdout=StringIO())
    call_command("account", "new", "admin", stdout=StringIO())
    assert logged() == [
        ("role_changed", "otto", None, "operator → viewer"),
        ("account_created", "new", None, "admin"),
    ]


def test_an_import_and_a_deletion_for_good_are_one_entry(admin: Client) -> None:
    admin.post("/api/jobs/import/", b"name\nx\ny\n", "text/csv", headers=CHANGE)
    [(job_id,)] = database_rows("SELECT min(id) FROM job")
    admin.delete(f"/api/jobs/{job_id}/", headers=CHANGE)
    admin.delete(f"/api/trash/{job_id}/", headers=CHANGE)
    assert [(kind, detail) for kind, _, _, detail in logged()] == [
        ("jobs_imported", "2"),
        ("job_discarded", str(job_id)),
    ]


def test_open_mode_logs_nothing(client: Client, db: None) -> None:
    client.post("/api/jobs/import/", b"name\nx\n", "text/csv")
    client.get("/api/jobs/", headers={"Authorization": "Bearer made-up"})
    assert logged() == []


def test_the_log_is_append_only(client: Client, anna: User, log_in: LogIn) -> None:
    log_in(client, "anna")
    for change in ("UPDATE audit_event SET name = 'otto'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            database_rows(change)


def test_expired_entries_are_deleted_in_batches(settings: object, db: None) -> None:
    database_rows(
        "INSERT INTO audit_event (at, kind, name, detail) SELECT statement_timestamp() - make_interval(days => day),"
        " 'logged_in', day::text, '' FROM generate_series(396, 410) AS day"
    )
    assert [trim(4), trim(4), trim(4), trim(4)] == [4, 4, 3, 0]
    assert [name for _, name, *_ in logged()] == ["396", "397", "398", "399"]


def test_a_login_does_not_depend_on_the_log(
    client: Client, as_role: Login, anna: User, log_in: LogIn
) -> None:
    database_rows("ALTER TABLE audit_event ADD CONSTRAINT is_full CHECK (false) NOT VALID")
    log_in(client, "anna")
    assert client.get("/").status_code == 200


def test_attempts_that_are_too_many_are_logged_within_bounds(
    client: Client, anna: User, log_in: LogIn
) -> None:
    for _ in range(20):
        log_in(client, "anna", "wrong")
    details = [detail for *_, detail in logged()]
    assert details == ["password"] * 5 + ["too many attempts"] * 5
    assert dropped() == [("login_failed", 10)]


def test_an_address_with_too_many_logins_is_told_when_to_go_on(
    client: Client, anna: User, log_in: LogIn
) -> None:
    for number in range(30):
        log_in(client, f"name {number}", "wrong", f"2001:db8::{number:x}")
    form = {"login": "anna", "password": PASSWORD}
    for _ in range(31):
        response = client.post("/login/", form | {"password": "wrong"}, REMOTE_ADDR="192.0.2.9")
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "Try again in 1 minute" in response.content.decode()
    assert ("login_failed", "anna", "192.0.2.9", "too many attempts") in logged()


def test_the_first_account_is_logged(login_mode: None) -> None:
    User.objects.create_superuser("root", password=PASSWORD)
    User.objects.create_user("vera")
    assert logged() == [("account_created", "root", None, "admin")]


def test_a_declined_proposal_is_logged(as_role: Login) -> None:
    operator = as_role("operator")
    first, second = proposed(), proposed()
    page = operator.post(f"/operations/proposals/{first.id}/decline/", {"reason": "Not now"})
    answer = operator.post(
        f"/api/proposals/{second.id}/decline/", "{}", "application/json", headers=CHANGE
    )
    assert (page.status_code, answer.status_code) == (302, 200), (page.content, answer.content)
    assert [(kind, name, detail) for kind, name, _, detail in logged()] == [
        ("proposal_declined", "otto", str(each.id)) for each in (first, second)
    ]


def test_the_page_for_a_password_guesses_none(
    client: Client, anna: User, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts by name, as the login does: what is wrong there, counts here too."""
    log_in(client, "anna")
    form = {"password1": "x", "password2": "x"}
    for number in range(3):
        page = client.post("/account/password/", form | {"oldpassword": f"wrong {number}"})
        assert "That is not your current password." in page.content.decode()
    for _ in range(2):
        log_in(Client(), "anna", "wrong")
    for guess in ("wrong", PASSWORD):
        page = client.post("/account/password/", form | {"oldpassword": guess})
        assert (page.status_code, page["Retry-After"]) == (429, "300")
    failed = [detail for kind, _, _, detail in logged() if kind == "login_failed"]
    assert failed == ["password"] * 5 + ["too many attempts"] * 2
