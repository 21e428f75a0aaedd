"""A statement timeout for a block: the server cancels a statement that exceeds it, and the caller tries another way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction

from jobs.statement_timeout import is_statement_timeout

SET = "SELECT set_config('statement_timeout', %s, true)"


class TimeLimitExceeded(Exception):
    """A statement was canceled, and its transaction or savepoint rolled back."""


@contextmanager
def timebox(seconds: float) -> Iterator[None]:
    """Limits each statement in the block, in a transaction of its own; raises TimeLimitExceeded."""
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SET, [f"{max(1, round(seconds * 1000))}ms"])
            yield
            if is_nested:  # a setting made within a savepoint outlives its release
                cursor.execute(SET, [f"{settings.QUERY_BUDGET_MS}ms"])
    except OperationalError as error:
        if is_statement_timeout(error):
            raise TimeLimitExceeded from error
        raise
