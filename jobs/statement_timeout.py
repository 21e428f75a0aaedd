"""The statement timeout of requests: PostgreSQL cancels longer statements; API and pages each report it."""

from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.db import connection

from jobs.faults import Fault, fault_of


def is_statement_timeout(error: BaseException | None) -> bool:
    """Whether the error is PostgreSQL canceling a statement for its run time."""
    return fault_of(error) is Fault.STATEMENT_TIMEOUT


def timeout_text() -> str:
    """The timeout as text, for example `3 seconds`."""
    seconds = settings.QUERY_BUDGET_MS / 1000
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


def extended_timeout(seconds: float) -> AbstractContextManager[None]:
    """Lets the connection wait this long for the server, for statements that raise the statement timeout there."""
    client_timeout = getattr(connection, "client_timeout", None)
    return nullcontext() if client_timeout is None else client_timeout(seconds)
