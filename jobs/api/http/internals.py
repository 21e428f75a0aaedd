"""The private parts of the framework and of the server that requests need. docs/upgrading.md lists them."""

import socket

from django.http import HttpRequest
from rest_framework.request import Request


def django_request(request: Request) -> HttpRequest:
    """The request that the framework wraps."""
    http: HttpRequest = request._request  # noqa: SLF001  # no public attribute has it
    return http


def buffer_body(request: Request, size: int) -> bytes:
    """Reads up to `size` bytes of the body, and keeps them for the parser, which can read them again.

    Unlike `request.body`, with a limit that may differ between views.
    """
    http = django_request(request)
    body = http.read(size)
    http._body = body  # noqa: SLF001  # what Django itself reads again
    return body


def client_socket(request: HttpRequest) -> socket.socket | None:
    """The client's connection if the server exposes it, as gunicorn does."""
    found: socket.socket | None = request.META.get("gunicorn.socket")
    return found
