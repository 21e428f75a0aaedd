"""Error pages: what happened, and what to do next."""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jobs.faults import RETRY_AFTER, Fault
from jobs.hosts import host_name
from jobs.limits import HEADERS_TOO_LARGE, MAX_REQUEST_LINE_BYTES
from jobs.mistakes import quoted
from jobs.pages.outages import OUTAGES
from jobs.timeouts import timeout_text

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
