"""The JSON door's change feed: what comes in, what the schema says of it, and the call.

Whoever waits, a stream or a question without an answer yet, leaves the thread that took the request (jobs.api.hub).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from socket import socket
from typing import Final, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from jobs.api.clients import Client, Poll, Stream, cursor_gone, event_stream, heartbeat, ndjson
from jobs.api.errors import too_many_listeners
from jobs.api.event_schema import LONGEST_WAIT, list_events
from jobs.api.handover import HandedOver, connection_of
from jobs.api.hub import ASK_SECONDS, hub
from jobs.api.negotiation import ByWeight
from jobs.api.pagination import refuse_unknown_parameters
from jobs.api.views import JsonView
from jobs.feed import MOST_EVENTS, NOW, Events, FeedGone, InvalidPlace, beginning, read_events
from jobs.paging import InvalidFilter, Mistake

DEFAULT_LIMIT: Final = 100
PARAMETERS: Final = ("after", "wait", "limit")
Answer = TypeVar("Answer")
NUMBER: Final = re.compile(r"\d{1,4}", re.ASCII)


class LinesRenderer(BaseRenderer):
    media_type = "application/x-ndjson"
    format = "ndjson"
    content_type = f"{media_type}; charset=utf-8"


class EventStreamRenderer(BaseRenderer):
    media_type = "text/event-stream"
    format = "event-stream"
    content_type = f"{media_type}; charset=utf-8"


@dataclass(frozen=True)
class Question:
    """Always valid, but for the cursor, of which only the feed knows."""

    after: str = NOW
    wait: int = 0
    limit: int = DEFAULT_LIMIT

    @classmethod
    def parse(cls, query: QueryDict) -> Question:
        """Raises InvalidFilter."""
        mistakes = [
            *_range_mistakes(query, "wait", 0, LONGEST_WAIT),
            *_range_mistakes(query, "limit", 1, MOST_EVENTS),
        ]
        if mistakes:
            raise InvalidFilter(mistakes)
        return cls(
            query.get("after", NOW),
            int(query.get("wait", 0)),
            int(query.get("limit", DEFAULT_LIMIT)),
        )

    def answer(self) -> Events:
        """What there is by now. Raises InvalidFilter, and FeedGone."""
        return _checked("after", lambda: read_events(self.after, self.limit))


class EventsView(JsonView):
    content_negotiation_class = ByWeight  # two formats
    query_parameters = {"GET": PARAMETERS}
    renderer_classes = [LinesRenderer, EventStreamRenderer]

    @list_events
    def get(self, request: Request) -> HttpResponseBase:
        if request.accepted_renderer.format == EventStreamRenderer.format:
            refuse_unknown_parameters(request, ("after",))
            return stream(request)
        return lines(request, Question.parse(request.query_params))


def lines(request: Request, question: Question) -> HttpResponseBase:
    """At once where there is something to say, or nobody waits."""
    found = question.answer()
    if found.events or not question.wait or request.method == "HEAD":
        return _lines(found)

    def waiting(connection: socket, head: bytes) -> Client:
        speaks_1_1 = request.META.get("SERVER_PROTOCOL") == "HTTP/1.1"
        return Poll(connection, found.cursor, head, question.wait, question.limit, speaks_1_1)

    answer = _handed_over(request, LinesRenderer.content_type, waiting)
    return answer or _lines(_waited_for(found, question))


def stream(request: Request) -> HttpResponseBase:
    """From Last-Event-ID, which a browser sends when it comes again to the same address; else from `after`."""
    last = request.META.get("HTTP_LAST_EVENT_ID")
    field, after = (
        ("Last-Event-ID", last) if last else ("after", request.query_params.get("after", NOW))
    )
    try:
        begin = _checked(field, lambda: beginning(after))
        notice = b""
    except FeedGone as error:
        if request.method == "HEAD" or not last:
            raise
        # A browser's EventSource sees no status, and would not come again after one that is not 200.
        begin, notice = error.cursor, cursor_gone(error.cursor)

    def listening(connection: socket, head: bytes) -> Client:
        return Stream(connection, begin, head, notice)

    content_type = EventStreamRenderer.content_type
    if request.method == "HEAD":  # of an answer without a length
        return StreamingHttpResponse((), content_type=content_type, headers=_headers())
    answer = _handed_over(request, content_type, listening)
    if answer:
        return answer
    # A server that keeps its connections: the client hears what there is, and comes again (`retry`).
    found = read_events(begin, MOST_EVENTS)
    text = notice + event_stream(found.events) + heartbeat(found.cursor)
    return HttpResponse(text, content_type, headers=_headers())


def _handed_over(
    request: Request, content_type: str, client: Callable[[socket, bytes], Client]
) -> HttpResponseBase | None:
    """None where the server's connection cannot be taken."""
    http: HttpRequest = request._request
    lent = connection_of(http)
    if lent is None:
        return None
    if not hub.reserve():
        return too_many_listeners()
    return HandedOver(
        lent,
        lambda connection, head: hub.take(client(connection, head)),
        hub.release,
        content_type=content_type,
        headers=_headers(),
    )


def _lines(found: Events) -> HttpResponse:
    headers = _headers() | {
        "Feed-Cursor": found.cursor,
        "Feed-Behind": f"{found.behind:.1f}",
    }
    return HttpResponse(ndjson(found.events), LinesRenderer.content_type, headers=headers)


def _headers() -> dict[str, str]:
    # The last is for nginx, which would gather a stream before it passes it on.
    return {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _waited_for(found: Events, question: Question) -> Events:
    """In this thread, for servers that keep their connections."""
    end = time.monotonic() + question.wait
    while not found.events and time.monotonic() < end:
        time.sleep(ASK_SECONDS)
        found = read_events(found.cursor, question.limit)
    return found


def _checked(field: str, read: Callable[[], Answer]) -> Answer:
    try:
        return read()
    except InvalidPlace as error:
        detail = f'{error} Or "start" or "now".'
        raise InvalidFilter([Mistake(field, "invalid_cursor", detail)]) from error


def _range_mistakes(query: QueryDict, name: str, least: int, most: int) -> Iterator[Mistake]:
    text = query.get(name, str(least))
    if not NUMBER.fullmatch(text) or not least <= int(text) <= most:
        yield Mistake(name, "out_of_range", f"{name} is a whole number from {least} to {most}.")
