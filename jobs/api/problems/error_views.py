"""The problem documents of refusals and failures outside of any view of the API, as `project.errors` asks for them."""

from django.http import HttpRequest, HttpResponse

from jobs import limits
from jobs.access.rates.limit import Allowance
from jobs.access.tokens.refusals import TokenRefused
from jobs.api.problems.outages import DETAIL_WITH_KEY, DETAILS, RETRY_AFTER_WITH_KEY
from jobs.api.problems.responses import problem
from jobs.faults import RETRY_AFTER, Fault
from jobs.hosts import host_name
from jobs.limits import duration_text, number_text, size_text
from jobs.mistakes import quoted
from jobs.timeouts import timeout_text

MESSAGES = {
    404: ("not_found", "Not found."),
    408: ("too_slow", "The request did not arrive in time. Nothing was changed."),
    411: ("length_required", "Send the body with a Content-Length, not chunked."),
    413: (
        "body_too_large",
        f"The body is too large. The limit is {size_text(limits.MAX_BODY_BYTES)}, or"
        f" {size_text(limits.MAX_BULK_BODY_BYTES)} for many jobs.",
    ),
    414: (
        "uri_too_long",
        f"The request line is longer than {size_text(limits.MAX_REQUEST_LINE_BYTES)}.",
    ),
    415: ("unsupported_media_type", "Send the body as application/json."),
    417: ("expectation_failed", "The only supported value of Expect is 100-continue."),
    431: ("headers_too_large", limits.HEADERS_TOO_LARGE),
    503: (
        "busy",
        "Too many requests are being received at once. Nothing was changed. Try again soon.",
    ),
    505: ("http_version_not_supported", "Use HTTP/1.1 or HTTP/1.0."),
    501: ("not_implemented", "The only supported Transfer-Encoding is chunked."),
}


def bad_request(request: HttpRequest | None) -> HttpResponse:
    return problem(400, "bad_request", "The request is malformed.")


def host_not_allowed(request: HttpRequest | None) -> HttpResponse:
    host = host_name(request) if request else "jobs.example.com"
    detail = f"The dashboard does not serve the host name {quoted(host)}. Its operator can add it to ALLOWED_HOSTS."
    return problem(400, "host_not_allowed", detail)


def https_required(request: HttpRequest | None) -> HttpResponse:
    detail = "Use HTTPS. Nothing was changed, but the request crossed the network unencrypted."
    return problem(403, "https_required", detail)


def login_required(request: HttpRequest | None) -> HttpResponse:
    detail = "You are not logged in. Nothing was changed. Log in and try again."
    response = problem(401, "login_required", detail)
    response["WWW-Authenticate"] = 'Bearer realm="jobs"'
    return response


def token_refused(request: HttpRequest | None, refused: TokenRefused) -> HttpResponse:
    response = problem(401, refused.code, f"{refused.detail} Nothing was changed.")
    response["WWW-Authenticate"] = refused.challenge
    return response


def forbidden(request: HttpRequest | None) -> HttpResponse:
    detail = (
        "You may not do this. Nothing was changed. Ask an admin of the dashboard for the right."
    )
    return problem(403, "forbidden", detail)


def reauthentication_required(request: HttpRequest | None) -> HttpResponse:
    detail = "This changes many jobs, and your login is not recent. Nothing was changed. Confirm at /account/confirm/ that it’s you, and try again."
    return problem(403, "reauthentication_required", detail)


def second_factor_required(request: HttpRequest | None) -> HttpResponse:
    detail = "Your account needs a second factor. Nothing was changed. Add one at /account/factors/, and try again."
    return problem(403, "second_factor_required", detail)


def csrf_failed(request: HttpRequest | None) -> HttpResponse:
    detail = "The request does not prove that a page of this dashboard has sent it. Nothing was changed. Reload the page and try again."
    return problem(403, "csrf_failed", detail)


def rate_limited(request: HttpRequest | None, allowance: Allowance) -> HttpResponse:
    limit = allowance.limit
    detail = (
        f"Too many requests: {number_text(limit.burst)} at once and {number_text(limit.per_second)} per second are"
        f" allowed. Nothing was changed. Try again in {duration_text(allowance.seconds)}."
    )
    return problem(429, "rate_limited", detail)


def not_found(request: HttpRequest) -> HttpResponse:
    code, detail = MESSAGES[404]
    hint = "" if request.path.endswith("/") else " URLs end with a slash."
    return problem(404, code, f"{detail}{hint}")


def server_error(request: HttpRequest | None) -> HttpResponse:
    detail = "An unexpected error occurred. It has been logged, and no partial change was saved."
    return problem(500, "server_error", detail)


def migrations_pending(names: list[str]) -> HttpResponse:
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    detail = f"Migrations have not been run: {names[0]}{others}. Run python -m project.migrate."
    return problem(503, "migrations_pending", detail)


def database_fault(request: HttpRequest | None, fault: Fault) -> HttpResponse:
    """Sets Retry-After only if a retry is safe: if the change may have been made, only with an idempotency key."""
    detail, retry_after = DETAILS[fault], RETRY_AFTER.get(fault)
    if fault is Fault.UNKNOWN_OUTCOME and request and "HTTP_IDEMPOTENCY_KEY" in request.META:
        detail, retry_after = DETAIL_WITH_KEY, RETRY_AFTER_WITH_KEY
    response = problem(503, fault.value, detail.format(timeout=timeout_text()))
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
