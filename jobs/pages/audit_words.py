"""Entries of the audit in words."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from jobs.audit.kinds import OF_ACCOUNTS, Kind
from jobs.audit.rows import AuditRow
from jobs.operations.rows import Action
from jobs.statuses import StatusType

FACTORS: Final = {
    "password": "password",
    "totp": "code of an app",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
}
WRONG: Final = {
    "password": "wrong name or password",
    "totp": "wrong code of an app",
    "webauthn": "passkey not accepted",
    "recovery_codes": "wrong recovery code",
}
REFUSALS: Final = {
    "invalid_token": "not valid",
    "revoked_token": "revoked",
    "expired_token": "expired",
    "network_not_allowed": "not from this network",
}
ACTIONS: Final = {
    Action.SET_STATUS: "Set a status",
    Action.LABEL: "Label jobs",
    Action.RENAME: "Rename jobs",
    Action.DELETE: "Delete jobs",
    Action.RESTORE: "Restore jobs",
    Action.UNDO: "Undo an operation",
}
# Without an actor, the person is one who may run programs.
BY_COMMAND: Final = {
    *OF_ACCOUNTS,
    Kind.PASSWORD_CHANGED,
    Kind.FACTOR_REMOVED,
    Kind.TOKEN_CREATED,
    Kind.TOKEN_REVOKED,
}
SOURCES: Final = {"retention": "retention"}


class Who(NamedTuple):
    """A user's name, or words about somebody who has none."""

    name: str = ""
    words: str = ""


def who_did(row: AuditRow) -> Who:
    if row.is_dropped:
        return Who()
    if row.is_by_itself:
        return Who(words="the dashboard")
    if row.actor:
        return Who(row.actor)
    if row.kind == Kind.LOGIN_FAILED:
        return Who(row.user or row.name, "" if row.user else "no such account")
    if row.kind == Kind.TOKEN_REFUSED:
        return Who(row.user or "", "" if row.user else "unknown")
    if row.kind in BY_COMMAND:
        return Who(words="command line")
    return Who()


def detail_of(row: AuditRow) -> dict[str, Any]:
    """`detail`, and `href` and `name` of what it is about, if that has a page or a name."""
    if row.is_dropped:
        return {"detail": f"{row.number or 0:,} more in this minute, not logged one by one"}
    match row.kind:
        case Kind.LOGGED_IN:
            return {"detail": ", ".join(FACTORS.get(each, each) for each in row.detail.split(", "))}
        case Kind.LOGIN_FAILED:
            return {"detail": WRONG.get(row.detail, row.detail)}
        case Kind.PASSWORD_CHANGED | Kind.FACTOR_ADDED | Kind.FACTOR_REMOVED:
            whose = {} if row.actor else {"name": row.user or row.name}
            return whose | {"detail": FACTORS.get(row.detail, row.detail)}
        case Kind.TOKEN_REFUSED:
            return {"name": row.name, "detail": REFUSALS.get(row.detail, row.detail)}
        case Kind.TOKEN_CREATED | Kind.TOKEN_USED | Kind.TOKEN_REVOKED:
            return {"name": row.name, "detail": _of_another(row)}
        case Kind.OPERATION_STARTED | Kind.OPERATION_CANCELLED:
            return _operation(row)
        case Kind.PROPOSAL_DECLINED:
            return {
                "href": f"/operations/proposals/{row.detail}/",
                "name": f"Proposal {row.detail}",
            }
        case Kind.JOB_DELETED:
            return {"href": f"/jobs/{row.job_id}/", "name": row.name, "detail": f"#{row.job_id}"}
        case Kind.JOB_DISCARDED:
            return {"detail": f"job {row.detail}"}
        case Kind.JOBS_IMPORTED:
            return {"detail": f"{int(row.detail or 0):,} job{'' if row.detail == '1' else 's'}"}
        case Kind.STATUS_CHANGED:
            words = f"to {StatusType(row.detail).label}" if row.detail in StatusType else row.detail
            return {"href": f"/jobs/{row.job_id}/", "name": f"Job {row.job_id}", "detail": words}
    if row.kind in OF_ACCOUNTS:
        return {"name": row.user or row.name, "detail": row.detail}
    return {"detail": row.detail}


def _of_another(row: AuditRow) -> str:
    """Whose token it is, if it is not that of whoever did it."""
    return f"of {row.user}" if row.user and row.user != row.actor else ""


def _operation(row: AuditRow) -> dict[str, Any]:
    words = (
        ACTIONS.get(Action(row.detail), row.detail) if row.detail in list(Action) else row.detail
    )
    by = SOURCES.get(row.name, "")
    return {
        "href": f"/operations/{row.operation_id}/",
        "name": f"Operation {row.operation_id}",
        "detail": f"{words} ({by})" if by else words,
    }
