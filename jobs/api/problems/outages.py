"""The details of the API's errors for database faults."""

from typing import Final

from jobs.faults import Fault

DETAILS: Final = {
    Fault.UNAVAILABLE: "The database is unavailable. Nothing was changed; try again in a moment.",
    Fault.OVERLOADED: (
        "The database has no free connections or memory. Nothing was changed; try again in a moment."
    ),
    Fault.FAILING: (
        "The database lacks something that this request needs: a file, table, function, privilege, trigger or id."
        " Nothing was changed; its operator has to fix it."
    ),
    Fault.READ_ONLY: "The database is read-only at the moment. Nothing was changed; try again later.",
    Fault.FULL: "The database's disk is full. Nothing was changed.",
    Fault.LOCKED: (
        "The request waited too long for a concurrent change. Nothing was changed; try again."
    ),
    Fault.UNKNOWN_OUTCOME: (
        "The connection to the database was lost, and the change may have been made. Check before you retry. To be able"
        " to retry safely, send an Idempotency-Key."
    ),
    Fault.STATEMENT_TIMEOUT: (
        "The query took longer than {timeout} and was stopped."
        " Make it more specific: use a longer search, a single status or the default ordering."
    ),
}
DETAIL_WITH_KEY: Final = (
    "The connection to the database was lost, and the change may have been made."
    " Retry with the same Idempotency-Key to find out."
)
RETRY_AFTER_WITH_KEY: Final = 2
