"""Making and revoking tokens: one statement each, together with its entry in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection

from jobs.access.tokens import peppers
from jobs.access.tokens.format import new_token
from jobs.access.tokens.lookup import network_address
from jobs.access.tokens.values import TokenValues

# Usable ones. Together with their expiry, it bounds what has to be looked through when something leaks.
MAX_TOKENS: Final = 100
CREATE: Final = """
WITH moment AS (SELECT clock_timestamp() AS at),
created AS (
    INSERT INTO api_token (key, pepper, digest, user_id, name, scope, networks, created_at, expires_at, form)
    SELECT %(key)s, %(pepper)s, %(digest)s, account.id, %(name)s, %(scope)s, %(networks)s::text[], at,
        at + make_interval(hours => 24 * %(days)s), %(form)s
    FROM moment, auth_user AS account
    WHERE account.id = %(user)s AND account.is_active AND %(most)s > (
        SELECT count(*) FROM api_token AS token
        WHERE token.user_id = account.id AND token.revoked_at IS NULL AND token.expires_at > at
    )
    ON CONFLICT (form) DO NOTHING
    RETURNING id, key, user_id, created_at
)
INSERT INTO api_token_event (at, event, token_id, token_key, user_id, actor, address)
SELECT created_at, 'created', id, key, user_id, %(actor)s, %(address)s::inet FROM created
RETURNING token_id
"""
# Concurrent requests wait for each other at the row, and the second one finds it revoked.
REVOKE: Final = """
WITH revoked AS (
    UPDATE api_token SET revoked_at = clock_timestamp()
    WHERE id = %(id)s AND revoked_at IS NULL AND (%(owner)s::integer IS NULL OR user_id = %(owner)s)
    RETURNING id, key, user_id, revoked_at
)
INSERT INTO api_token_event (at, event, token_id, token_key, user_id, actor, address)
SELECT revoked_at, 'revoked', id, key, user_id, %(actor)s, %(address)s::inet FROM revoked
RETURNING token_id
"""


@dataclass(frozen=True)
class Origin:
    """Who makes or revokes a token, and from where; nobody, if it is done on the command line."""

    actor: int | None = None
    address: str | None = None


COMMAND_LINE: Final = Origin()


@dataclass(frozen=True)
class NewToken:
    """The only object that has a new token's text, which cannot be had again."""

    id: int
    text: str = field(repr=False)


class NotCreated(Exception):
    """Nothing was changed."""


class FormUsed(NotCreated):
    """The form has made a token already. Its text cannot be shown again."""


class TooManyTokens(NotCreated):
    """The user has MAX_TOKENS usable ones."""


class InactiveUser(NotCreated):
    """The user was deactivated or deleted."""


def create_token(
    user_id: int, values: TokenValues, origin: Origin = COMMAND_LINE, form: UUID | None = None
) -> NewToken:
    """Raises NotCreated."""
    token, pepper = new_token(), peppers.newest()
    row = _run(
        CREATE,
        {
            "key": token.key,
            "pepper": pepper,
            "digest": peppers.digest(token, pepper),
            "user": user_id,
            "name": values.name,
            "scope": values.scope.value,
            "networks": list(values.networks),
            "days": values.days,
            "form": form,
            "most": MAX_TOKENS,
            "actor": origin.actor,
            "address": network_address(origin.address),
        },
    )
    if row is None:
        raise _obstacle(user_id, form)
    return NewToken(row[0], token.text)


def revoke_token(token_id: int, origin: Origin = COMMAND_LINE, owner: int | None = None) -> bool:
    """Returns whether this call has revoked it; False for a token of somebody else than the `owner`, if one is given."""
    values = {
        "id": token_id,
        "owner": owner,
        "actor": origin.actor,
        "address": network_address(origin.address),
    }
    return _run(REVOKE, values) is not None


def _obstacle(user_id: int, form: UUID | None) -> NotCreated:
    sql = """
    SELECT EXISTS (SELECT FROM api_token WHERE form = %(form)s), EXISTS (SELECT FROM auth_user WHERE id = %(user)s AND is_active)
    """
    is_used, is_active = _run(sql, {"form": form, "user": user_id}) or (False, False)
    if is_used:
        return FormUsed()
    return TooManyTokens() if is_active else InactiveUser()


def _run(sql: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
