"""The views of the API. Their rules are in the modules that they call."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Final

from django.db import connection
from django.http import HttpResponse, UnreadablePostError
from django.urls import reverse
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs import health
from jobs.api.http.handover import connection_of
from jobs.api.http.idempotency import idempotent
from jobs.api.http.negotiation import QualityNegotiation
from jobs.api.http.parsers import reject_incomplete_body
from jobs.api.http.preconditions import conditional_response, if_match_versions, job_response
from jobs.api.openapi import operations
from jobs.api.pagination import page_response, reject_unknown_parameters
from jobs.api.problems.exceptions import JobNotFound, LengthRequired, UnsupportedEncoding
from jobs.api.problems.handler import database_fault
from jobs.api.serializers import JobChangeSerializer, NewJobSerializer, status_json
from jobs.faults import Fault
from jobs.feed import seconds_behind
from jobs.filters import PARAMETERS, JobFilter
from jobs.listing.history import history_page
from jobs.listing.paging import PAGING, Paging
from jobs.models import Job, JobStatus
from jobs.querysets import JobRow

WITH_BODY: Final = ("POST", "PATCH")


class FastJson(QualityNegotiation):
    """Skips the negotiation for the usual values of Accept: it would be a tenth of a list's cost."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        if request.META.get("HTTP_ACCEPT", "*/*") in {"*/*", "application/json"}:
            [renderer] = renderers
            return renderer, renderer.media_type
        return super().select_renderer(request, renderers, format_suffix)


class JsonView(APIView):
    # A docstring would become the description of every operation in the schema.
    content_negotiation_class: type[QualityNegotiation] = FastJson
    query_parameters: ClassVar[dict[str, Collection[str]]] = {}
    """The query parameters of each method; none for a method that is not a key."""
    accepts_chunked: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.GET and request.method in self.allowed_methods:
            method = "GET" if request.method == "HEAD" else request.method
            reject_unknown_parameters(request, self.query_parameters.get(method, ()))
        if "HTTP_CONTENT_ENCODING" in request.META and request.method in self.allowed_methods:
            _reject_encoded(request)
        if self.accepts_chunked:
            return
        # Django would treat a chunked body as empty.
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            if connection_of(request):  # our server sets a Content-Length on every complete body
                raise UnreadablePostError("The body is incomplete.")
            raise LengthRequired

    # The framework's own method returns a Response, which needs a renderer.
    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Only `Allow`, which every response has: the schema describes the rest."""
        response = HttpResponse(status=204)
        del response["Content-Type"]
        return response


def _reject_encoded(request: Request) -> None:
    names = request.META["HTTP_CONTENT_ENCODING"].lower().split(",")
    if request.method in WITH_BODY and {name.strip(" \t") for name in names} - {"", "identity"}:
        raise UnsupportedEncoding


class JobListView(JsonView):
    query_parameters = {"GET": PARAMETERS}

    @operations.list_jobs
    def get(self, request: Request) -> Response:
        job_filter = JobFilter.parse(request.query_params)
        page = job_filter.page()
        results = [row._asdict() for row in page.rows]
        return page_response(
            request,
            page,
            job_filter.count_for_page(page),
            results,
            lambda cursor: job_filter.query(cursor=cursor),
        )

    @operations.create_job
    @idempotent
    def post(self, request: Request) -> Response:
        body = NewJobSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        job = Job.objects.create_pending(body.validated_data["name"])
        return job_response(job, 201, {"Location": reverse("api:job", args=[job.id])})


class JobView(JsonView):
    @operations.get_job
    def get(self, request: Request, job_id: int) -> Response:
        return conditional_response(request, or_404(Job.objects.row(job_id)))

    @operations.change_job
    @idempotent
    def patch(self, request: Request, job_id: int) -> Response:
        body = JobChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        status, name = body.validated_data.get("status_type"), body.validated_data.get("name")
        versions = if_match_versions(request)
        if status is None:
            return job_response(or_404(Job.objects.rename(job_id, name, versions)))
        return job_response(or_404(Job.objects.record_status(job_id, status, name, versions)))

    @operations.delete_job
    @idempotent
    def delete(self, request: Request, job_id: int) -> Response:
        reject_incomplete_body(request, request.body)
        if not Job.objects.remove(job_id, if_match_versions(request)):
            raise JobNotFound
        return Response(status=204)


class StatusListView(JsonView):
    query_parameters = {"GET": PAGING}

    @operations.list_statuses
    def get(self, request: Request, job_id: int) -> Response:
        paging = Paging.parse(request.query_params)
        count = JobStatus.objects.of_job(job_id).capped_count()
        if not count.value:  # every job has at least one status
            raise JobNotFound
        page = history_page(job_id, paging)
        results = [status_json(row) for row in page.rows]
        return page_response(request, page, count, results, paging.query)


class CountsView(JsonView):
    @operations.get_counts
    def get(self, request: Request) -> Response:
        counts = Job.objects.counts()
        by_status = {status.value: number for status, number in counts.by_status.items()}
        return Response({"total": counts.total().value, "by_status": by_status})


class HealthView(JsonView):
    @operations.get_health
    def get(self, request: Request) -> HttpResponse:
        if fault := health.fault():
            if fault is Fault.READ_ONLY:
                getattr(connection, "mark_read_only", lambda: None)()
            return database_fault(request, fault)
        return Response({"status": "ok", "feed": {"behind_seconds": round(seconds_behind(), 1)}})


class RootView(JsonView):
    @operations.get_root
    def get(self, request: Request) -> Response:
        names = {
            "jobs": "api:jobs",
            "counts": "api:counts",
            "events": "api:events",
            "health": "api:health",
            "schema": "api:schema",
            "docs": "reference",
        }
        return Response(
            {key: request.build_absolute_uri(reverse(name)) for key, name in names.items()}
        )


def or_404(job: JobRow | None) -> JobRow:
    if job is None:
        raise JobNotFound
    return job
