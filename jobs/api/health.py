"""Whether the service is healthy, ready for requests, and alive: for monitors, proxies and supervisors."""

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import health
from jobs.api.http.base import JsonView
from jobs.api.openapi import operations
from jobs.api.problems.error_views import database_fault, migrations_pending
from jobs.backend import mark_read_only
from jobs.faults import Fault
from jobs.feed import seconds_behind
from jobs.operations.rows import worker_is_alive
from jobs.version import VERSION


class HealthView(JsonView):
    @operations.get_health
    def get(self, request: Request) -> HttpResponse:
        if problem := _problem(request):
            return problem
        return Response({"status": "ok", "feed": {"behind_seconds": round(seconds_behind(), 1)}})


class LiveView(JsonView):
    """Without the database: what restarts a process must not do it because another one is away."""

    @operations.get_liveness
    def get(self, request: Request) -> Response:
        return Response({"status": "ok", **_what()})


class ReadyView(JsonView):
    @operations.get_readiness
    def get(self, request: Request) -> HttpResponse:
        if problem := _problem(request):
            return problem
        if pending := health.migrations.pending():
            return migrations_pending(pending)
        worker = "present" if worker_is_alive() else "absent"
        return Response({"status": "ok", "worker": worker, **_what()})


def _problem(request: Request) -> HttpResponse | None:
    """Why changes would fail, if they would."""
    fault = health.fault()
    if fault is Fault.READ_ONLY:
        mark_read_only()
    return database_fault(request, fault) if fault else None


def _what() -> dict[str, str]:
    return {"version": VERSION, "build": settings.BUILD}
