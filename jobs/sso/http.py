"""Requests to the provider: bounded in time and size, without redirects."""

import json
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from jobs.sso.refusals import Reason, Refused

SECONDS: Final = 5.0
MAX_BYTES: Final = 256 * 1024
PART_BYTES: Final = 16 * 1024


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A redirect is then an error, as any status but 200."""


_opener: Final = build_opener(_NoRedirects)


def fetch(url: str) -> dict[str, Any]:
    return _json(Request(url, headers={"Accept": "application/json"}))  # noqa: S310  # the scheme was checked


def send(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, Any]:
    body = urlencode(form).encode()
    return _json(Request(url, body, {"Accept": "application/json", **headers}))  # noqa: S310  # the scheme was checked


def _json(request: Request) -> dict[str, Any]:
    """The object in the response. Raises Refused."""
    try:
        text = _read(request)
    except HTTPError as error:
        error.close()
        raise Refused(Reason.UNREACHABLE, f"status {error.code} from {request.full_url}") from None
    except (OSError, ValueError) as error:  # http.client's errors are of neither
        raise Refused(Reason.UNREACHABLE, f"{error} from {request.full_url}") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(Reason.UNREACHABLE, f"no JSON object from {request.full_url}")
    return found


def _read(request: Request) -> bytes:
    """Each wait is limited by the socket, and all of them together by the deadline."""
    deadline = monotonic() + SECONDS
    text = b""
    with _opener.open(request, timeout=SECONDS) as response:
        while part := response.read1(PART_BYTES):
            text += part
            if len(text) > MAX_BYTES:
                raise ValueError(f"more than {MAX_BYTES} bytes")
            if monotonic() > deadline:
                raise TimeoutError(f"more than {SECONDS:g} s")
    return text
