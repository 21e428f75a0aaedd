"""The address of a client, which only a trusted proxy may state."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The peer of the connection; behind N trusted proxies, what the outermost of them wrote to X-Forwarded-For.

    Each appends the address of its peer, so that what a client has made up is further left. None if there are fewer
    addresses than proxies: the request has bypassed one. The result can be anything but a valid address.
    """
    count: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if not count:
        peer: str | None = request.META.get("REMOTE_ADDR")
        return peer
    stated = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return stated[-count].strip() if len(stated) >= count else None
