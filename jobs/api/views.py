"""The views of the API. Their rules are in the modules that they call."""

from django.urls import reverse
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.confirmation import require_confirmed
from jobs.api import bulk
from jobs.api.http.base import JsonView
from jobs.api.http.idempotency import idempotent
from jobs.api.http.parsers import reject_incomplete_body
from jobs.api.http.preconditions import conditional_response, if_match_versions, job_response
from jobs.api.http.source import actor_of, report_of, source_of
from jobs.api.openapi import operations
from jobs.api.pagination import page_response
from jobs.api.problems.exceptions import JobNotFound, or_404
from jobs.api.serializers import JobChangeSerializer, NewJobSerializer, status_json
from jobs.changes.bulk import change_jobs
from jobs.filters import PARAMETERS, JobFilter
from jobs.job_list import JobList
from jobs.listing.history import history_page
from jobs.listing.paging import PAGING, Paging
from jobs.models import Job, JobStatus


class JobListView(JsonView):
    query_parameters = {"GET": PARAMETERS}

    def get_parsers(self) -> list[BaseParser]:
        # Without a request, the schema is being generated.
        if self.request is not None and self.request.method == "PATCH":
            return [bulk.BulkParser()]
        return super().get_parsers()

    @operations.list_jobs
    def get(self, request: Request) -> Response:
        job_filter = JobFilter.parse(request.query_params)
        jobs = JobList(job_filter)
        page = jobs.page()
        results = [row.content() for row in page.rows]
        return page_response(
            request,
            page,
            jobs.count_for_page(page),
            results,
            lambda cursor: job_filter.query_string(cursor=cursor),
        )

    @operations.create_job
    @idempotent
    def post(self, request: Request) -> Response:
        body = NewJobSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        report = report_of(request, values)
        job = Job.objects.create_pending(report=report, **values)
        return job_response(job, 201, {"Location": reverse("api:job", args=[job.id])})

    @bulk.change_jobs_schema
    @idempotent
    def patch(self, request: Request) -> Response:
        changes = bulk.read_changes(request)
        require_confirmed(request, len(changes))
        outcomes = change_jobs(changes, source_of(request), actor_of(request))
        return Response({"results": [bulk.result(each) for each in outcomes]})


class JobView(JsonView):
    @operations.get_job
    def get(self, request: Request, job_id: int) -> Response:
        job = or_404(Job.objects.row(job_id))
        return conditional_response(request, job.updated_at, job.content)

    @operations.change_job
    @idempotent
    def patch(self, request: Request, job_id: int) -> Response:
        body = JobChangeSerializer(data=request.data, context={"id": job_id})
        body.is_valid(raise_exception=True)
        values, versions = dict(body.validated_data), if_match_versions(request)
        status = values.pop("status_type", None)
        report = report_of(request, values)
        if status is None:
            job = Job.objects.edit(job_id, versions, **values)
        else:
            job = Job.objects.record_status(job_id, status, versions, report, **values)
        return job_response(or_404(job))

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
        return page_response(request, page, count, results, paging.query_string)


class CountsView(JsonView):
    @operations.get_counts
    def get(self, request: Request) -> Response:
        counts = Job.objects.counts()
        by_status = {status.value: number for status, number in counts.by_status.items()}
        return Response({"total": counts.total().value, "by_status": by_status})


class RootView(JsonView):
    @operations.get_root
    def get(self, request: Request) -> Response:
        names = {
            "jobs": "api:jobs",
            "counts": "api:counts",
            "operations": "api:operations",
            "proposals": "api:proposals",
            "views": "api:views",
            "trash": "api:trash",
            "events": "api:events",
            "health": "api:health",
            "schema": "api:schema",
            "docs": "reference",
        }
        return Response(
            {key: request.build_absolute_uri(reverse(name)) for key, name in names.items()}
        )
