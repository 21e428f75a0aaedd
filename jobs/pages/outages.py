"""Messages for database faults: what happened, and what to do next."""

from typing import Final, NamedTuple

from jobs.faults import Fault


class Outage(NamedTuple):
    heading: str
    advice: str

    @property
    def reason(self) -> str:
        """The heading, for use within a sentence."""
        return self.heading[0].lower() + self.heading[1:]


OUTAGES: Final = {
    Fault.UNAVAILABLE: Outage(
        "The database is unavailable",
        "Nothing was changed. This is usually temporary: try again in a moment.",
    ),
    Fault.OVERLOADED: Outage(
        "The database is overloaded",
        "Nothing was changed. Try again in a moment.",
    ),
    Fault.FAILING: Outage(
        "The database isn’t working correctly",
        "Nothing was changed. Trying again won’t help: contact your administrator.",
    ),
    Fault.READ_ONLY: Outage(
        "The database is read-only at the moment",
        "This page needs to save data before it can be shown. You can still view jobs; try again later.",
    ),
    Fault.FULL: Outage(
        "The database’s disk is full",
        "Nothing was changed. Contact your administrator, and try again once space has been freed.",
    ),
    Fault.LOCKED: Outage(
        "This request waited too long for another change",
        "Nothing was changed. Try again.",
    ),
    Fault.UNKNOWN_OUTCOME: Outage(
        "The outcome of this request is unknown",
        "The connection to the database was lost. Check whether the change went through before you try again.",
    ),
}
