"""Passkeys: adding one, logging in with it alone or as the second factor, and those that are refused."""

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs.tests.access.account.authenticator import Passkey
from jobs.tests.access.account.test_factors import begin_login
from jobs.tests.access.conftest import Login
from jobs.tests.pages.html import text_of

pytestmark = pytest.mark.django_db

ADD = "/account/factors/passkeys/add/"


def options_in(page: str) -> dict[str, Any]:
    found = re.search(r'data-passkey="(\{.*?)"', page)
    assert found
    options: dict[str, Any] = json.loads(unescape(found[1]))
    return options


def add(client: Client, passkey: Passkey, name: str = "Laptop") -> Any:
    options = options_in(client.get(ADD).content.decode())
    return client.post(ADD, {"name": name, "credential": passkey.made(options)})


def log_in(passkey: Passkey, client: Client | None = None) -> tuple[Client, str]:
    """The browser, and where it is led."""
    client = client or Client()
    options = client.get("/login/passkey/").json()["request_options"]
    sent = {"credential": passkey.used(options), "next": "/trash/"}
    return client, client.post("/login/passkey/", sent)["Location"]


def test_a_passkey_is_added_and_gives_recovery_codes(as_role: Login) -> None:
    client = as_role("operator")
    options = options_in(client.get(ADD).content.decode())["publicKey"]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["user"]["name"] == "otto"
    assert add(client, Passkey())["Location"] == "/account/factors/codes/"
    page = client.get("/account/factors/").content.decode()
    assert ">Laptop</bdi>" in page
    assert "10 left" in text_of(page)
    [passkey] = Authenticator.objects.filter(type="webauthn")
    client.post(f"/account/factors/passkeys/{passkey.pk}/remove/")
    assert not Authenticator.objects.exists()


def test_a_passkey_logs_in_without_the_password(as_role: Login) -> None:
    passkey = Passkey()
    add(as_role("operator"), passkey)
    client, led = log_in(passkey)
    assert led == "/trash/"
    assert "otto" in text_of(client.get("/").content.decode())
    assert client.get("/account/factors/app/").status_code == 200, "it is a recent login"


def test_a_passkey_is_the_second_factor_after_the_password(as_role: Login) -> None:
    passkey = Passkey()
    add(as_role("operator"), passkey)
    client = Client()
    assert begin_login(client)["Location"] == "/login/code/"
    options = options_in(client.get("/login/code/").content.decode())
    answer = client.post("/login/code/", {"credential": passkey.used(options)})
    assert answer["Location"] == "/trash/"


def test_a_passkey_confirms_that_it_is_the_user(as_role: Login) -> None:
    client, passkey = as_role("operator"), Passkey()
    add(client, passkey)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3_600
    session.save()
    path = "/account/confirm/passkey/?next=/account/factors/app/"
    options = options_in(client.get(path).content.decode())
    refused = client.post(path, {"credential": replace(passkey, id=b"another").used(options)})
    assert refused["Location"].startswith("/account/confirm/?next=")
    assert "was not accepted" in client.get(refused["Location"]).content.decode()
    assert client.get("/account/factors/app/").status_code == 302
    options = options_in(client.get(path).content.decode())
    assert client.post(path, {"credential": passkey.used(options)})["Location"].endswith("/app/")
    assert client.get("/account/factors/app/").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"site": "evil.example"},
        {"is_unlocked": False},
        {"id": b"unknown"},
        {"key": Passkey().key},
        {"user_handle": ""},
    ],
)
def test_a_passkey_is_refused_that_does_not_fit(as_role: Login, change: dict[str, Any]) -> None:
    passkey = Passkey()
    add(as_role("operator"), passkey)
    client, led = log_in(replace(passkey, **change))
    assert led == "/login/?passkey=refused&next=%2Ftrash%2F"
    assert "was not accepted" in client.get(led).content.decode()
    assert client.get("/api/jobs/").status_code == 401


def test_a_passkey_of_another_origin_is_refused_over_https(
    as_role: Login, settings: Settings
) -> None:
    passkey = Passkey()
    add(as_role("operator"), passkey)
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    assert log_in(replace(passkey, origin="https://testserver"))[1] == "/trash/"
    for origin in ("http://testserver", "https://evil.example", "https://testserver.evil.example"):
        assert "refused" in log_in(replace(passkey, origin=origin))[1], origin


def test_what_was_sent_once_is_refused_afterwards(as_role: Login) -> None:
    passkey, client = Passkey(), Client()
    add(as_role("operator"), passkey)
    options = client.get("/login/passkey/").json()["request_options"]
    sent = {"credential": passkey.used(options)}
    assert client.post("/login/passkey/", sent)["Location"] == "/"
    client.post("/logout/")
    assert "refused" in client.post("/login/passkey/", sent)["Location"]


def test_a_key_that_does_not_verify_its_user_is_not_added(as_role: Login) -> None:
    client = as_role("operator")
    refused = add(client, Passkey(is_unlocked=False)).content.decode()
    assert "The passkey was not accepted" in refused
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", "nonsense", '{"response": []}'])
def test_nonsense_is_refused(as_role: Login, credential: str) -> None:
    client = as_role("operator")
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, {"credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()
    assert "refused" in Client().post("/login/passkey/", {"credential": credential})["Location"]


def test_the_passkey_of_a_deactivated_account_opens_nothing(as_role: Login) -> None:
    passkey = Passkey()
    add(as_role("operator"), passkey)
    User.objects.update(is_active=False)
    client, led = log_in(passkey)
    assert led == "/login/inactive/"
    assert client.get("/api/jobs/").status_code == 401


def test_a_challenge_for_nobody_lasts_as_long_as_one_needs_for_it(
    as_role: Login, settings: Settings
) -> None:
    client = as_role()
    client.get("/login/passkey/")
    assert client.session.get_expiry_age() == 600
    passkey = Passkey()
    add(as_role("operator"), passkey)
    client, _ = log_in(passkey)
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_nested_nonsense_is_no_passkey(as_role: Login) -> None:
    client = as_role()
    client.get("/login/passkey/")
    known = as_role("operator")
    for browser, path in ((client, "/login/passkey/"), (known, ADD)):
        assert browser.post(path, {"credential": "[" * 5_000}).status_code == 400
