"""What gunicorn refuses before Django sees it, as problem documents too: broken request lines, endless headers.

No address is known yet, so it is one answer for programs and browsers alike.
"""

import socket
from http import HTTPStatus


def write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Takes the place of gunicorn's own. What the client sent, in `message`, is not repeated to it."""
    # Not above: gunicorn reads its configuration before there are settings.
    from gunicorn.util import write_nonblock

    from jobs.api import errors

    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in errors.MESSAGES:
        response = errors.server_error(None)
    elif status in errors.MESSAGES:
        response = errors.problem(status, *errors.MESSAGES[status])
    else:
        response = errors.bad_request(None)
    head = [
        f"HTTP/1.1 {response.status_code} {response.reason_phrase}",
        "Connection: close",
        f"Content-Type: {response['Content-Type']}",
        f"Content-Length: {len(response.content)}",
        "X-Content-Type-Options: nosniff",
    ]
    write_nonblock(sock, "\r\n".join([*head, "", ""]).encode() + response.content)
