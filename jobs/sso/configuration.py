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
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username is not None or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
