"""What templates know of the principal."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jobs.access.permissions import Permission, allows
from jobs.access.principal import EVERYBODY, principal_of


def access(request: HttpRequest) -> dict[str, Any]:
    principal = EVERYBODY if settings.ACCESS == "open" else principal_of(request)
    return {
        "principal": principal,
        "may_read": allows(principal, Permission.READ),
        "may_change": allows(principal, Permission.CHANGE),
        "may_administer": allows(principal, Permission.ADMINISTER),
    }
