"""Headers that every answer carries, whatever view made it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

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


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Add the Content-Security-Policy and its relatives, fixed strings that cost nothing to make."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response["X-Frame-Options"] = "DENY"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    return respond
