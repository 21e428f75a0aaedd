"""The one place that decides whether a request reaches its view. What declares no permission is refused."""

import logging
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from rest_framework.authentication import CSRFCheck

from jobs.access.identify import identify
from jobs.access.permissions import Permission, View, allows, needed
from jobs.access.principal import EVERYBODY, Principal
from jobs.access.rates.limit import Allowance
from jobs.access.sessions import note_session
from jobs.access.tokens.refusals import TokenRefused
from jobs.audit.refusals import record_refused_token
from project import errors

logger = logging.getLogger(__name__)

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The API accepts none, and these are what Django would read.
FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Guard:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._is_open = settings.ACCESS == "open"
        self._is_unlimited = self._is_open and not settings.RATE_LIMIT_PER_SECOND

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance is not None and errors.is_api_request(request):
            for name, value in allowance.fields.items():
                response[name] = value
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Runs when the URL is resolved and before the view, so that no URL can be outside."""
        permission = needed(view, request)
        if permission is None:
            logger.error("No permission is declared for %s: it is refused.", request.path)
            return errors.forbidden(request)
        if self._is_open:
            request.principal = EVERYBODY  # type: ignore[attr-defined]  # jobs.access.principal reads it
            return None if self._is_unlimited else errors.over_limit(request)
        if permission is Permission.PUBLIC:
            # The health check answers, whatever else its address has sent.
            return None if errors.is_api_request(request) else errors.over_limit(request)
        try:
            principal = request.principal = identify(request)  # type: ignore[attr-defined]
        except TokenRefused as refused:
            if refusal := errors.over_limit(request):
                return refusal
            record_refused_token(request, refused)
            return errors.token_refused(request, refused)
        if refusal := errors.over_limit(request):
            return refusal
        if not allows(principal, permission):
            return (
                errors.forbidden(request) if principal.is_known else errors.login_required(request)
            )
        if principal.lacks_factor and permission is not Permission.IDENTITY:
            return errors.second_factor_required(request)
        if principal.user_id is not None and principal.token_id is None:
            note_session(request, principal.user_id)
        return _forgery(request, principal)


def _forgery(request: HttpRequest, principal: Principal) -> HttpResponse | None:
    """Refuses a change that a browser may have sent for another site's page. The API's views leave that to this."""
    if principal.token_id is not None:
        return None
    if request.method in SAFE_METHODS:
        if settings.CSRF_COOKIE_NAME not in request.COOKIES:
            get_token(request)  # sets the cookie
        return None
    if not errors.is_api_request(request):
        return None  # CsrfViewMiddleware has checked the form
    # Before Django looks for the token in the body, which may be a large import, or never end
    if settings.CSRF_HEADER_NAME not in request.META or request.content_type in FORMS:
        return errors.csrf_failed(request)
    check = CSRFCheck(_no_response)
    check.process_request(request)
    reason = check.process_view(request, _no_response, (), {})
    return errors.csrf_failed(request) if reason else None


def _no_response(request: HttpRequest) -> HttpResponse:
    """The check asks for a view, to see whether it is exempt, and calls none."""
    return HttpResponse()
