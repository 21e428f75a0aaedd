"""What each role and each scope may do, and which permission a view needs for each method.

Rights are by operation, not by method: a preview is a POST that reads.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest

from jobs.access.principal import Principal, Role, Scope


class Permission(StrEnum):
    PUBLIC = "public"
    """Needs no login: the health check and the login page itself."""
    IDENTITY = "identity"
    """How one proves who one is: password and second factors. As ACCOUNT, and before a second factor that is required."""
    ACCOUNT = "account"
    """One's own account: sessions and tokens. Only for a person with a session."""
    READ = "read"
    CHANGE = "change"
    """Creating, changing and deleting jobs and views, and starting operations."""
    PROPOSE = "propose"
    """Asking for a change that a person must approve."""
    TOOLS = "tools"
    """Calling the tools for AI agents; each tool needs a permission of its own."""
    CHANGE_FEW = "change_few"
    """Setting the status of a few named jobs with a reason, by a tool."""
    ADMINISTER = "administer"
    """What cannot be taken back, or concerns everybody: emptying the trash, the audit, other people's accounts."""


LOWEST_ROLE: Final[Mapping[Permission, Role]] = {
    Permission.PUBLIC: Role.NOBODY,
    Permission.IDENTITY: Role.VIEWER,
    Permission.ACCOUNT: Role.VIEWER,
    Permission.READ: Role.VIEWER,
    Permission.TOOLS: Role.VIEWER,
    Permission.CHANGE_FEW: Role.OPERATOR,
    Permission.PROPOSE: Role.OPERATOR,
    Permission.CHANGE: Role.OPERATOR,
    Permission.ADMINISTER: Role.ADMIN,
}

_AGENT: Final = frozenset(
    {Permission.READ, Permission.TOOLS, Permission.CHANGE_FEW, Permission.PROPOSE}
)

GRANTS: Final[Mapping[Scope, frozenset[Permission]]] = {
    Scope.READ: frozenset({Permission.READ}),
    Scope.WRITE: _AGENT | {Permission.CHANGE},
    Scope.ADMIN: _AGENT | {Permission.CHANGE, Permission.ADMINISTER},
    Scope.AGENT: _AGENT,
}
"""What a token may do, as far as the role of its user allows it. None of them manages an account."""


def allows(principal: Principal, permission: Permission) -> bool:
    if principal.role < LOWEST_ROLE[permission]:
        return False
    scope = principal.scope
    return scope is None or permission is Permission.PUBLIC or permission in GRANTS[scope]


Need = Permission | Callable[[HttpRequest], Permission]
"""A permission, or a function that chooses it by the request, without reading its body."""

View = Callable[..., Any]


def needs(view: View, /, **by_method: Need) -> View:
    """Declares the permission that each method of a view needs, for urls.py: `needs(view, GET=READ, POST=CHANGE)`.

    HEAD and OPTIONS are like GET. Only an admin may send any other method, to read that the view does not have it.
    """
    view.needs = by_method  # type: ignore[attr-defined]  # like Django's csrf_exempt
    return view


def needed(view: View, request: HttpRequest) -> Permission | None:
    """The permission that this call of the view needs; None if none is declared: then nobody may call it."""
    by_method: Mapping[str, Need] | None = getattr(view, "needs", None)
    if by_method is None:
        return None
    need = by_method.get(_like(request.method or ""), Permission.ADMINISTER)
    return need if isinstance(need, Permission) else need(request)


def _like(method: str) -> str:
    return "GET" if method in ("HEAD", "OPTIONS") else method
