"""Responses to requests that never reach Django: malformed request lines, headers that are too large, timeouts.

A problem document; or a page, if the request was for one.
"""

import socket
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpResponse


def write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Replaces gunicorn.util.write_error. `message` may quote the request and is not sent."""
    # Imported late: gunicorn reads its configuration before Django's settings exist.
    from gunicorn.util import write_nonblock

    from jobs.api.problems import error_views
    from jobs.api.problems.responses import problem
    from project.middleware import SECURITY_HEADERS

    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in error_views.MESSAGES:
        response = error_views.server_error(None)
    elif status in error_views.MESSAGES:
        response = problem(status, *error_views.MESSAGES[status])
    else:
        response = error_views.bad_request(None)
    if getattr(sock, "wants_html", False):
        response = _page(response.status_code)
    head = [
        f"HTTP/1.1 {response.status_code} {response.reason_phrase}",
        "Connection: close",
        f"Content-Type: {response['Content-Type']}",
        f"Content-Length: {len(response.content)}",
        "X-Content-Type-Options: nosniff",
        *(f"{name}: {value}" for name, value in SECURITY_HEADERS.items()),
    ]
    write_nonblock(sock, "\r\n".join([*head, "", ""]).encode() + response.content)


@cache
def _page(status: int) -> "HttpResponse":
    """Rendered once: the main thread sends it, possibly to many clients."""
    from jobs.pages import errors as pages

    return pages.refused(status)
