"""Whose saved views a request is about."""

from typing import Any

from jobs.access.permissions import Permission, allows
from jobs.access.principal import EVERYBODY, principal_of
from jobs.saved_views.rows import EVERYBODY as OF_EVERYBODY
from jobs.saved_views.rows import Viewer


def viewer_of(request: Any) -> Viewer:
    """Django's request, or the REST framework's."""
    principal = principal_of(request)
    if principal is EVERYBODY:
        return OF_EVERYBODY
    return Viewer(principal.user_id, allows(principal, Permission.ADMINISTER))
