"""The application as servers call it: Django's own, and what Django leaves to whoever sends odd headers."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """One that can be made whatever its Content-Type is; `is_readable` says whether that could be read."""

    is_readable = True

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        # Without Django's look at the charset: it is the body's, and Django would read the query string by it.
        try:
            read = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except Exception:  # Python's own parser behind it fails in more ways than it names
            self.is_readable, read = False, ("", {})
        self.content_type, self.content_params = read


class Handler(WSGIHandler):
    request_class = Request

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Refused here, where Django turns it into an answer: each door has its own."""
        if isinstance(request, Request) and not request.is_readable:
            raise BadRequest("The Content-Type cannot be read.")
        return super().resolve_request(request)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """With the headers of its body and no body, where only the head is asked for."""
        response = super().get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        return response
