"""The way to django-allauth's own provider and back: another process, over HTTP."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs.sso.configuration import SingleSignOn
from jobs.tests.access.sso.idp import CLIENT, PASSWORD, SECRET

CALLBACK = "http://testserver/login/sso/callback/"
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "jobs.tests.access.sso.idp", CALLBACK],
        env=os.environ | {"IDP_FOLDER": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


class Visitor:
    """A browser at the provider, which stops where it is sent back."""

    class _Stop(HTTPRedirectHandler):
        def redirect_request(self, request: Request, *args: Any) -> Request | None:
            url: str = args[-1]
            return None if url.startswith(CALLBACK) else super().redirect_request(request, *args)

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(), self._Stop)

    def open(self, url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Where it ends, and the page there."""
        body = urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(url, body) as response:
                return response.url, response.read().decode()
        except HTTPError as error:
            with error:
                return error.headers["Location"], ""

    def log_in(self, url: str) -> str:
        place, page = self.open(url)
        form = {"login": "olga", "password": PASSWORD}
        if found := CSRF.search(page):
            form["csrfmiddlewaretoken"] = found[1]
        hidden = dict(re.findall(r'<input type="hidden" name="(next)" value="([^"]*)"', page))
        action = re.search(r'<form[^>]*action="([^"]*)"', page)
        target = urljoin(place, action[1]) if action and action[1] else place
        return self.open(
            target, form | {name: text.replace("&amp;", "&") for name, text in hidden.items()}
        )[0]


def test_logs_in_at_a_real_provider(issuer: str, settings: Settings, login_mode: None) -> None:
    settings.SINGLE_SIGN_ON = SingleSignOn(
        issuer=issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        name="Acme",
        scopes=("openid", "profile"),
        roles_claim="groups",
        roles={"admin": frozenset(), "operator": frozenset({"*"}), "viewer": frozenset()},
        hours=12,
        is_only_way=True,
        counts_as_second_factor=False,
    )
    browser = Client()
    place = Visitor().log_in(browser.get("/login/sso/?next=/trash/")["Location"])
    assert place.startswith(CALLBACK)
    response = browser.get(place)
    assert (response.status_code, response["Location"]) == (302, "/trash/")
    assert browser.get("/operations/new/").status_code == 200
    assert User.objects.get().username == "olga"
