"""The digests of tokens. They need a pepper, which is not in the database: a copy of the tables lets nobody make a token.

Peppers are numbered, and each digest is stored with the number of its pepper. New digests are made with the highest one,
and a token moves to it when it is used. Number 0 is derived from SECRET_KEY; TOKEN_PEPPERS has the others.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Final

from django.conf import settings

from jobs.access.tokens.format import Token

HASH: Final = "sha256"
FROM_SECRET_KEY: Final = 0
PURPOSE: Final = b"job-dashboard.api-tokens"
# No HMAC equals it in practice, and comparing with it takes as long.
NO_DIGEST: Final = bytes(32)


def newest() -> int:
    """The number of the pepper for new digests."""
    return max(settings.TOKEN_PEPPERS, default=FROM_SECRET_KEY)


def digest(token: Token, number: int) -> bytes:
    """Raises UnknownPepper."""
    return hmac.digest(_pepper(number), f"{token.key}.{token.secret}".encode(), HASH)


def matches(token: Token, number: int, stored: bytes) -> bool:
    """In a time that does not depend on how much of the secret is right."""
    try:
        found = digest(token, number)
    except UnknownPepper:
        return False
    return hmac.compare_digest(found, stored)


class UnknownPepper(LookupError):
    """No pepper has the number: it was removed from TOKEN_PEPPERS."""


def _pepper(number: int) -> bytes:
    if number == FROM_SECRET_KEY:
        return _derived(settings.SECRET_KEY)
    try:
        return settings.TOKEN_PEPPERS[number].encode()
    except KeyError:
        raise UnknownPepper(number) from None


@lru_cache(maxsize=4)
def _derived(secret_key: str) -> bytes:
    return hmac.digest(secret_key.encode(), PURPOSE, HASH)
