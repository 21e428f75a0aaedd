"""How long one question may take: the database stops what takes longer, and each door says so in its way."""

from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.db import connection

from jobs.faults import Fault, fault_of


def is_over_budget(error: BaseException | None) -> bool:
    """Whether the database stopped a statement for its time, and did not fail."""
    return fault_of(error) is Fault.OVER_BUDGET


def budget_text() -> str:
    """`3 seconds`."""
    seconds = settings.QUERY_BUDGET_MS / 1000
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


def taking(seconds: float) -> AbstractContextManager[None]:
    """For statements that set a longer limit at the server: the connection waits for them as long."""
    patience = getattr(connection, "patience", None)
    return nullcontext() if patience is None else patience(seconds)
