"""For whom a request is counted: its token, its user or, without either, its address."""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import IPv6Network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from jobs.access.addresses import client_address
from jobs.access.principal import Role, principal_of
from jobs.access.rates import shared
from jobs.access.rates.limit import Allowance, Limit
from jobs.access.tokens.lookup import network_address

MASK: Final = shared.SLOTS - 1
# What a provider gives to one customer: a single address of it says nothing.
IPV6_PREFIX: Final = 64


def count(request: HttpRequest) -> Allowance | None:
    """None if nothing limits the request. In open mode, everybody has the limit of a user, by address."""
    principal = principal_of(request)
    if principal.role is Role.NOBODY:
        limit = _limit(
            "address", settings.ADDRESS_RATE_LIMIT_PER_SECOND, settings.ADDRESS_RATE_LIMIT_BURST
        )
    else:
        limit = _limit("requests", settings.RATE_LIMIT_PER_SECOND, settings.RATE_LIMIT_BURST)
    if limit is None:
        return None
    if principal.token_id is not None:
        return limit.take(shared.TOKENS, principal.token_id & MASK)
    if principal.user_id is not None:
        return limit.take(shared.USERS, principal.user_id & MASK)
    return limit.take(shared.ADDRESSES, _place(client_address(request)))


@cache
def _limit(name: str, per_second: int, burst: int) -> Limit | None:
    return Limit(name, per_second, burst) if per_second else None


@lru_cache(maxsize=4_096)
def _place(address: str | None) -> int:
    """Python's hashes have a random key, which forked processes share: nobody can aim at another's place."""
    text = network_address(address) or ""
    if ":" in text:
        text = str(IPv6Network((text, IPV6_PREFIX), strict=False))
    return hash(text) & MASK
