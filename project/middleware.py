"""Headers that every answer carries, whatever view made it; and no redirect that a client would repeat as a read."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.common import CommonMiddleware

from project import errors

# Nothing inline, nothing from elsewhere: a script or style that somebody smuggles into a name cannot run.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Add the Content-Security-Policy and its relatives, fixed strings that cost nothing to make."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response[name] = value
        return response

    return respond


def https_required(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse by http what Django would redirect to https and a client repeat as a GET; people who read are redirected."""
    exempt = [re.compile(pattern) for pattern in settings.SECURE_REDIRECT_EXEMPT]

    def respond(request: HttpRequest) -> HttpResponseBase:
        if (
            settings.SECURE_SSL_REDIRECT
            and not request.is_secure()
            and (not _is_read(request) or errors.is_for_programs(request))
            and not any(pattern.search(request.path.lstrip("/")) for pattern in exempt)
        ):
            return errors.https_required(request)
        return get_response(request)

    return respond


class SlashesOfReads(CommonMiddleware):
    """Adds a missing slash to the addresses of pages, for those who only read."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return _is_read(request) and super().should_redirect_with_slash(request)


def _is_read(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"}
