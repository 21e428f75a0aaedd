"""Security headers on every response, and redirects only where a client repeats the request unchanged."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.common import CommonMiddleware

from project import errors

# No inline scripts or styles and no other origins: a script injected into a name cannot run.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",  # of what is left, this is what Firefox prefetches
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "child-src 'none'",
        "manifest-src 'none'",
        "media-src 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Adds the Content-Security-Policy and the other SECURITY_HEADERS."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response[name] = value
        return response

    return respond


def https_required(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Rejects changes and API requests over HTTP: after Django's redirect to HTTPS, clients repeat a change as a GET.

    Only reads of pages are left to that redirect.
    """
    exempt = [re.compile(pattern) for pattern in settings.SECURE_REDIRECT_EXEMPT]

    def respond(request: HttpRequest) -> HttpResponseBase:
        if (
            settings.SECURE_SSL_REDIRECT
            and not request.is_secure()
            and (not _is_read(request) or errors.is_api_request(request))
            and not any(pattern.search(request.path.lstrip("/")) for pattern in exempt)
        ):
            return errors.https_required(request)
        return get_response(request)

    return respond


class AppendSlashMiddleware(CommonMiddleware):
    """Appends a missing slash on GET and HEAD only: after a redirect, clients repeat a POST as a GET."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return _is_read(request) and super().should_redirect_with_slash(request)


def _is_read(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"}
