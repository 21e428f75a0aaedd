"""A greedy client of a served dashboard: logins stop no changes, and streams of one user leave room for others."""

from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings

from jobs.access.tokens.changes import NewToken
from jobs.models import Job
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.api.requests import send_part
from jobs.tests.blocking import locked
from jobs.tests.feed.event_server import STREAM, EventServer, message
from jobs.tests.served import Server, served
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4
SECRET = "x" * 32  # as the browser's own, in cookie and form
FORM = f"login=otto&password=wrong&csrfmiddlewaretoken={SECRET}"
LOGIN = (
    "POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    f"Cookie: csrftoken={SECRET}\r\nContent-Length: {len(FORM)}\r\n\r\n{FORM}"
)


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    options = {
        "ACCESS": "login",
        "SECRET_KEY": settings.SECRET_KEY,
        "QUERY_BUDGET_MS": "3600000",
        "FEED_CLIENTS_PER_USER": "2",
    }
    with served(tmp_path, **options) as server:
        yield server


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def stream(server: EventServer, token: NewToken) -> HTTPResponse:
    return server.ask("/api/events/", STREAM | {"Authorization": f"Bearer {token.text}"})


def test_logins_that_take_long_do_not_block_changes(server: Server, stack: ExitStack) -> None:
    """They wait for the table in which failed attempts are counted."""
    token = make_token()
    head = (
        "POST /api/jobs/ HTTP/1.1\nContent-Type: application/json\n"
        f"Content-Length: 16\nAuthorization: Bearer {token.text}"
    )
    with locked("login_limit", "ACCESS EXCLUSIVE"):
        for _ in range(10 * THREADS):
            send_part(server, stack, LOGIN.encode())
        assert b" 201 Created" in server.ask(head, b'{"name": "Wing"}')
        assert b" 401 " in server.get("/api/jobs/")
    assert Job.objects.count() == 1


def test_streams_of_a_user_at_its_limit_are_refused_while_others_go_on(server: Server) -> None:
    user = make_user()
    first, second = make_token(user), make_token(user)
    client = EventServer(server)
    held = [stream(client, token) for token in (first, second)]
    assert [message(answer)[0] for answer in held] == ["retry: 2000"] * 2
    refused = stream(client, first)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "5")
    assert b'"concurrency_limited"' in refused.read()
    assert stream(client, make_token(make_user("other"))).status == 200
    client.close()
    eventually(lambda: stream(client, second).status == 200)
    client.close()
