"""Odd requests as gunicorn hands them on: what no test client can send."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.tests.served import Server, problem_in, served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path, SECRET_KEY="x") as server:  # noqa: S106
        yield server
    written = server.log.read_text()
    assert "[ERROR]" not in written, written


def test_a_content_type_that_cannot_be_read_is_a_bad_request(server: Server) -> None:
    headers = "Content-Type: text/plain; charset*=foo''%41\nContent-Length: 2"
    answer = server.ask(f"POST /api/jobs/ HTTP/1.1\n{headers}", b"{}")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert problem_in(answer)["code"] == "bad_request"
