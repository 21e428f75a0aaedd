"""A call that reads its body itself takes part in safe retries, without the body in memory."""

import json
from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.idempotency import idempotent_stream
from jobs.api.views import JsonView
from jobs.models import Job
from jobs.tests.problems import problem_of
from jobs.tests.test_safe_retries import kept, new_key, same

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]


class FirstBytes(JsonView):
    """Makes a job of the first bytes, and leaves the others unread."""

    schema = None

    @idempotent_stream
    def post(self, request: Request) -> Response:
        job = Job.objects.create_pending(request.stream.read(4).decode())
        return Response({"id": job.id}, 507 if job.name == "full" else 200)


class Lines(JsonView):
    schema = None

    @idempotent_stream
    def post(self, request: Request) -> Response:
        return Response([line.decode() for line in request.stream or ()])


def send(view: type[JsonView], body: bytes, key: str) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    request = RequestFactory().generic("POST", "/x/", body, "text/csv", headers=headers)
    answer = view.as_view()(request)
    return answer.render() if isinstance(answer, Response) else answer


def test_the_whole_stream_tells_one_request_from_another() -> None:
    key = new_key()
    first, again = (send(FirstBytes, b"Wing" + b"x" * 200_000, key) for _ in range(2))
    assert (first.status_code, json.loads(first.content)) == (200, {"id": Job.objects.get().pk})
    assert same(first, again)
    problem_of(send(FirstBytes, b"Wing" + b"x" * 199_999 + b"y", key), 422)
    problem_of(send(FirstBytes, b"", key), 422)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("body", [b"", b"a\nb\n\nc", b"a\n" * 3_000])
def test_a_stream_is_read_alike_with_a_key_and_without(body: bytes) -> None:
    key = new_key()
    plain, first, again = send(Lines, body, ""), send(Lines, body, key), send(Lines, body, key)
    assert plain.content == first.content
    assert json.loads(plain.content) == body.decode().splitlines(keepends=True)
    assert same(first, again)


def test_what_answers_with_a_failure_has_done_nothing() -> None:
    assert send(FirstBytes, b"full", new_key()).status_code == 507
    assert not Job.objects.exists()
    assert kept() == 0
