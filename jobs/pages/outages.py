"""What the pages say of a database that fails: what has happened, and what can be done about it."""

from typing import Final, NamedTuple

from jobs.faults import Fault


class Outage(NamedTuple):
    heading: str
    advice: str

    @property
    def reason(self) -> str:
        """The heading within a sentence."""
        return self.heading[0].lower() + self.heading[1:]


OUTAGES: Final = {
    Fault.UNAVAILABLE: Outage(
        "The database cannot be reached",
        "Nothing was changed. As a rule this passes: try again in a moment.",
    ),
    Fault.OVERLOADED: Outage(
        "The database has too many requests at once",
        "Nothing was changed. Try again in a moment.",
    ),
    Fault.FAILING: Outage(
        "The database has a fault",
        "Nothing was changed. Tell whoever runs this dashboard: trying again does not help by itself.",
    ),
    Fault.READ_ONLY: Outage(
        "The database can only be read at present",
        "What this page shows has to be written first. Jobs can still be looked at; try again later.",
    ),
    Fault.FULL: Outage(
        "The database’s disk is full",
        "Nothing was changed. Tell whoever runs this dashboard, and try again once there is room.",
    ),
    Fault.LOCKED: Outage(
        "This waited too long for another change to end",
        "Nothing was changed. Try again.",
    ),
    Fault.UNKNOWN_OUTCOME: Outage(
        "Nobody knows whether this was done",
        "The database was lost while it worked on it. Look at the job before you try again.",
    ),
}
