"""The provider at which people log in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from jobs.hosts import is_loopback

ROLES: Final = ("admin", "operator", "viewer")
ANYBODY: Final = "*"


@dataclass(frozen=True)
class SingleSignOn:
    """`roles` has, for each role, the values of the claim `roles_claim` that give it; `*` gives it to everybody."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scopes: tuple[str, ...]
    roles_claim: str
    roles: Mapping[str, frozenset[str]] = field(hash=False)
    hours: int
    is_only_way: bool
    counts_as_second_factor: bool


def is_trusted_url(url: str) -> bool:
    """Whether nobody between here and there can change what is sent."""
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or not host or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_trusted_endpoint(url: str, issuer: str) -> bool:
    """Services of this machine are no endpoints of a provider elsewhere, whatever it says."""
    is_local = urlsplit(issuer).scheme == "http"
    return is_trusted_url(url) and (is_local or urlsplit(url).scheme == "https")
