"""What an entry of the audit can be about."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Values may be added."""

    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    LOGGED_OUT = "logged_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # a kind
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_LINKED = "account_linked"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ACCOUNT_ACTIVATED = "account_activated"
    ROLE_CHANGED = "role_changed"
    TOKEN_CREATED = "token_created"  # noqa: S105  # a kind
    TOKEN_USED = "token_used"  # noqa: S105  # a kind
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # a kind
    TOKEN_REFUSED = "token_refused"  # noqa: S105  # a kind
    TOOL_CALLED = "tool_called"
    OPERATION_STARTED = "operation_started"
    OPERATION_CANCELLED = "operation_cancelled"
    PROPOSAL_DECLINED = "proposal_declined"
    JOBS_IMPORTED = "jobs_imported"
    JOB_DELETED = "job_deleted"
    JOB_DISCARDED = "job_discarded"
    STATUS_CHANGED = "status_changed"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: Final = {
    Kind.LOGGED_IN: "Logged in",
    Kind.LOGIN_FAILED: "Login failed",
    Kind.LOGGED_OUT: "Logged out",
    Kind.SESSION_ENDED: "Session ended",
    Kind.PASSWORD_CHANGED: "Password changed",
    Kind.FACTOR_ADDED: "Second factor added",
    Kind.FACTOR_REMOVED: "Second factor removed",
    Kind.ACCOUNT_CREATED: "Account created",
    Kind.ACCOUNT_LINKED: "Account linked",
    Kind.ACCOUNT_DEACTIVATED: "Account deactivated",
    Kind.ACCOUNT_ACTIVATED: "Account activated",
    Kind.ROLE_CHANGED: "Role changed",
    Kind.TOKEN_CREATED: "Token made",
    Kind.TOKEN_USED: "Token used from a new address",
    Kind.TOKEN_REVOKED: "Token revoked",
    Kind.TOKEN_REFUSED: "Token refused",
    Kind.TOOL_CALLED: "Tool called by an agent",
    Kind.OPERATION_STARTED: "Operation started",
    Kind.OPERATION_CANCELLED: "Operation canceled",
    Kind.PROPOSAL_DECLINED: "Proposal declined",
    Kind.JOBS_IMPORTED: "Jobs imported",
    Kind.JOB_DELETED: "Job deleted",
    Kind.JOB_DISCARDED: "Job deleted for good",
    Kind.STATUS_CHANGED: "Status changed",
}

OF_ACCOUNTS: Final = (
    Kind.ACCOUNT_CREATED,
    Kind.ACCOUNT_LINKED,
    Kind.ACCOUNT_DEACTIVATED,
    Kind.ACCOUNT_ACTIVATED,
    Kind.ROLE_CHANGED,
)
# Of the log of tokens: its events, and what they are called here.
TOKEN_EVENTS: Final = {
    Kind.TOKEN_CREATED: "created",
    Kind.TOKEN_USED: "used",
    Kind.TOKEN_REVOKED: "revoked",
}
# Recorded nowhere else than in audit_event
RECORDED: Final = frozenset(Kind) - {
    *TOKEN_EVENTS,
    Kind.OPERATION_STARTED,
    Kind.OPERATION_CANCELLED,
    Kind.JOB_DELETED,
    Kind.STATUS_CHANGED,
}
