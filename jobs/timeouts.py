"""The statement timeout of requests, which API and pages each report, and shorter ones for parts of a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction

from jobs.faults import Fault, fault_of
from jobs.limits import DEFAULT_STATEMENT_TIMEOUT_MS, duration_text

SET_LOCAL = "SELECT set_config('statement_timeout', %s, true)"


def is_statement_timeout(error: BaseException | None) -> bool:
    """Whether the error is PostgreSQL canceling a statement for its run time."""
    return fault_of(error) is Fault.STATEMENT_TIMEOUT


def timeout_text() -> str:
    """The timeout as text, for example `3 seconds`."""
    return duration_text((settings.QUERY_BUDGET_MS or DEFAULT_STATEMENT_TIMEOUT_MS) / 1000)


class TimeLimitExceeded(Exception):
    """A statement was canceled, and its transaction or savepoint rolled back."""


@contextmanager
def timebox(seconds: float) -> Iterator[None]:
    """Limits each statement in the block, in a transaction of its own; raises TimeLimitExceeded.

    The server cancels a statement that exceeds the limit, and the caller tries another way.
    """
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SET_LOCAL, [f"{max(1, round(seconds * 1000))}ms"])
            yield
            if is_nested:  # a setting made within a savepoint outlives its release
                cursor.execute(SET_LOCAL, [f"{settings.QUERY_BUDGET_MS}ms"])
    except OperationalError as error:
        if is_statement_timeout(error):
            raise TimeLimitExceeded from error
        raise
