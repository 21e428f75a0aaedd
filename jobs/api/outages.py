"""What the JSON door says of a database that fails, by what is wrong with it."""

from typing import Final

from jobs.faults import Fault

DETAILS: Final = {
    Fault.UNAVAILABLE: "The database cannot be reached. Nothing was done; try again in a moment.",
    Fault.OVERLOADED: (
        "The database has no connection or no memory left for this. Nothing was done; try again in a moment."
    ),
    Fault.FAILING: (
        "The database lacks what this needs: a file, a table, a function, a privilege, a trigger or an id. Nothing was done;"
        " its operator has to look at it."
    ),
    Fault.READ_ONLY: "The database can only be read at present. Nothing was done; try again later.",
    Fault.FULL: "The database cannot be written to: its disk is full. Nothing was done.",
    Fault.LOCKED: (
        "This waited too long for another change to end and was stopped. Nothing was done; try again."
    ),
    Fault.UNKNOWN_OUTCOME: (
        "The database was lost while it worked on this: it may have been done. Look before you send it again, or send"
        " it with an Idempotency-Key."
    ),
    Fault.OVER_BUDGET: (
        "This question took longer than {budget} and was stopped."
        " Ask a narrower one: a longer search, one status, or the default ordering."
    ),
}
KEY_TELLS: Final = (
    "The database was lost while it worked on this: it may have been done."
    " Send it again with the same Idempotency-Key to learn what became of it."
)
KEY_TELLS_AFTER: Final = 2
