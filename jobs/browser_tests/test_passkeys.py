"""Passkeys, by an authenticator that the browser simulates: added, used to log in and to confirm, and given up."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from jobs.browser_tests.logins import Accounts, submit


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], login_url: str) -> dict[str, Any]:
    """Browsers offer passkeys at this name without HTTPS."""
    return {**browser_context_args, "base_url": login_url.replace("127.0.0.1", "localhost")}


@dataclass
class Authenticator:
    """Of this machine, with a fingerprint that it recognizes or not."""

    devtools: CDPSession
    number: str

    @classmethod
    def of(cls, page: Page) -> "Authenticator":
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(devtools, made["authenticatorId"])

    def recognize(self, is_user: bool) -> None:
        sent = {"authenticatorId": self.number, "isUserVerified": is_user}
        self.devtools.send("WebAuthn.setUserVerified", sent)

    @property
    def passkeys(self) -> list[Any]:
        sent = {"authenticatorId": self.number}
        found: list[Any] = self.devtools.send("WebAuthn.getCredentials", sent)["credentials"]
        return found


@pytest.fixture
def authenticator(page: Page) -> Authenticator:
    return Authenticator.of(page)


def test_a_passkey_is_added_logs_in_and_is_refused(
    page: Page,
    accounts: Accounts,
    authenticator: Authenticator,
) -> None:
    page.goto("/account/factors/passkeys/add/")
    submit(page, accounts["keyholder"])
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()

    authenticator.recognize(False)
    page.get_by_label("Name").fill("Laptop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "No passkey was used. Try again, or another way."
    )
    authenticator.recognize(True)
    page.get_by_label("Name").press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert len(authenticator.passkeys) == 1
    page.goto("/account/factors/passkeys/add/")
    page.get_by_label("Name").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This passkey is added already.")

    page.goto("/logout/")
    page.get_by_role("button", name="Log out").press("Enter")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.goto("/login/?next=/account/factors/")
    authenticator.recognize(False)
    by_passkey = page.get_by_role("button", name="Log in with a passkey")
    by_passkey.press("Enter")
    expect(page.get_by_role("alert").last).to_have_text(
        "No passkey was used. Try again, or another way."
    )
    authenticator.recognize(True)
    by_passkey.press("Enter")
    expect(page.get_by_role("heading", name="Second factors")).to_be_visible()
    expect(page.get_by_role("link", name="Remove Laptop")).to_be_visible()

    page.goto("/account/confirm/passkey/?next=/account/sessions/")
    page.get_by_role("button", name="passkey").press("Enter")
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
