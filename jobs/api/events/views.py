"""The API's change feed: parameters, formats and the view.

Streams, and long polls that have to wait, do not hold the thread that took the request: jobs.api.events.hub serves
them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from socket import socket
from typing import Final, TypeVar

from django.conf import settings
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from jobs.access.principal import principal_of
from jobs.access.shares import Shares
from jobs.access.watch import claim_of
from jobs.api.events.clients import (
    Client,
    LongPoll,
    Stream,
    cursor_gone,
    event_stream,
    heartbeat,
    ndjson,
)
from jobs.api.events.hub import POLL_SECONDS, hub
from jobs.api.events.schema import DEFAULT_LIMIT, list_events
from jobs.api.http.base import JsonView
from jobs.api.http.hijack import HijackedResponse, connection_of
from jobs.api.http.negotiation import QualityNegotiation
from jobs.api.http.parameters import reject_unknown_parameters
from jobs.api.problems.handler import listeners_limited, too_many_listeners
from jobs.feed import (
    MAX_EVENTS,
    MAX_WAIT_SECONDS,
    CursorExpired,
    Events,
    read_events,
    resolve_cursor,
)
from jobs.feed_cursor import NOW, START, MalformedCursor
from jobs.mistakes import FieldError, InvalidQuery

PARAMETERS: Final = ("after", "wait", "limit")
T = TypeVar("T")
NUMBER: Final = re.compile(r"\d{1,4}", re.ASCII)
_shares: Final = Shares()


class LinesRenderer(BaseRenderer):
    media_type = "application/x-ndjson"
    format = "ndjson"
    content_type = f"{media_type}; charset=utf-8"


class EventStreamRenderer(BaseRenderer):
    media_type = "text/event-stream"
    format = "event-stream"
    content_type = f"{media_type}; charset=utf-8"


@dataclass(frozen=True)
class EventsQuery:
    """Validated parameters, except for the cursor, which only the feed can check."""

    after: str = NOW
    wait: int = 0
    limit: int = DEFAULT_LIMIT

    @classmethod
    def parse(cls, query: QueryDict) -> EventsQuery:
        """Raises InvalidQuery."""
        errors = [
            *_range_errors(query, "wait", 0, MAX_WAIT_SECONDS),
            *_range_errors(query, "limit", 1, MAX_EVENTS),
        ]
        if errors:
            raise InvalidQuery(errors)
        return cls(
            query.get("after", NOW),
            int(query.get("wait", 0)),
            int(query.get("limit", DEFAULT_LIMIT)),
        )

    def read(self) -> Events:
        """The events that there are now. Raises InvalidQuery and CursorExpired."""
        return _as_field_error("after", lambda: read_events(self.after, self.limit))


class EventsView(JsonView):
    content_negotiation_class = QualityNegotiation  # two formats
    query_parameters = {"GET": PARAMETERS}
    renderer_classes = [LinesRenderer, EventStreamRenderer]

    @list_events
    def get(self, request: Request) -> HttpResponseBase:
        if request.accepted_renderer.format == EventStreamRenderer.format:
            reject_unknown_parameters(request, ("after",))
            return stream(request)
        return lines(request, EventsQuery.parse(request.query_params))


def lines(request: Request, query: EventsQuery) -> HttpResponseBase:
    """Responds at once if there are events or the client does not wait."""
    found = query.read()
    if found.events or not query.wait or request.method == "HEAD":
        return _lines(found)

    def long_poll(connection: socket, head: bytes) -> Client:
        is_http_1_1 = request.META.get("SERVER_PROTOCOL") == "HTTP/1.1"
        return LongPoll(connection, found.cursor, head, query.wait, query.limit, is_http_1_1)

    response = _hijacked(request, LinesRenderer.content_type, long_poll)
    return response or _lines(_wait_in_thread(found, query))


def stream(request: Request) -> HttpResponseBase:
    """Starts from Last-Event-ID, which a browser sends when it reconnects, else from `after`."""
    last = request.META.get("HTTP_LAST_EVENT_ID")
    field, after = (
        ("Last-Event-ID", last) if last else ("after", request.query_params.get("after", NOW))
    )
    try:
        begin = _as_field_error(field, lambda: resolve_cursor(after))
        notice = b""
    except CursorExpired as error:
        if request.method == "HEAD" or not last:
            raise
        # A browser's EventSource does not expose the status, and does not reconnect after any but 200.
        begin, notice = error.cursor, cursor_gone(error.cursor)

    def open_stream(connection: socket, head: bytes) -> Client:
        return Stream(connection, begin, head, notice)

    content_type = EventStreamRenderer.content_type
    if request.method == "HEAD":  # streaming, so that it gets no Content-Length
        return StreamingHttpResponse((), content_type=content_type, headers=_headers())
    response = _hijacked(request, content_type, open_stream)
    if response:
        return response
    # The server's connection cannot be taken over: the client gets the events so far and reconnects (`retry`).
    found = read_events(begin, MAX_EVENTS)
    text = notice + event_stream(found.events) + heartbeat(found.cursor)
    return HttpResponse(text, content_type, headers=_headers())


def _hijacked(
    request: Request, content_type: str, client: Callable[[socket, bytes], Client]
) -> HttpResponseBase | None:
    """None if the server's connection cannot be taken over."""
    client_socket = connection_of(request)
    if client_socket is None:
        return None
    give_back = _shares.take(principal_of(request).user_id, settings.FEED_CLIENTS_PER_USER)
    if give_back is None:
        return listeners_limited()
    if not hub.reserve():
        give_back()
        return too_many_listeners()
    claim = claim_of(request)

    def add(connection: socket, head: bytes) -> None:
        added = client(connection, head)
        added.release = give_back
        hub.add(added, claim)

    def release() -> None:
        hub.release()
        give_back()

    return HijackedResponse(
        client_socket, add, release, content_type=content_type, headers=_headers()
    )


def _lines(found: Events) -> HttpResponse:
    headers = _headers() | {
        "Feed-Cursor": found.cursor,
        "Feed-Behind": f"{found.behind:.1f}",
    }
    return HttpResponse(ndjson(found.events), LinesRenderer.content_type, headers=headers)


def _headers() -> dict[str, str]:
    # X-Accel-Buffering: nginx would buffer the stream.
    return {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _wait_in_thread(found: Events, query: EventsQuery) -> Events:
    """Polls in this thread, for servers whose connections cannot be taken over."""
    end = time.monotonic() + query.wait
    while not found.events and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
        found = read_events(found.cursor, query.limit)
    return found


def _as_field_error(field: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except MalformedCursor as error:
        detail = f'{error} "{START}" and "{NOW}" are also allowed.'
        raise InvalidQuery([FieldError(field, "invalid_cursor", detail)]) from error


def _range_errors(query: QueryDict, name: str, least: int, most: int) -> Iterator[FieldError]:
    text = query.get(name, str(least))
    if not NUMBER.fullmatch(text) or not least <= int(text) <= most:
        yield FieldError(name, "out_of_range", f"{name} must be an integer from {least} to {most}.")
