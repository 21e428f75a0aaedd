"""What is set of a provider of logins is complete, or nothing starts."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from jobs.sso.configuration import is_trusted_endpoint, is_trusted_url
from project.single_sign_on import single_sign_on

COMPLETE = {
    "OIDC_ISSUER": "https://sso.example.com/realms/acme",
    "OIDC_CLIENT_ID": "dashboard",
    "OIDC_CLIENT_SECRET": "a secret",
    "OIDC_ROLES": "admin:chiefs, operator:crew,operator:night crew,viewer:*",
}


@pytest.fixture(autouse=True)
def complete(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)


def test_what_is_set_is_read() -> None:
    found = single_sign_on("login")
    assert found
    assert found.scopes == ("openid", "profile")
    assert found.roles == {"admin": {"chiefs"}, "operator": {"crew", "night crew"}, "viewer": {"*"}}
    assert "a secret" not in repr(found)


def test_nothing_is_set_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COMPLETE:
        monkeypatch.delenv(name)
    assert single_sign_on("login") is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("OIDC_ISSUER", "", "OIDC_CLIENT_ID requires OIDC_ISSUER"),
        ("OIDC_ISSUER", "http://sso.example.com", "OIDC_ISSUER must be"),
        ("OIDC_ISSUER", "https://user@sso.example.com", "OIDC_ISSUER must be"),
        ("OIDC_ISSUER", "https://sso.example.com/?realm=1", "OIDC_ISSUER must be"),
        ("OIDC_ISSUER", "https://sso.example.com/my realm", "OIDC_ISSUER must be"),
        ("OIDC_CLIENT_ID", "", "OIDC_CLIENT_ID is missing"),
        ("OIDC_ROLES", "", "OIDC_ROLES is missing"),
        ("OIDC_ROLES", "chief:crew", "OIDC_ROLES has 'chief:crew'"),
        ("OIDC_ROLES", "admin", "OIDC_ROLES has 'admin'"),
        ("OIDC_ROLES", "admin:", "OIDC_ROLES has 'admin:'"),
        ("OIDC_SESSION_HOURS", "0", "OIDC_SESSION_HOURS must be"),
    ],
)
def test_what_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=message) as raised:
        single_sign_on("login")
    assert "a secret" not in str(raised.value)


@pytest.mark.parametrize("name", ["OIDC_ONLY", "OIDC_IS_SECOND_FACTOR"])
def test_what_is_about_a_provider_requires_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in COMPLETE:
        monkeypatch.delenv(each)
    monkeypatch.setenv(name, "no")
    assert single_sign_on("login") is None
    monkeypatch.setenv(name, "yes")
    with pytest.raises(ImproperlyConfigured, match=f"{name} requires OIDC_ISSUER"):
        single_sign_on("login")


def test_a_provider_requires_logins() -> None:
    with pytest.raises(ImproperlyConfigured, match="requires ACCESS=login"):
        single_sign_on("open")


@pytest.mark.parametrize(
    ("url", "is_trusted"),
    [
        ("https://sso.example.com", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost:9000/realm", True),
        ("http://sso.example.com", False),
        ("http://localhost.example.com", False),
        ("https://", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
        ("https://sso.example.com:99999", False),
        ("https://sso.example.com/a\nb", False),
        ("", False),
    ],
)
def test_only_what_nobody_can_change_on_the_way_is_trusted(url: str, is_trusted: bool) -> None:
    assert is_trusted_url(url) is is_trusted


@pytest.mark.parametrize(
    ("url", "issuer", "is_trusted"),
    [
        ("https://keys.example.com", "https://sso.example.com", True),
        ("http://127.0.0.1:9000/keys", "http://127.0.0.1:9000", True),
        ("http://127.0.0.1:5432/", "https://sso.example.com", False),
        ("http://keys.example.com", "http://127.0.0.1:9000", False),
    ],
)
def test_a_provider_elsewhere_leads_to_no_service_of_this_machine(
    url: str, issuer: str, is_trusted: bool
) -> None:
    assert is_trusted_endpoint(url, issuer) is is_trusted


def test_no_library_for_it_is_imported_before_a_login() -> None:
    code = (
        "import django, sys; django.setup(); import project.login_urls; print('jwt' in sys.modules)"
    )
    names = {"ACCESS": "login", "DJANGO_SETTINGS_MODULE": "project.settings"}
    names |= dict.fromkeys(COMPLETE, "")
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=os.environ | names,
        text=True,
    )
    assert found.stdout == "False\n"
