"""The WSGI application: Django's handler, made robust against unusual headers and paths."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.http import parse_header_parameters


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

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Raises BadRequest here, where Django's exception handling applies: handler400 chooses the format."""
        if isinstance(request, Request) and not request.has_valid_content_type:
            raise BadRequest("The Content-Type is not valid.")
        if isinstance(request, Request) and not request.has_valid_path:
            raise BadRequest("The path of the URL is not percent-encoded UTF-8.")
        return super().resolve_request(request)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Empties the body of a response to HEAD; its headers still describe the body."""
        response = super().get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        return response
