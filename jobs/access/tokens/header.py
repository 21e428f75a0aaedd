"""The token in a request."""

import re
from typing import Final

from django.http import HttpRequest

# The name of the scheme is case-insensitive (RFC 9110, 11.1).
BEARER: Final = re.compile(r"bearer(?: +(.*)|\Z)", re.IGNORECASE | re.DOTALL)


def bearer_text(request: HttpRequest) -> str | None:
    """What `Authorization: Bearer` is followed by; None without this header, or with one of another scheme.

    Another scheme is that of a proxy, whose password browsers send with every request.
    """
    match = BEARER.match(request.META.get("HTTP_AUTHORIZATION", ""))
    return (match[1] or "").rstrip(" ") if match else None
