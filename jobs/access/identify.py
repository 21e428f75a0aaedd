"""Who makes a request, in login mode."""

from django.http import HttpRequest

from jobs.access.addresses import client_address
from jobs.access.backend import session_principal
from jobs.access.principal import Principal
from jobs.access.tokens.header import bearer_text
from jobs.access.tokens.lookup import principal_of_token


def identify(request: HttpRequest) -> Principal:
    """The user of the token, whatever the cookies say; without a token, the holder of the session, or nobody.

    Raises TokenRefused.
    """
    text = bearer_text(request)
    if text is not None:
        return principal_of_token(text, client_address(request))
    return session_principal(request.user)
