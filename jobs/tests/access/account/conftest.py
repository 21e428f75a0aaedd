"""What an authenticator app does, for tests that have its key."""

import re
from collections.abc import Callable
from time import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from jobs.tests.access.conftest import Login

KEY = re.compile(r'<code class="secret" translate="no">([A-Z2-7]{32})</code>')
CODE = re.compile(r"<li><code>([0-9]{8})</code></li>")


def code_of(key: str, steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds later."""
    code: str = format_hotp_value(hotp_value(key, int(time()) // 30 + steps))
    return code


def key_in(page: str) -> str:
    found = KEY.search(page)
    assert found
    return found[1]


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """The key of the app, and the recovery codes that are shown then."""
    key = key_in(client.get("/account/factors/app/").content.decode())
    shown = client.post("/account/factors/app/", {"code": code_of(key)}, follow=True)
    return key, CODE.findall(shown.content.decode())


@pytest.fixture
def with_app(as_role: Login) -> Callable[[], tuple[Client, str, list[str]]]:
    """An operator with an authenticator app, logged in, its key and the recovery codes."""

    def make() -> tuple[Client, str, list[str]]:
        client = as_role("operator")
        return client, *set_up_app(client)

    return make
