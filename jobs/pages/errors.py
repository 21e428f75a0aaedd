"""Error pages: what happened, and what to do next."""

import re
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse

from jobs.access.rates.limit import Allowance
from jobs.access.signals import attempts_refused
from jobs.access.tokens.refusals import TokenRefused
from jobs.faults import RETRY_AFTER, Fault
from jobs.hosts import host_name
from jobs.limits import HEADERS_TOO_LARGE, MAX_REQUEST_LINE_BYTES, duration_text
from jobs.mistakes import quoted
from jobs.pages.outages import OUTAGES
from jobs.timeouts import timeout_text

MINUTE_SECONDS: Final = 60
# Of any length: a number that no job can have is still that of a job.
JOB_PATH: Final = re.compile(r"/jobs/[0-9]+/?", re.ASCII)


def bad_request(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=400)


def refused(status: int) -> HttpResponse:
    """The page for requests that the server rejects before it creates an HttpRequest."""
    context = {
        "status": status,
        "max_url_length": f"{MAX_REQUEST_LINE_BYTES:,}",
        "headers_too_large": HEADERS_TOO_LARGE,
    }
    return render(HttpRequest(), "refused.html", context, status=status)


def host_not_allowed(request: HttpRequest) -> HttpResponse:
    context = {"host": quoted(host_name(request))}
    return render(request, "host_not_allowed.html", context, status=400)


def https_required(request: HttpRequest) -> HttpResponse:
    return render(request, "https_required.html", status=403)


def forbidden(request: HttpRequest) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failed(request: HttpRequest) -> HttpResponse:
    return render(request, "csrf_failed.html", status=403)


def login_required(request: HttpRequest) -> HttpResponse:
    """To the login page, and back to where one wanted to go. Scripts that fetch a part of a page are told so instead."""
    if "HX-Request" in request.headers:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = urlunsplit(("", "", shown.path or "/", shown.query, ""))
        if request.method == "GET" and request.path == shown.path:
            back = request.get_full_path()  # the page with what was being searched for
        return HttpResponse(status=401, headers={"HX-Redirect": _login_url(request, back)})
    if not _is_page(request):
        return HttpResponse("You are not logged in.", status=401, content_type="text/plain")
    return HttpResponseRedirect(_login_url(request, request.get_full_path()))


def second_factor_required(request: HttpRequest) -> HttpResponse:
    """To the page where one adds it."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=403, headers={"HX-Redirect": reverse("mfa_index")})
    if not _is_page(request):
        text = "Your account needs a second factor."
        return HttpResponse(text, status=403, content_type="text/plain")
    return HttpResponseRedirect(reverse("mfa_index"))


def _is_page(request: HttpRequest) -> bool:
    """Whether a person waits for a page, and not a script for a part of one."""
    return request.method in ("GET", "HEAD") and _is_document(request)


def token_refused(request: HttpRequest, refused: TokenRefused) -> HttpResponse:
    """To a program, for which the login page would be of no use."""
    headers = {"WWW-Authenticate": refused.challenge}
    return HttpResponse(refused.detail, status=401, content_type="text/plain", headers=headers)


def rate_limited(request: HttpRequest, allowance: Allowance) -> HttpResponse:
    """A page where one is shown; scripts that fetch something else get a text."""
    wait = duration_text(allowance.seconds)
    if "HX-Request" in request.headers or _is_document(request):
        return render(request, "rate_limited.html", {"wait": wait}, status=429)
    text = f"Too many requests. Try again in {wait}."
    return HttpResponse(text, status=429, content_type="text/plain")


def too_many_attempts(request: HttpRequest) -> HttpResponse:
    """More logins or confirmations within a minute than django-allauth allows an address."""
    attempts_refused.send(None, request=request, name=request.POST.get("login", ""))
    return _wait(request, MINUTE_SECONDS)


def too_many_failures(request: HttpRequest) -> HttpResponse:
    """With a name, as the adapter has signaled."""
    return _wait(request, 5 * MINUTE_SECONDS)


def _wait(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "rate_limited.html", {"wait": duration_text(seconds)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _is_document(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _login_url(request: HttpRequest, back: str) -> str:
    """Without what the page assumes anyway, so that the usual address is short. A cookie without a session is of one that ended."""
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    has_ended = bool(cookie) and request.session.is_empty()
    values = ({"ended": ""} if has_ended else {}) | (
        {REDIRECT_FIELD_NAME: back} if back != "/" else {}
    )
    query = urlencode(values)
    return f"{resolve_url(settings.LOGIN_URL)}{query and '?'}{query}"


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    return render(request, "405.html", status=405)


def not_found(request: HttpRequest) -> HttpResponse:
    is_job = JOB_PATH.fullmatch(request.path) is not None
    return render(request, "404.html", {"is_job": is_job}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def database_fault(request: HttpRequest, fault: Fault) -> HttpResponse:
    if fault is Fault.STATEMENT_TIMEOUT:
        return render(request, "statement_timeout.html", {"timeout": timeout_text()}, status=503)
    response = render(request, "503.html", {"outage": OUTAGES[fault]}, status=503)
    if fault in RETRY_AFTER:
        response["Retry-After"] = str(RETRY_AFTER[fault])
    return response
