"""The saved views as they are stored, and their reads."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.limits import MAX_VIEWS
from jobs.rows import utc_text_sql


class ViewRow(NamedTuple):
    """A view. Its search may have become invalid since it was saved. Timestamps are text, as those of a JobRow."""

    id: int
    name: str
    statuses: list[str]
    q: str
    ordering: str
    page_size: int
    columns: list[str]
    position: int
    is_default: bool
    created_at: str
    updated_at: str


TIMES: Final = ("created_at", "updated_at")
VIEW_ROW: Final = ", ".join(
    utc_text_sql(name) if name in TIMES else name
    for name in ViewRow._fields  # documented, despite its name
)
ALL: Final = f"SELECT {VIEW_ROW} FROM saved_view ORDER BY position LIMIT {MAX_VIEWS}"
ONE: Final = f"SELECT {VIEW_ROW} FROM saved_view WHERE id = %s"


def read_views() -> list[ViewRow]:
    """All views, in their order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ALL)
        return [ViewRow._make(row) for row in cursor.fetchall()]


def read_view(view_id: int) -> ViewRow | None:
    return fetch_view(ONE, [view_id])


def fetch_view(sql: str, params: list[Any] | dict[str, Any]) -> ViewRow | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return ViewRow._make(row) if row else None
