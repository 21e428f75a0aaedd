"""Authenticator apps and recovery codes: setting them up, logging in with them, losing them."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from jobs.access.factors import FactorAdapter
from jobs.tests.access.account.conftest import CODE, code_of, key_in, set_up_app
from jobs.tests.access.conftest import PASSWORD, Login
from jobs.tests.factories import database_rows
from jobs.tests.pages.html import text_of
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db

WithApp = Callable[[], tuple[Client, str, list[str]]]


def begin_login(client: Client) -> Any:
    return client.post("/login/", {"login": "otto", "password": PASSWORD, "next": "/trash/"})


def enter(client: Client, code: str) -> Any:
    return client.post("/login/code/", {"code": code})


def test_an_app_is_set_up_with_its_code_and_gives_recovery_codes(as_role: Login) -> None:
    client = as_role("operator")
    page = client.get("/account/factors/app/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    wrong = client.post("/account/factors/app/", {"code": "000000"}).content.decode()
    assert "Incorrect code" in wrong
    assert key_in(wrong) == key_in(page), "a mistyped code asks for no new scan"
    _, codes = set_up_app(client)
    assert len(set(codes)) == 10
    text = text_of(client.get("/account/factors/").content.decode())
    assert "On since" in text
    assert "10 left" in text


def test_recovery_codes_are_shown_once_and_can_be_saved_as_text(as_role: Login) -> None:
    client = as_role("operator")
    key = key_in(client.get("/account/factors/app/").content.decode())
    client.post("/account/factors/app/", {"code": code_of(key)})
    response = client.get("/account/factors/codes/")
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    saved = "%0A".join(CODE.findall(page))
    assert f'download="recovery-codes.txt" href="data:text/plain;charset=utf-8,{saved}%0A"' in page
    assert not CODE.findall(client.get("/account/factors/codes/").content.decode())
    again = client.post("/account/factors/codes/new/", follow=True).content.decode()
    assert set(CODE.findall(again)).isdisjoint(CODE.findall(page))


def test_a_password_alone_logs_nobody_in_who_has_a_second_factor(with_app: WithApp) -> None:
    _, key, _ = with_app()
    client = Client()
    assert begin_login(client)["Location"] == "/login/code/"
    assert client.get("/api/jobs/").status_code == 401
    assert "Incorrect code" in enter(client, "000000").content.decode()
    assert client.get("/api/jobs/").status_code == 401
    assert enter(client, code_of(key, 1))["Location"] == "/trash/"
    assert client.get("/api/jobs/").status_code == 200


def test_another_password_ends_a_login_that_waits_for_its_code(with_app: WithApp) -> None:
    _, key, _ = with_app()
    client = Client()
    begin_login(client)
    user = User.objects.get(username="otto")
    user.set_password("another horse battery")
    user.save()
    assert enter(client, code_of(key, 1))["Location"] == "/login/"
    assert client.get("/login/code/")["Location"] == "/login/"
    assert client.get("/api/jobs/").status_code == 401


def test_the_code_that_sets_up_an_app_opens_no_login(as_role: Login) -> None:
    client = as_role("operator")
    key = key_in(client.get("/account/factors/app/").content.decode())
    code = code_of(key)
    client.post("/account/factors/app/", {"code": code})
    other = Client()
    begin_login(other)
    assert "Incorrect code" in enter(other, code).content.decode()


def test_a_code_is_accepted_once(with_app: WithApp) -> None:
    _, key, _ = with_app()
    used = code_of(key, 1)
    first, second = Client(), Client()
    begin_login(first), begin_login(second)
    assert enter(first, used).status_code == 302
    assert "Incorrect code" in enter(second, used).content.decode()


def test_a_recovery_code_logs_in_once(with_app: WithApp) -> None:
    client, _, codes = with_app()
    first, second = Client(), Client()
    begin_login(first), begin_login(second)
    assert enter(first, codes[3])["Location"] == "/trash/"
    assert "Incorrect code" in enter(second, codes[3]).content.decode()
    assert "9 left" in text_of(client.get("/account/factors/").content.decode())


def test_guessing_codes_is_limited(with_app: WithApp) -> None:
    _, key, _ = with_app()
    client = Client()
    begin_login(client)
    for _ in range(5):
        enter(client, "000000")
    assert "Too many failed login attempts" in enter(client, code_of(key, 1)).content.decode()


def test_nobody_reaches_the_second_step_without_the_first(login_mode: None) -> None:
    assert Client().get("/login/code/")["Location"] == "/login/"
    assert enter(Client(), "123456")["Location"] == "/login/"


def test_without_the_app_the_password_is_enough_again(with_app: WithApp) -> None:
    client, _, _ = with_app()
    assert (
        "Remove the authenticator app?"
        in client.get("/account/factors/app/remove/").content.decode()
    )
    client.post("/account/factors/app/remove/")
    assert not Authenticator.objects.exists(), "its recovery codes are gone too"
    assert begin_login(Client())["Location"] == "/trash/"


def test_the_database_has_no_secret_of_a_second_factor(with_app: WithApp) -> None:
    _, key, codes = with_app()
    [stored] = database_rows("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
    assert key not in stored[0]
    assert not [code for code in codes if code in stored[0]]
    encrypted = Authenticator.objects.get(type="totp").data["secret"]
    assert FactorAdapter().decrypt(encrypted) == key


def test_with_another_secret_key_a_login_says_what_to_do(
    with_app: WithApp, settings: Settings
) -> None:
    _, key, _ = with_app()
    settings.SECRET_KEY = "another" * 10
    client = Client()
    begin_login(client)
    assert "An admin of the dashboard can remove" in enter(client, code_of(key, 1)).content.decode()
    assert client.get("/api/jobs/").status_code == 401


def test_an_admin_takes_away_a_lost_second_factor(with_app: WithApp) -> None:
    with_app()
    output = StringIO()
    call_command("account", "otto", "--remove-second-factor", stdout=output)
    assert output.getvalue() == "otto has no second factor any more: 1 was removed.\n"
    assert begin_login(Client())["Location"] == "/trash/"
    output = StringIO()
    call_command("account", "otto", "--remove-second-factor", stdout=output)
    assert output.getvalue() == "otto has no second factor. Nothing was changed.\n"
    assert database_rows("SELECT name FROM audit_event WHERE kind = 'factor_removed'") == [
        ("otto",)
    ]
    with pytest.raises(CommandError, match="There is no account nobody"):
        call_command("account", "nobody", "--remove-second-factor")
    with pytest.raises(CommandError, match="Say which role"):
        call_command("account", "otto")


def test_an_account_without_the_required_factor_can_only_add_one(
    as_role: Login, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = as_role("operator")
    for path in ("/", "/jobs/1/", "/tokens/", "/account/sessions/"):
        assert client.get(path)["Location"] == "/account/factors/", path
    assert client.post("/tokens/", {"name": "CI"}).status_code == 403
    assert problem_of(client.get("/api/jobs/"), 403)["code"] == "second_factor_required"
    assert "requires a second factor" in client.get("/account/factors/").content.decode()
    set_up_app(client)
    assert client.get("/api/jobs/").status_code == 200
    assert client.get("/").status_code == 200
    call_command("account", "otto", "--remove-second-factor", stdout=StringIO())
    assert client.get("/api/jobs/").status_code == 403


def test_one_changes_only_ones_own_factors(with_app: WithApp) -> None:
    client, _, _ = with_app()
    other = User.objects.create_user("other")
    passkey = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Other"})
    assert client.post(f"/account/factors/passkeys/{passkey.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(user=other).exists()
