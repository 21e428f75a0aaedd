"""Requests for many jobs, with an outcome for each: what all of them share, and the update."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from jobs.api.bodies import BodySerializer
from jobs.api.fields import JobIdField, TimestampField
from jobs.api.http.parsers import StrictJSONParser
from jobs.api.http.source import CHANGE_SOURCE
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.shapes import OPEN_ENUM
from jobs.api.problems.exceptions import InvalidHeader, JobNotFound, ProblemException
from jobs.api.problems.handler import flatten_errors, key_taken
from jobs.api.problems.responses import problem_body
from jobs.api.serializers import JobChangeSerializer, JobSerializer, ProblemField
from jobs.changes.bulk import MAX_BULK_JOBS, Change, Outcome
from jobs.changes.conflicts import TOO_MANY_LABELS
from jobs.changes.versions import TRUNCATED
from jobs.limits import MAX_BULK_BODY_BYTES, MAX_REPORTED_ERRORS
from jobs.mistakes import FieldError

# Why a job was left as it is, for the refusals of an update.
DETAILS: Final = {
    "updated_at_truncated": f"{TRUNCATED} The job was not changed.",
    "job_changed": "The job has changed since this updated_at, and was left unchanged. Get the job again, and repeat the"
    " change with its new updated_at if it still applies.",
    "too_many_labels": TOO_MANY_LABELS,
}


class BulkParser(StrictJSONParser):
    max_bytes = MAX_BULK_BODY_BYTES


class ItemSerializer(BodySerializer):
    """An item of a request for many jobs. If it is about an existing job, it has a field `id`."""

    item: ClassVar[str]
    """What an item is called in errors."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if not isinstance(data, dict):
            what = "the job's id" if "id" in self.fields else "a name"
            detail = f"{self.item} must be an object with {what}."
            code = "null" if data is None else "invalid"
            raise serializers.ValidationError({"non_field_errors": [detail]}, code)
        return super().run_validation(data)


class ChangeSerializer(ItemSerializer, JobChangeSerializer):
    """A job's id, and its new status, new values of other fields, or both."""

    item = "A change"

    id = JobIdField()
    updated_at = TimestampField(
        required=False,
        help_text="The job's `updated_at`; if the job has changed since, it is left unchanged.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        which = {name: attrs.pop(name) for name in ("id", "updated_at") if name in attrs}
        return which | super().validate(attrs)


class ManyChangesSerializer(BodySerializer):
    """Changes to many jobs, each job at most once."""

    jobs = serializers.ListField(child=ChangeSerializer(), min_length=1, max_length=MAX_BULK_JOBS)


@extend_schema_field({"type": "integer", OPEN_ENUM: [200, 404, 409]})
class OutcomeStatusField(serializers.IntegerField):
    """The HTTP status that a request for this job alone would have."""


class OutcomeSerializer(serializers.Serializer[Any]):
    """The outcome for one job: the updated `job` if `status` is 200, otherwise the `problem`."""

    id = serializers.IntegerField()
    status = OutcomeStatusField(help_text="An HTTP status.")
    job = JobSerializer(required=False)
    problem = ProblemField(required=False)


class OutcomesSerializer(serializers.Serializer[Any]):
    """The outcome for each job, in the order of the request."""

    results = OutcomeSerializer(many=True)


change_jobs_schema = extend_schema(
    operation_id="change_jobs",
    summary="Update many jobs",
    description=f"Records a status, sets other fields, or both, for up to {MAX_BULK_JOBS:,} jobs in one transaction. If"
    " the body is invalid, no job is changed. A job that does not exist, or that has changed since the `updated_at` sent"
    " with it, is skipped; the other jobs are changed. `results` has an outcome for each job, in the order of the request."
    " `If-Match` is not supported; send each job's `updated_at` instead.",
    parameters=[CHANGE_SOURCE],
    request=ManyChangesSerializer,
    responses={200: OpenApiResponse(OutcomesSerializer, "The outcome for each job.")},
    examples=[request_example(examples.CHANGES), response_example(examples.OUTCOMES)],
)


def read_changes(request: Request) -> list[Change]:
    """The changes in the body. Raises ProblemException."""
    changes = []
    for values in read_items(request, ManyChangesSerializer, ChangeSerializer):
        job_id, status = values.pop("id"), values.pop("status_type", None)
        updated_at = values.pop("updated_at", None)
        reason, occurred_at = values.pop("reason", None), values.pop("occurred_at", None)
        changes.append(Change(job_id, status, values, updated_at, reason, occurred_at))
    return changes


def result(outcome: Outcome, details: Mapping[str, str] = DETAILS) -> dict[str, Any]:
    """The outcome for one job, as described by OutcomeSerializer."""
    if outcome.job is not None:
        return {"id": outcome.job_id, "status": 200, "job": outcome.job.content()}
    if outcome.holder is not None:
        return {"id": outcome.job_id, "status": 409, "problem": key_taken(outcome.holder)}
    return refusal(outcome.job_id, outcome.refusal, details)


def refusal(job_id: int, code: str, details: Mapping[str, str]) -> dict[str, Any]:
    """The outcome for a job that was left as it is. `details` has the reasons of this operation."""
    if code == JobNotFound.default_code:
        problem = problem_body(404, code, JobNotFound.default_detail)
    else:
        problem = problem_body(409, code, details[code])
    return {"id": job_id, "status": problem["status"], "problem": problem}


def read_items(
    request: Request, body: type[BodySerializer], item: type[ItemSerializer]
) -> list[dict[str, Any]]:
    """The validated items in `jobs`, the body's only field.

    Raises ProblemException; its errors name their fields with an index: `jobs[3].name`.
    """
    for header in ("If-Match", "If-None-Match"):  # if ignored, an update could be lost
        if header in request.headers:
            detail = "Not supported for many jobs. Send each job's updated_at in its item."
            raise InvalidHeader(header, detail, "misplaced")
    data: Any = request.data  # an object: the parser rejects anything else
    if unknown := body.unknown_members(data):
        raise _invalid_body(list(flatten_errors(unknown)))
    jobs = data.get("jobs")
    if not isinstance(jobs, list) or not 1 <= len(jobs) <= MAX_BULK_JOBS:
        detail = f"Send a list of 1 to {MAX_BULK_JOBS:,} jobs."
        raise _invalid_body([FieldError("jobs", "invalid", detail)])
    items = [item(data=job) for job in jobs]
    errors = [
        FieldError(f"jobs[{index}]{'.' * bool(e.field)}{e.field}", e.code, e.detail)
        for index, each in enumerate(items)
        if not each.is_valid()
        for e in flatten_errors(each.errors)
    ]
    ids: list[int] = [each.validated_data["id"] for each in items if "id" in each.validated_data]
    errors += [
        FieldError("jobs", "duplicate_id", f"Job {job_id} is listed {times} times.")
        for job_id, times in Counter(ids).items()
        if times > 1
    ]
    if errors:
        raise _invalid_body(errors)
    return [dict(each.validated_data) for each in items]


def _invalid_body(errors: list[FieldError]) -> ProblemException:
    sentences = [
        f"{error.field}: {error.detail}" if "[" in error.field else error.detail
        for error in errors[:3]
    ]
    rest = len(errors) - len(sentences)
    detail = " ".join([*sentences, *([f"And {rest} more."] if rest else [])])
    return ProblemException(400, "invalid", detail, errors=errors[:MAX_REPORTED_ERRORS])
