"""A cursor whose statements name the request that they belong to: PostgreSQL's log and its list of sessions show it."""

from typing import Any

from django.db.backends.postgresql import base

from project.tracing import working


class Cursor(base.Cursor):
    def _execute_send(self, query: Any, **kwargs: Any) -> None:
        """Where the text and its parameters are one: psycopg remembers texts without them, which must stay the same."""
        query.query += working.comment
        super()._execute_send(query, **kwargs)  # type: ignore[misc]  # its stubs lack it
