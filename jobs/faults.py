"""Classification of database errors by what a client can do about them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from django.db import Error, InterfaceError, OperationalError

from jobs.backend import is_commit_sent


class Fault(Enum):
    """A kind of database error; its value is the error code of the API, which is stable."""

    UNAVAILABLE = "database_unavailable"
    OVERLOADED = "database_overloaded"
    FAILING = "database_failing"
    READ_ONLY = "database_read_only"
    FULL = "database_full"
    STATEMENT_TIMEOUT = "query_budget"
    LOCKED = "lock_timeout"
    UNKNOWN_OUTCOME = "outcome_unknown"


# Seconds after which a retry may succeed. For the other faults, repeating the same request does not help.
RETRY_AFTER: Final = {
    Fault.UNAVAILABLE: 2,
    Fault.OVERLOADED: 5,
    Fault.FAILING: 60,
    Fault.READ_ONLY: 5,
    Fault.FULL: 60,
    Fault.LOCKED: 1,
}
# By SQLSTATE or by its class. Any other class is a bug in this application, unless the connection was lost.
BY_SQLSTATE: Final = {
    "2200H": Fault.FAILING,  # sequence_generator_limit_exceeded: no ids are left
    "25006": Fault.READ_ONLY,
    "25P03": Fault.UNAVAILABLE,  # idle_in_transaction_session_timeout
    "25P04": Fault.STATEMENT_TIMEOUT,  # transaction_timeout
    "40001": Fault.LOCKED,
    "40P01": Fault.LOCKED,
    "3F000": Fault.FAILING,  # invalid_schema_name
    "42501": Fault.FAILING,  # insufficient_privilege
    "42703": Fault.FAILING,  # undefined_column
    "42883": Fault.FAILING,  # undefined_function
    "42P01": Fault.FAILING,  # undefined_table
    "53": Fault.OVERLOADED,
    "53100": Fault.FULL,
    "55P03": Fault.LOCKED,
    "57": Fault.UNAVAILABLE,
    "57014": Fault.STATEMENT_TIMEOUT,
    "58": Fault.FAILING,
    "XX001": Fault.FAILING,
    "XX002": Fault.FAILING,
}
# Raised on a standby for unlogged tables and for write-ahead log functions.
STANDBY_SQLSTATES: Final = frozenset({"55000", "0A000", "55006"})


def fault_of(error: BaseException | None, is_change: bool = False) -> Fault | None:
    """The kind of a database error; None if the error is a bug in this application, or no database error.

    A change that hits the statement timeout was waiting for another change. If the connection was lost after the
    statement that commits a change was sent, its outcome is unknown, even if further errors followed.
    """
    if not isinstance(error, Error):
        return None
    if is_change and any(is_commit_sent(each) for each in _chain(error)):
        return Fault.UNKNOWN_OUTCOME
    cause = error.__cause__
    sqlstate = getattr(cause, "sqlstate", None) or ""
    if sqlstate in STANDBY_SQLSTATES and "recovery" in str(cause):
        return Fault.READ_ONLY
    fault = BY_SQLSTATE.get(sqlstate) or BY_SQLSTATE.get(sqlstate[:2])
    if fault is Fault.STATEMENT_TIMEOUT and is_change:
        return Fault.LOCKED
    if fault is None and isinstance(error, OperationalError | InterfaceError):
        return Fault.UNAVAILABLE
    return fault


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, its causes and its contexts."""
    seen: set[int] = set()
    pending = [error]
    while pending:
        each = pending.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            pending += [other for other in (each.__cause__, each.__context__) if other]
