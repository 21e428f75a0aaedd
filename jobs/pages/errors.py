"""Failures as pages: what happened, and where to go next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jobs.budget import budget_text


def bad_request(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def over_budget(request: HttpRequest) -> HttpResponse:
    return render(request, "over_budget.html", {"budget": budget_text()}, status=503)


def database_unavailable(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "2"
    return response
