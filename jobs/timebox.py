"""A time that statements have: what takes longer is stopped at the server, and another way is tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction

from jobs.budget import is_over_budget

SET = "SELECT set_config('statement_timeout', %s, true)"


class OutOfTime(Exception):
    """A statement was stopped. Nothing came of it."""


@contextmanager
def timebox(seconds: float) -> Iterator[None]:
    """Each statement in it has so long; raises OutOfTime. A transaction of its own, in which the limit holds."""
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SET, [f"{max(1, round(seconds * 1000))}ms"])
            yield
            if is_nested:  # what is set within a savepoint stays set after it
                cursor.execute(SET, [f"{settings.QUERY_BUDGET_MS}ms"])
    except OperationalError as error:
        if is_over_budget(error):
            raise OutOfTime from error
        raise
