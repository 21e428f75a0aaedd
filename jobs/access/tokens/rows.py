"""Tokens as they are listed: everything but the digest."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.listing.keyset import Batch, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.rows import utc_text_sql

ORDERING: Final = Ordering((SortColumn("token.id", "id"),), descending=True)
ROW: Final = f"""
SELECT token.id, token.key, token.user_id, account.username, token.name, token.scope, token.networks,
    {utc_text_sql("token.created_at")}, {utc_text_sql("token.expires_at")}, {utc_text_sql("token.last_used_at")},
    host(token.last_used_from), {utc_text_sql("token.revoked_at")}, token.expires_at <= statement_timestamp()
FROM api_token AS token JOIN auth_user AS account ON account.id = token.user_id
"""


class TokenRow(NamedTuple):
    """A token without what proves it. Times are text, as those of a JobRow."""

    id: int
    key: str
    user_id: int
    user: str
    name: str
    scope: str
    networks: list[str]
    created_at: str
    expires_at: str
    last_used_at: str | None
    last_used_from: str | None
    revoked_at: str | None
    is_expired: bool

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and not self.is_expired


def token_page(paging: Paging, user_id: int | None = None) -> Page[TokenRow]:
    """The newest tokens first, of one user or of all. One query. Raises InvalidQuery for the cursor of another list."""

    def read(window: Window) -> Batch[TokenRow]:
        whose, owner = ("AND token.user_id = %s", [user_id]) if user_id is not None else ("", [])
        sql = f"{ROW} WHERE {window.beyond_key} {whose} ORDER BY {window.order_by} LIMIT {window.size}"
        return Batch(fetch(sql, [*window.key, *owner]))

    return paging.paginate(read, ORDERING, f"tokens {user_id}")


def token_with_id(token_id: int) -> TokenRow | None:
    return next(iter(fetch(f"{ROW} WHERE token.id = %s", [token_id])), None)


def fetch(sql: str, params: list[Any]) -> list[TokenRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [TokenRow._make(row) for row in cursor.fetchall()]
