"""The WSGI application: Django's handler, made robust against unusual headers and paths."""

import logging
from time import perf_counter
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.http import parse_header_parameters

from project.tracing import HEADER, begin

logger: Final = logging.getLogger(__name__)


class Request(WSGIRequest):
    """A request that can be created despite an invalid Content-Type, for which `has_valid_content_type` is False.

    `has_valid_path` is False if the path is not UTF-8: Django keeps the escapes of such bytes, so `%FF` would be the same as
    `%25FF`, which is another job's key.
    """

    has_valid_content_type = True
    has_valid_path = True

    def __init__(self, environ: dict[str, Any]) -> None:
        try:
            environ.get("PATH_INFO", "").encode("latin-1").decode()
        except UnicodeDecodeError:
            self.has_valid_path = False
        super().__init__(environ)

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        # Ignores the charset, unlike Django: it applies to the body, but Django would decode the query string with it.
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except Exception:  # Python's parser raises more exceptions than it documents
            self.has_valid_content_type, parsed = False, ("", {})
        self.content_type, self.content_params = parsed


class Handler(WSGIHandler):
    request_class = Request

    def __init__(self) -> None:
        super().__init__()
        if settings.OTEL:  # not by the first request, which would wait for it
            import project.spans  # noqa: F401  # its packages need not be installed

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Raises BadRequest here, where Django's exception handling applies: handler400 chooses the format."""
        if isinstance(request, Request) and not request.has_valid_content_type:
            raise BadRequest("The Content-Type is not valid.")
        if isinstance(request, Request) and not request.has_valid_path:
            raise BadRequest("The path of the URL is not percent-encoded UTF-8.")
        return super().resolve_request(request)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Numbers the request, and empties the body of a response to HEAD; its headers still describe the body."""
        began = perf_counter()
        request_id = begin(request.META)
        response = self._traced(request, request_id) if settings.OTEL else self._respond(request)
        response.headers[HEADER] = request_id
        if settings.METRICS:
            from project.metrics.requests import (
                observe,  # needs the folder that the web server has made
            )

            observe(request, response, perf_counter() - began)
        if settings.LOG_REQUESTS:
            _log(request, response, perf_counter() - began)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        return response

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        return super().get_response(request)

    def _traced(self, request: HttpRequest, request_id: str) -> HttpResponseBase:
        from project import spans  # its packages need not be installed

        with spans.of_request(request.META, request_id) as span:
            response = self._respond(request)
            spans.end(span, request, response)
            return response


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """Without the query string, which has names of jobs. Of an export, the time until its first byte."""
    milliseconds = round(seconds * 1000, 1)
    members = {"status": response.status_code, "milliseconds": milliseconds}
    words = (request.method, request.path_info, response.status_code, milliseconds)
    logger.info("%s %s: %d in %.1f ms", *words, extra={"members": members})
