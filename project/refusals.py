"""What gunicorn refuses before Django sees it: broken request lines, endless headers.

As a problem document; as a page where a page was asked for, whose answer the browser shows.
"""

import socket
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpResponse


def write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Takes the place of gunicorn's own. What the client sent, in `message`, is not repeated to it."""
    # Not above: gunicorn reads its configuration before there are settings.
    from gunicorn.util import write_nonblock

    from jobs.api import errors
    from project.middleware import SECURITY_HEADERS

    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in errors.MESSAGES:
        response = errors.server_error(None)
    elif status in errors.MESSAGES:
        response = errors.problem(status, *errors.MESSAGES[status])
    else:
        response = errors.bad_request(None)
    if getattr(sock, "wants_page", False):
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
    """Made once: the main thread writes it, to any number of clients at once."""
    from jobs.pages import errors as pages

    return pages.refused(status)
