"""The request that a thread is working on: its id is in the response, in each line of the log and in each statement."""

import re
import secrets
from itertools import count
from threading import local
from typing import Any, Final

# Of what a proxy or a client may choose: neither a comment in SQL nor a line of a log can end in it.
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._~+/=@:-]{1,128}")
TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
HEADER: Final = "X-Request-ID"

# Each process has a number of its own: it is imported after the web server's processes have been forked.
_process: Final = secrets.token_hex(8)
_numbers: Final = count(1)


class Working(local):
    """What this thread is doing; empty before its first request, and in threads that serve none."""

    request_id = ""
    trace_id = ""
    method = ""
    path = ""
    comment = b""


working: Final = Working()


def begin(environ: dict[str, Any]) -> str:
    """The id of the request: the one that it comes with, if that is well-formed, or a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    request_id = given if WELL_FORMED.fullmatch(given) else f"{_process}{next(_numbers):08x}"
    trace = TRACEPARENT.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    working.request_id = request_id
    working.trace_id = trace[1] if trace else ""
    working.method = environ["REQUEST_METHOD"]
    working.path = environ["PATH_INFO"]
    working.comment = f" /* request_id={request_id} */".encode()
    return request_id
