"""Sessions and accounts, for requests that may need them."""

from collections.abc import Callable
from typing import Any

from allauth.account.middleware import AccountMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jobs.access.tokens.header import bearer_text
from project import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def sessions(get_response: GetResponse) -> GetResponse:
    """The middleware of Django and of django-allauth, which a call of the API with a token passes by.

    The guard never asks for the session of such a call, whatever its cookies say.
    """
    accounts = AccountMiddleware(get_response)
    with_session: Any = SessionMiddleware(AuthenticationMiddleware(accounts))

    def respond(request: HttpRequest) -> HttpResponseBase:
        if errors.is_api_request(request) and bearer_text(request) is not None:
            return get_response(request)
        response: HttpResponseBase = with_session(request)
        return response

    respond.process_exception = accounts.process_exception  # type: ignore[attr-defined]  # Django calls it for all requests
    return respond
