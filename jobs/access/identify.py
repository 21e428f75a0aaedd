"""Who makes a request, in login mode."""

from django.http import HttpRequest

from jobs.access.backend import session_principal
from jobs.access.principal import Principal


def identify(request: HttpRequest) -> Principal:
    """The holder of the session, or nobody."""
    return session_principal(request.user)
