"""Why a login at the provider does not lead into the dashboard."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    DENIED = "denied"
    PROVIDER_ERROR = "provider_error"
    NOT_BEGUN = "not_begun"
    UNREACHABLE = "unreachable"
    UNVERIFIED = "unverified"
    NO_ROLE = "no_role"
    INACTIVE = "inactive"
    SOMEBODY_ELSE = "somebody_else"
    NOT_ASKED = "not_asked"


TEXTS: Final = {
    Reason.DENIED: "The login at {name} was canceled.",
    Reason.PROVIDER_ERROR: "{name} reported an error. Try again; if it goes on, tell an admin of the dashboard.",
    Reason.NOT_BEGUN: "This login was not begun in this browser, or more than ten minutes ago. Begin again.",
    Reason.UNREACHABLE: "{name} does not answer as it should. Try again in a moment.",
    Reason.UNVERIFIED: "What {name} answered could not be verified. Try again; if it goes on, tell an admin of the dashboard.",
    Reason.NO_ROLE: "Your account at {name} has no role in the dashboard. Ask an admin of the dashboard for one.",
    Reason.INACTIVE: "Your account in the dashboard is switched off. Ask an admin of the dashboard.",
    Reason.SOMEBODY_ELSE: "That was another account than the one that is logged in here. Confirm with the same one.",
    Reason.NOT_ASKED: "{name} did not say that you have just logged in there, so nothing was confirmed.",
}


class Refused(Exception):
    """`detail` is for the log. `name`: whom the provider named, if that is verified."""

    def __init__(self, reason: Reason, detail: str = "", name: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
        self.name = name
