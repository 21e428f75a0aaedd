"""The saved views as they are stored, and their reads."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.actors import username_sql
from jobs.limits import MAX_VIEWS
from jobs.rows import utc_text_sql


class Viewer(NamedTuple):
    """Whose views are asked for, or changed. Without a user, as in open mode, all views are shared, and anybody's to change."""

    user_id: int | None = None
    is_admin: bool = True


EVERYBODY: Final = Viewer()


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
    is_shared: bool
    owner: str | None
    """The name of the user who made it."""
    created_at: str
    updated_at: str
    owner_id: int | None
    place: int

    def may_change(self, viewer: Viewer) -> bool:
        """Its maker, and an admin if it is shared: others do not see one that is not."""
        return viewer.is_admin or (self.owner_id is not None and self.owner_id == viewer.user_id)


TIMES: Final = ("created_at", "updated_at")
SQL: Final = {"owner": username_sql("owner_id"), **{name: utc_text_sql(name) for name in TIMES}}
VIEW_ROW: Final = ", ".join(
    SQL.get(name, name) for name in ViewRow._fields
)  # documented, despite its name
# The shared list is 0.
SEEN: Final = "place IN (0, %s)"
ALL: Final = (
    f"SELECT {VIEW_ROW} FROM saved_view WHERE {SEEN} ORDER BY place, position LIMIT {2 * MAX_VIEWS}"
)
# Without parameters, which would be the longest part of reading them
SHARED: Final = (
    f"SELECT {VIEW_ROW} FROM saved_view WHERE place = 0 ORDER BY position LIMIT {MAX_VIEWS}"
)
ONE: Final = f"SELECT {VIEW_ROW} FROM saved_view WHERE id = %s AND {SEEN}"


def read_views(viewer: Viewer = EVERYBODY) -> list[ViewRow]:
    """The shared views, then the viewer's own, each in their order. One query."""
    with connection.cursor() as cursor:
        if viewer.user_id is None:
            cursor.execute(SHARED)
        else:
            cursor.execute(ALL, [viewer.user_id])
        return [ViewRow._make(row) for row in cursor.fetchall()]


def read_view(view_id: int, viewer: Viewer = EVERYBODY) -> ViewRow | None:
    """None for another user's own view too."""
    return fetch_view(ONE, [view_id, viewer.user_id])


def fetch_view(sql: str, params: list[Any] | dict[str, Any]) -> ViewRow | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return ViewRow._make(row) if row else None
