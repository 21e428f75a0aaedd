"""Requests over their limit, through the whole stack. The clock stands still."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs.access.tokens.changes import NewToken
from jobs.access.tokens.format import new_token
from jobs.models import Job
from jobs.tests.access.conftest import PASSWORD, Login
from jobs.tests.access.rates.conftest import Pass
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.pages.html import text_of
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db

LIST = "/api/jobs/?page_size=1"


@pytest.fixture(autouse=True)
def limits(pass_time: Pass, settings: Settings) -> None:
    """Two requests at once, and one per second; for addresses, three."""
    settings.RATE_LIMIT_PER_SECOND, settings.RATE_LIMIT_BURST = 1, 2
    settings.ADDRESS_RATE_LIMIT_PER_SECOND, settings.ADDRESS_RATE_LIMIT_BURST = 1, 3


def call(token: NewToken, method: str = "GET", path: str = LIST, **options: Any) -> Any:
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    return client.generic(method, path, content_type="application/json", **options)


def statuses(client: Client, path: str, times: int, **options: Any) -> list[int]:
    return [client.get(path, **options).status_code for _ in range(times)]


def test_a_token_over_its_limit_is_told_when_to_come_back(
    login_mode: None, pass_time: Pass
) -> None:
    token = make_token()
    first = call(token)
    assert (first.status_code, first["RateLimit"]) == (200, '"requests";r=1;t=1')
    assert first["RateLimit-Policy"] == '"requests";q=2;w=2'
    assert "Retry-After" not in first
    assert call(token)["RateLimit"] == '"requests";r=0;t=2'
    refused = call(token, "POST", "/api/jobs/", data='{"name": "Wing"}')
    problem = problem_of(refused, 429)
    assert (problem["code"], refused["Retry-After"]) == ("rate_limited", "1")
    assert refused["RateLimit"] == '"requests";r=0;t=1'
    assert "2 at once and 1 per second are allowed" in problem["detail"]
    assert not Job.objects.exists()
    pass_time(1)
    assert call(token, "POST", "/api/jobs/", data='{"name": "Wing"}').status_code == 201


def test_one_token_does_not_slow_down_another_one(login_mode: None) -> None:
    user = make_user()
    greedy, other = make_token(user), make_token(user)
    assert [call(greedy).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert call(other).status_code == 200


def test_a_user_is_limited_in_all_browsers_together(as_role: Login) -> None:
    first = as_role("operator")
    second = Client()
    second.force_login(User.objects.get(), "jobs.access.backend.RoleBackend")
    assert statuses(first, LIST, 1) + statuses(second, LIST, 2) == [200, 200, 429]
    assert statuses(as_role("viewer"), LIST, 1) == [200]


def test_a_browser_gets_a_page_and_a_script_a_text(as_role: Login) -> None:
    client = as_role("operator")
    statuses(client, "/trash/", 2)
    page = client.get("/trash/")
    assert (page.status_code, page["Retry-After"]) == (429, "1")
    assert "You have sent too many requests" in text_of(page.content.decode())
    assert "Try again in 1 second." in text_of(page.content.decode())
    assert b"<h1>" in client.get("/", headers={"HX-Request": "true"}).content
    script = client.get("/live/?ids=1", headers={"Sec-Fetch-Dest": "empty"})
    assert (script.status_code, script["Content-Type"]) == (429, "text/plain")


def test_nobody_known_is_limited_by_address(as_role: Login) -> None:
    client = as_role()
    assert statuses(client, LIST, 4) == [401, 401, 401, 429]
    assert statuses(client, "/", 1) == [429]
    assert statuses(client, "/nothing/", 1) == [429]
    assert statuses(client, "/login/", 1) == [429]
    assert statuses(client, "/login/", 1, REMOTE_ADDR="192.0.2.7") == [200]
    assert call(make_token()).status_code == 200, "a token counts for itself"


def test_attempts_to_log_in_are_limited_before_a_password_is_checked(
    as_role: Login, user: Callable[[str], User]
) -> None:
    user("operator")
    client, form = as_role(), {"login": "otto", "password": PASSWORD}
    statuses(client, "/login/", 3)
    assert client.post("/login/", form).status_code == 429
    assert "sessionid" not in client.cookies


def test_tokens_that_are_refused_count_for_the_address(login_mode: None) -> None:
    answers = [
        Client().get(LIST, headers={"Authorization": f"Bearer {new_token().text}"})
        for _ in range(4)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


def test_a_forged_or_a_near_address_evades_no_limit_of_requests(as_role: Login) -> None:
    client = as_role()
    for number in range(3):
        client.get(LIST, headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert statuses(client, LIST, 1, headers={"X-Forwarded-For": "10.0.0.9"}) == [429]
    near = [client.get(LIST, REMOTE_ADDR=f"2001:db8:1:2::{n:x}").status_code for n in range(4)]
    assert near == [401, 401, 401, 429]
    assert client.get(LIST, REMOTE_ADDR="2001:db8:1:3::1").status_code == 401


def test_the_health_check_is_not_limited(as_role: Login) -> None:
    assert statuses(as_role(), "/api/health/", 5) == [200] * 5


def test_open_mode_is_limited_only_if_it_is_asked_to_be(client: Client, settings: Settings) -> None:
    assert statuses(client, LIST, 3) == [200, 200, 429]
    assert statuses(client, LIST, 1, REMOTE_ADDR="192.0.2.7") == [200]
    settings.RATE_LIMIT_PER_SECOND = 0
    assert statuses(Client(), LIST, 5) == [200] * 5


def test_no_limit_is_none(as_role: Login, settings: Settings) -> None:
    settings.RATE_LIMIT_PER_SECOND = settings.ADDRESS_RATE_LIMIT_PER_SECOND = 0
    assert statuses(as_role("viewer"), LIST, 5) == [200] * 5
    assert statuses(as_role(), LIST, 5) == [401] * 5
    assert "RateLimit" not in call(make_token())
