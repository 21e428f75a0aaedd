"""A cursor whose statements name the request that they belong to: PostgreSQL's log and its list of sessions show it."""

from functools import cache
from typing import Any

from django.db.backends.postgresql import base

from project.tracing import working


class Cursor(base.Cursor):
    def _execute_send(self, query: Any, **kwargs: Any) -> None:
        """Where the text and its parameters are one: psycopg remembers texts without them, which must stay the same."""
        query.query += working.comment
        super()._execute_send(query, **kwargs)  # type: ignore[misc]  # its stubs lack it


class TracedCursor(Cursor):
    """Each statement is a span of its request."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        with spans().of_statement(query):
            return super().execute(query, params, **options)  # type: ignore[misc]  # its stubs lack it

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        with spans().of_statement(query):
            super().executemany(query, params_seq, **options)  # type: ignore[misc]  # likewise


@cache
def spans() -> Any:
    """Its packages need not be installed."""
    from project import spans

    return spans
