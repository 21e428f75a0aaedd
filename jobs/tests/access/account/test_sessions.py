"""The sessions of a user: seen on a page, and ended there."""

import re
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.access import sessions
from jobs.access import watch as watching
from jobs.access.browsers import browser_text
from jobs.access.sessions import sessions_of
from jobs.access.watch import Watch, claim_of
from jobs.operations.maintenance import maintain
from jobs.tests.access.conftest import PASSWORD, Login
from jobs.tests.factories import database_rows
from jobs.tests.pages.html import text_of
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.6 Mobile/15E148 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def browsers(login_mode: None, user: Callable[[str], User]) -> list[Client]:
    """Two in which the same user has logged in: Firefox here, and a phone."""
    user("operator")
    clients = [Client(headers={"user-agent": agent}) for agent in (FIREFOX, PHONE)]
    for number, client in enumerate(clients, 1):
        client.post(
            "/login/", {"login": "otto", "password": PASSWORD}, REMOTE_ADDR=f"192.0.2.{number}"
        )
    return clients


def page(client: Client) -> str:
    response = client.get("/account/sessions/", REMOTE_ADDR="192.0.2.1")
    assert response["Cache-Control"] == "no-store"
    return response.content.decode()


def ends(html: str) -> list[str]:
    return re.findall(r'action="(/account/sessions/[0-9]+/end/)"', html)


def status(client: Client) -> int:
    return client.get("/api/jobs/counts/").status_code


def test_the_page_lists_where_one_is_logged_in(browsers: list[Client]) -> None:
    html = page(browsers[0])
    text = text_of(html)
    assert "Firefox on Linux · this session" in text
    assert "Safari on iPhone" in text
    assert "192.0.2.2" in text
    assert len(ends(html)) == 1
    assert str(browsers[0].session.session_key) not in html


def test_an_ended_session_is_out_with_the_next_request(browsers: list[Client]) -> None:
    here, there = browsers
    [path] = ends(page(here))
    assert here.post(path)["Location"] == "/account/sessions/?ended"
    assert (status(here), status(there)) == (200, 401)
    assert "Safari" not in page(here)
    assert here.post(path).status_code == 404
    assert database_rows("SELECT name FROM audit_event WHERE kind = 'session_ended'") == [("otto",)]


def test_all_others_are_ended_at_once_also_those_that_were_not_used(
    browsers: list[Client],
) -> None:
    here, there = browsers
    third = Client()
    third.post("/login/", {"login": "otto", "password": PASSWORD})
    assert "End all others" in page(here)
    here.post("/account/sessions/end/")
    assert [status(each) for each in (here, there, third)] == [200, 401, 401]
    assert "End all others" not in page(here)


def test_nobody_sees_or_ends_the_session_of_another(
    browsers: list[Client], user: Callable[[str], User]
) -> None:
    user("admin")
    anna = Client()
    anna.post("/login/", {"login": "anna", "password": PASSWORD})
    assert not ends(page(anna))
    for path in ends(page(browsers[0])):
        assert anna.post(path).status_code == 404
    anna.post("/account/sessions/end/")
    assert [status(each) for each in browsers] == [200, 200]


def test_a_session_that_another_password_has_ended_is_not_listed(browsers: list[Client]) -> None:
    here, _ = browsers
    new = {"password1": "another long phrase", "password2": "another long phrase"}
    here.post("/account/password/", {"oldpassword": PASSWORD, **new})
    assert not ends(page(here))


def test_the_last_use_is_noted_at_most_once_a_minute(
    browsers: list[Client], django_assert_num_queries: Any
) -> None:
    here, _ = browsers
    status(here)
    with django_assert_num_queries(3):  # the session, its user, and the counts
        status(here)
    recent = database_rows("SELECT last_seen_at FROM login_session ORDER BY id")
    sessions._noted.clear()  # another process
    status(here)
    assert database_rows("SELECT last_seen_at FROM login_session ORDER BY id") == recent
    old = "UPDATE login_session SET last_seen_at = last_seen_at - interval '1 minute' RETURNING id"
    database_rows(old)
    sessions._noted.clear()
    here.get("/api/jobs/counts/", REMOTE_ADDR="198.51.100.7")
    assert database_rows("SELECT last_seen_at FROM login_session ORDER BY id")[0] >= recent[0]
    otto = User.objects.get()
    assert sessions_of(otto.pk)[0].address == "198.51.100.7"


def test_what_is_noted_goes_with_its_session(browsers: list[Client]) -> None:
    browsers[0].post("/logout/")
    assert database_rows("SELECT count(*) FROM login_session") == [(1,)]
    database_rows("UPDATE django_session SET expire_date = now() - interval '1 s' RETURNING 1")
    maintain()
    assert database_rows("SELECT count(*) FROM login_session") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_what_is_open_in_an_ended_session_ends(
    as_role: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "CHECK_SECONDS", 0.02)
    there = as_role("operator")
    ended = Event()
    Watch().add(claim_of(there.get("/api/jobs/counts/").wsgi_request), ended.set)
    here = Client()
    here.post("/login/", {"login": "otto", "password": PASSWORD})
    here.post("/account/sessions/end/")
    eventually(ended.is_set)


@pytest.mark.parametrize(
    ("user_agent", "text"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.14.1", "curl/8.14.1"),
        ("x\x00y" + "z" * 100, "xy" + "z" * 58),
        ("", ""),
    ],
)
def test_a_browser_is_named(user_agent: str, text: str) -> None:
    assert browser_text(user_agent) == text
