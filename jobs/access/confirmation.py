"""Whether whoever holds a session has proven recently to be its user. What matters most needs that: a session can be
somebody else's for a moment, as at a computer that was left unlocked.
"""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from jobs.access.principal import principal_of


class ConfirmationRequired(Exception):
    """Nothing was changed."""


View = Callable[..., HttpResponseBase]


def is_confirmed(request: Any) -> bool:
    """Django's request, or the REST framework's. Always for a token, which proves itself each time, and in open mode."""
    principal = principal_of(request)
    if principal.user_id is None or principal.token_id is not None:
        return True
    records = get_authentication_records(request, User(pk=principal.user_id))
    return any(
        time() - record["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for record in records
    )


def unconfirmed_limit(request: Any) -> int | None:
    """How many jobs the request may change at once; None for any number."""
    return None if is_confirmed(request) else settings.CONFIRM_ABOVE


def require_confirmed(request: Any, jobs: int) -> None:
    """Raises ConfirmationRequired if the request may not change so many jobs at once."""
    limit = unconfirmed_limit(request)
    if limit is not None and jobs > limit:
        raise ConfirmationRequired


def confirmation_url(back: str) -> str:
    """The page that asks for the password or the second factor, and leads back."""
    return f"{reverse('account_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: back})}"


def confirmed(view: View) -> View:
    """The page, after that of `confirmation_url` if it is due. A form is then empty again."""

    @wraps(view)
    def confirm_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else request.path
        return HttpResponseRedirect(confirmation_url(back))

    return confirm_first
