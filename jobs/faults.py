"""What went wrong in the database, as far as those who asked can do something about it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from django.db import Error, InterfaceError, OperationalError


class Fault(Enum):
    """By its code, which is stable."""

    UNAVAILABLE = "database_unavailable"
    OVERLOADED = "database_overloaded"
    FAILING = "database_failing"
    READ_ONLY = "database_read_only"
    FULL = "database_full"
    OVER_BUDGET = "query_budget"
    LOCKED = "lock_timeout"
    UNKNOWN_OUTCOME = "outcome_unknown"


# In how many seconds it may have passed; where none is named, trying again as it is does not help.
RETRY_AFTER: Final = {
    Fault.UNAVAILABLE: 2,
    Fault.OVERLOADED: 5,
    Fault.FAILING: 60,
    Fault.READ_ONLY: 5,
    Fault.FULL: 60,
    Fault.LOCKED: 1,
}
# By the SQLSTATE, else by its class. A class that is not named is a fault of ours, unless the connection broke.
BY_SQLSTATE: Final = {
    "2200H": Fault.FAILING,  # no id is left
    "25006": Fault.READ_ONLY,
    "25P03": Fault.UNAVAILABLE,  # idle_in_transaction_session_timeout
    "25P04": Fault.OVER_BUDGET,  # transaction_timeout
    "40001": Fault.LOCKED,
    "40P01": Fault.LOCKED,
    "3F000": Fault.FAILING,  # a schema that is not there, or not found
    "42501": Fault.FAILING,  # a privilege that was taken from the role
    "42703": Fault.FAILING,  # a column
    "42883": Fault.FAILING,  # a function
    "42P01": Fault.FAILING,  # a table
    "53": Fault.OVERLOADED,
    "53100": Fault.FULL,
    "55P03": Fault.LOCKED,
    "57": Fault.UNAVAILABLE,
    "57014": Fault.OVER_BUDGET,
    "58": Fault.FAILING,
    "XX001": Fault.FAILING,
    "XX002": Fault.FAILING,
}
# What a standby does not do, as PostgreSQL says it: unlogged tables, and functions of the write-ahead log.
NOT_ON_A_STANDBY: Final = frozenset({"55000", "0A000", "55006"})


def fault_of(error: BaseException | None, is_change: bool = False) -> Fault | None:
    """None where the database did what it was asked, and the fault is ours.

    A change that the database stopped waited for another one. Where the connection broke after what commits the change
    was sent, it may have been made: also where more went wrong on the way out.
    """
    if not isinstance(error, Error):
        return None
    if is_change and any(getattr(each, "was_sent", False) for each in _behind(error)):
        return Fault.UNKNOWN_OUTCOME
    cause = error.__cause__
    sqlstate = getattr(cause, "sqlstate", None) or ""
    if sqlstate in NOT_ON_A_STANDBY and "recovery" in str(cause):
        return Fault.READ_ONLY
    fault = BY_SQLSTATE.get(sqlstate) or BY_SQLSTATE.get(sqlstate[:2])
    if fault is Fault.OVER_BUDGET and is_change:
        return Fault.LOCKED
    if fault is None and isinstance(error, OperationalError | InterfaceError):
        return Fault.UNAVAILABLE
    return fault


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The error, and those that it followed on."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        each = todo.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            todo += [other for other in (each.__cause__, each.__context__) if other]
