"""Many jobs at once: what the JSON door takes for them, and an answer for each."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api import examples
from jobs.api.errors import MESSAGES, document, flattened
from jobs.api.examples import answered, sent
from jobs.api.idempotency import idempotent
from jobs.api.parsers import StrictJSONParser
from jobs.api.refusals import BadHeader, BodyTooLarge, JobNotFound, Refused
from jobs.api.serializers import BodySerializer, JobChangeSerializer, JobSerializer, ProblemField
from jobs.api.shapes import OPEN_ENUM
from jobs.api.undo import MomentField
from jobs.api.views import JobListView
from jobs.bulk import MOST_AT_ONCE, Change, Outcome
from jobs.ids import LARGEST_ID
from jobs.models import Job
from jobs.paging import Mistake
from jobs.undo import JobChanged, MomentTruncated
from jobs.versions import TRUNCATED

MISTAKES_TOLD: Final = 100
REFUSALS: Final = {
    "job_not_found": (404, JobNotFound.default_code, JobNotFound.default_detail),
    "updated_at_truncated": (409, MomentTruncated.code, f"{TRUNCATED} The job was left alone."),
    "job_changed": (409, JobChanged.code, "The job has changed since. It was left alone."),
}


class ManyChangesParser(StrictJSONParser):
    """A thousand changes with long names fit."""

    def limit(self) -> int:
        return 1 << 20

    def parse(self, *args: Any, **options: Any) -> dict[str, Any]:
        try:
            return super().parse(*args, **options)
        except BodyTooLarge as error:
            code, _ = MESSAGES[413]
            raise Refused(413, code, "The body is larger than 1 MiB.") from error


class IdField(serializers.IntegerField):
    """A job's id, as a number and nothing that merely prints like one."""

    default_error_messages = {
        "required": "Send the job's id.",
        "null": "Send the job's id.",
        "invalid": "An id is a number.",
    }

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class ChangeSerializer(JobChangeSerializer):
    """A job and its new status, its new name, or both: at least one of them."""

    id = IdField(min_value=1, max_value=LARGEST_ID)
    updated_at = MomentField(
        required=False, help_text="The job's `updated_at`, where it must not have changed since."
    )

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if not isinstance(data, dict):
            detail = "A change is an object with the job's id."
            code = "null" if data is None else "invalid"
            raise serializers.ValidationError({"non_field_errors": [detail]}, code)
        return super().run_validation(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        super().validate({name: attrs[name] for name in ("status_type", "name") if name in attrs})
        return attrs


class ManyChangesSerializer(BodySerializer):
    """Changes of many jobs, each job at most once."""

    jobs = serializers.ListField(child=ChangeSerializer(), min_length=1, max_length=MOST_AT_ONCE)


@extend_schema_field({"type": "integer", OPEN_ENUM: [200, 404, 409]})
class OutcomeStatusField(serializers.IntegerField):
    """The status that a call for this job alone would have."""


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one job: with 200 the `job` as it is now, else the `problem`."""

    id = serializers.IntegerField()
    status = OutcomeStatusField(help_text="As an HTTP status.")
    job = JobSerializer(required=False)
    problem = ProblemField(required=False)


class OutcomesSerializer(serializers.Serializer[Any]):
    """What became of each job, in the order of the request."""

    results = OutcomeSerializer(many=True)


change_jobs = extend_schema(
    operation_id="change_jobs",
    summary="Update many jobs",
    description=f"Records a status, changes the name, or both, for up to {MOST_AT_ONCE:,} jobs in one transaction. If"
    " anything is wrong with the body, no job is changed. A job that does not exist, or that has changed since the"
    " `updated_at` sent with it, is left alone; the others are changed. `results` has an outcome for each job, in the order"
    " of the request. `If-Match` is refused: send each job's own `updated_at` instead.",
    request=ManyChangesSerializer,
    responses={200: OpenApiResponse(OutcomesSerializer, "An outcome for each job.")},
    examples=[sent(examples.CHANGES), answered(examples.OUTCOMES)],
)


class ManyJobsView(JobListView):
    def get_parsers(self) -> list[BaseParser]:
        if getattr(self.request, "method", None) == "PATCH":
            return [ManyChangesParser()]
        return super().get_parsers()

    @change_jobs
    @idempotent
    def patch(self, request: Request) -> Response:
        for header in ("If-Match", "If-None-Match"):  # ignored, it would be a lost update
            if header in request.headers:
                detail = "Many jobs have no one version. Send each job's updated_at in its item."
                raise BadHeader(header, detail, "misplaced")
        outcomes = Job.objects.change(list(_changes(request.data)))
        return Response({"results": [_result(outcome) for outcome in outcomes]})


def _changes(body: Any) -> Iterator[Change]:
    """Raises Refused with what is wrong, named by its place: `jobs[3].name`."""
    if unknown := ManyChangesSerializer.unknown_in(body):
        raise _invalid(list(flattened(unknown)))
    jobs = body.get("jobs")
    if not isinstance(jobs, list) or not 1 <= len(jobs) <= MOST_AT_ONCE:
        detail = f"Send a list of 1 to {MOST_AT_ONCE:,} jobs."
        raise _invalid([Mistake("jobs", "invalid", detail)])
    read = [ChangeSerializer(data=job) for job in jobs]
    mistakes = [
        Mistake(f"jobs[{place}]{'.' * bool(m.field)}{m.field}", m.code, m.detail)
        for place, change in enumerate(read)
        if not change.is_valid()
        for m in flattened(change.errors)
    ]
    ids: list[int] = [job.validated_data["id"] for job in read if job.validated_data]
    mistakes += [
        Mistake("jobs", "duplicate_id", f"Job {job_id} is named {times} times.")
        for job_id, times in Counter(ids).items()
        if times > 1
    ]
    if mistakes:
        raise _invalid(mistakes)
    for job in (job.validated_data for job in read):
        yield Change(job["id"], job.get("status_type"), job.get("name"), job.get("updated_at"))


def _invalid(mistakes: list[Mistake]) -> Refused:
    told = mistakes[:MISTAKES_TOLD]
    more = len(mistakes) - len(told)
    sentences = [mistake.detail for mistake in told[:3]]
    rest = len(told) - len(sentences) + more
    detail = " ".join([*dict.fromkeys(sentences), *([f"And {rest} more."] if rest else [])])
    return Refused(400, "invalid", detail, errors=told)


def _result(outcome: Outcome) -> dict[str, Any]:
    if outcome.job is not None:
        return {"id": outcome.job_id, "status": 200, "job": outcome.job._asdict()}
    status, code, detail = REFUSALS[outcome.refusal]
    return {"id": outcome.job_id, "status": status, "problem": document(status, code, detail)}
