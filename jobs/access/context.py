"""What templates know of the principal."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from jobs.access.permissions import Permission, allows
from jobs.access.principal import EVERYBODY, Principal, principal_of

NOTHING: Final = mark_safe("")  # constant


def access(request: HttpRequest) -> dict[str, Any]:
    return OPEN if settings.ACCESS == "open" else _of(principal_of(request), _session_of(request))


def _session_of(request: HttpRequest) -> SafeString:
    """Tells the session of this page from others, and cannot be turned into its key."""
    session = getattr(request, "session", None)
    if session is None:  # of a request that the server refuses
        return NOTHING
    digest = salted_hmac("jobs.access.context", session.session_key or "").hexdigest()[:DIGITS]
    return mark_safe(f' data-session="{digest}"')  # noqa: S308  # hexadecimal


def _of(principal: Principal, session: SafeString = NOTHING) -> dict[str, Any]:
    """`account` is somebody who can be named, or None; `body` attributes for styles and scripts."""
    may_read, may_change, may_administer = (allows(principal, each) for each in SHOWN)
    return {
        "account": principal if principal.is_known else None,
        "body": session + (READ_ONLY if may_read and not may_change else NOTHING),
        "may_change": may_change,
        "may_administer": may_administer,
    }


SHOWN: Final = (Permission.READ, Permission.CHANGE, Permission.ADMINISTER)
DIGITS: Final = 12
READ_ONLY: Final = mark_safe(" data-read-only")  # constant
OPEN: Final = _of(EVERYBODY)
