"""Streams, exports and imports of a served dashboard end when their token is revoked. Others go on."""

from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings

from jobs.access.principal import Scope
from jobs.access.tokens.changes import NewToken, revoke_token
from jobs.models import Job
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.factories import database_rows, fill, make_job
from jobs.tests.feed.event_server import EventServer, event, message
from jobs.tests.served import Server, problem_in, read_all, read_head, served, was_reset
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def plain_server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    options = {"ACCESS": "login", "SECRET_KEY": settings.SECRET_KEY}
    with served(tmp_path, "jobs.tests.access.quick_conf", **options) as server:
        yield server
    written = server.log.read_text()
    assert "Traceback" not in written, written


@pytest.fixture
def server(plain_server: Server) -> Iterator[EventServer]:
    client = EventServer(plain_server)
    yield client
    client.close()


def bearer(token: NewToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.text}"}


def stream(server: EventServer, token: NewToken) -> HTTPResponse:
    answer = server.ask("/api/events/", STREAM | bearer(token))
    assert answer.status == 200, answer.read()
    message(answer)
    return answer


def test_a_stream_ends_when_its_token_is_revoked(server: EventServer) -> None:
    user = make_user()
    token, other = make_token(user), make_token(user, scope=Scope.READ)
    ending, going_on = stream(server, token), stream(server, other)
    make_job("Wing")
    assert event(ending)["name"] == event(going_on)["name"] == "Wing"
    revoke_token(token.id)
    while message(ending):
        pass  # heartbeats; then the end of the stream
    make_job("Flap")
    assert event(going_on)["name"] == "Flap"
    assert server.ask("/api/events/", STREAM | bearer(token)).status == 401


def test_an_export_is_cut_off_when_its_token_is_revoked(plain_server: Server) -> None:
    fill(30_000, name="x" * 255)  # more than the buffers on the way to a client that reads slowly
    token = make_token()
    head = f"GET /api/jobs/export/ HTTP/1.1\nAuthorization: Bearer {token.text}"
    with plain_server.send(head) as client:
        read_head(client)
        revoke_token(token.id)
        eventually(lambda: was_reset(client) or not client.recv(1 << 10))
        assert was_reset(client)


def test_an_import_whose_token_is_revoked_creates_nothing(plain_server: Server) -> None:
    token, line = make_token(), b'{"name": "Wing"}\n'
    head = (
        "POST /api/jobs/import/ HTTP/1.1\nContent-Type: application/x-ndjson\nConnection: close\n"
        f"Content-Length: {2 * len(line)}\nAuthorization: Bearer {token.text}"
    )
    with plain_server.send(head, line) as client:
        uses = f"SELECT id FROM api_token WHERE id = {token.id} AND last_used_at IS NOT NULL"
        eventually(lambda: database_rows(uses))  # by now, the request has passed the guard
        revoke_token(token.id)
        client.sendall(line)
        answer = read_all(client)
    assert problem_in(answer)["code"] == "revoked_token"
    assert not Job.objects.exists()
