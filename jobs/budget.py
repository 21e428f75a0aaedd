"""How long one question may take: the database stops what takes longer, and each door says so in its way."""

from django.conf import settings
from django.db import Error
from psycopg.errors import QueryCanceled


def is_over_budget(error: BaseException | None) -> bool:
    """Whether the database stopped a statement for its time, and did not fail."""
    return isinstance(error, Error) and isinstance(error.__cause__, QueryCanceled)


def budget_text() -> str:
    """`3 seconds`."""
    seconds = settings.QUERY_BUDGET_MS / 1000
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
