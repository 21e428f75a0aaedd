"""From the text of a token to the principal: one query, and once a minute another one, which notes the use."""

from __future__ import annotations

import logging
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final, NamedTuple

from django.db import Error, connection

from jobs.access.principal import Principal, Role, Scope
from jobs.access.tokens import peppers
from jobs.access.tokens.format import Token, parse
from jobs.access.tokens.refusals import (
    ExpiredToken,
    InvalidToken,
    NetworkNotAllowed,
    RevokedToken,
    TokenRefused,
)

logger: Final = logging.getLogger(__name__)

FIND: Final = """
SELECT id, pepper, digest, scope, state, user_id, username, role, is_to_be_noted
FROM api_token_find(%s, %s::inet, %s)
"""
# Whoever finds the row locked leaves it to the one that has locked it. The log gets the first use from each address.
NOTE: Final = """
WITH used AS (
    UPDATE api_token SET last_used_at = statement_timestamp(), last_used_from = %(address)s::inet, pepper = %(pepper)s, digest = %(digest)s
    WHERE id = (
        SELECT id FROM api_token WHERE id = %(id)s AND (
            last_used_at IS NULL OR pepper <> %(pepper)s OR last_used_at <= statement_timestamp() - interval '1 minute'
        )
        FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING id, key, user_id
)
INSERT INTO api_token_event (at, event, token_id, token_key, user_id, actor, address)
SELECT statement_timestamp(), 'used', id, key, user_id, user_id, %(address)s::inet FROM used
WHERE NOT EXISTS (
    SELECT FROM api_token_event AS event
    WHERE event.token_id = used.id AND event.event = 'used' AND event.address IS NOT DISTINCT FROM %(address)s::inet
)
"""


class Found(NamedTuple):
    """What the query returns about a token."""

    id: int
    pepper: int
    digest: bytes
    scope: str
    state: str
    user_id: int
    name: str
    role: int
    is_to_be_noted: bool


REFUSALS: Final[dict[str, type[TokenRefused]]] = {
    "revoked": RevokedToken,
    "expired": ExpiredToken,
    "elsewhere": NetworkNotAllowed,
}


def principal_of_token(text: str, address: str | None) -> Principal:
    """Who sends the token from the address. Raises TokenRefused.

    What else is wrong with a token is told only to a client that knows its secret.
    """
    token = parse(text)
    if token is None:
        raise InvalidToken
    address = network_address(address)
    found = _find(token, address)
    if found is None:
        peppers.matches(token, peppers.newest(), peppers.NO_DIGEST)  # takes as long
        raise InvalidToken
    if not peppers.matches(token, found.pepper, found.digest):
        raise InvalidToken
    if found.state in REFUSALS:
        raise REFUSALS[found.state]
    if found.is_to_be_noted:
        _note_use(token, found, address)
    return Principal(
        found.user_id, found.name, Role(found.role), Scope(found.scope), token_id=found.id
    )


@lru_cache(maxsize=1_024)
def network_address(text: str | None) -> str | None:
    """The address as PostgreSQL reads it, an IPv4 address in IPv6 as IPv4; None if it is none, as of a Unix socket."""
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


def _find(token: Token, address: str | None) -> Found | None:
    """Without Django's cursor, which takes a third of the time, unless it logs queries."""
    values = (token.key, address, peppers.newest())
    if connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(FIND, values)
            row = cursor.fetchone()
    else:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            row = connection.connection.execute(FIND, values).fetchone()
    return Found._make(row) if row else None


def _note_use(token: Token, found: Found, address: str | None) -> None:
    """The request does not depend on it."""
    pepper = peppers.newest()
    values = {
        "id": found.id,
        "address": address,
        "pepper": pepper,
        "digest": found.digest if pepper == found.pepper else peppers.digest(token, pepper),
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(NOTE, values)
    except Error as error:
        logger.warning(
            "The use of token %s could not be noted: %s", token.key, str(error).splitlines()[0]
        )
