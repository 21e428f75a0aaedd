"""What templates know of the principal."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe

from jobs.access.permissions import Permission, allows
from jobs.access.principal import EVERYBODY, Principal, principal_of


def access(request: HttpRequest) -> dict[str, Any]:
    return OPEN if settings.ACCESS == "open" else _of(principal_of(request))


def _of(principal: Principal) -> dict[str, Any]:
    """`account` is somebody who can be named, or None; `body` an attribute for styles and scripts."""
    may_read, may_change = (allows(principal, p) for p in (Permission.READ, Permission.CHANGE))
    return {
        "account": principal if principal.is_known else None,
        "body": READ_ONLY if may_read and not may_change else "",
        "may_change": may_change,
    }


READ_ONLY: Final = mark_safe(" data-read-only")  # constant
OPEN: Final = _of(EVERYBODY)
