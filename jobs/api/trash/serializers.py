"""Serializers of the trash: they validate request bodies, and describe responses in the schema."""

from collections import Counter
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.api.bodies import BodySerializer
from jobs.api.fields import ID_RANGE
from jobs.api.openapi.shapes import OPEN_ENUM
from jobs.api.serializers import JobSerializer, PageSerializer, ProblemField
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.ids import LARGEST_ID

IDS: Final = {
    "type": "array",
    "items": {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    "minItems": 1,
    "maxItems": MAX_BULK_JOBS,
    "uniqueItems": True,
}


@extend_schema_field(IDS)
class IdsField(serializers.Field[Any, Any, Any, Any]):
    """The ids of jobs, each at most once."""

    default_error_messages = {
        "required": "Send the ids of the jobs.",
        "null": "Send the ids of the jobs.",
        "invalid": f"Send a list of 1 to {MAX_BULK_JOBS:,} ids.",
        "invalid_id": "The item at index {index} is not an id. {range}",
        "duplicate_id": "Job {job_id} is listed {times} times.",
    }

    def to_internal_value(self, data: Any) -> list[int]:
        if not isinstance(data, list) or not 1 <= len(data) <= MAX_BULK_JOBS:
            self.fail("invalid")
        for index, job_id in enumerate(data):
            if type(job_id) is not int or not 1 <= job_id <= LARGEST_ID:
                detail = self.error_messages["invalid_id"].format(index=index, range=ID_RANGE)
                raise serializers.ValidationError(detail, "invalid")
        [(job_id, times)] = Counter(data).most_common(1)
        if times > 1:
            self.fail("duplicate_id", job_id=job_id, times=times)
        return data


class RestoreSerializer(BodySerializer):
    """The jobs to restore."""

    ids = IdsField()


class TrashedJobSerializer(JobSerializer):
    """A deleted job, as it was when it was deleted."""

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {
            "deleted_at": serializers.DateTimeField(help_text="When it was deleted."),
            "expires_at": serializers.DateTimeField(
                help_text="From then on, it may be deleted for good at any time."
            ),
            "actor": serializers.CharField(
                allow_null=True,
                help_text="The name of the user who deleted it; null where nobody logs in, and for what the dashboard does by"
                " itself: see the `source` of the operation.",
            ),
            "operation_id": serializers.IntegerField(
                min_value=1, allow_null=True, help_text="The operation that deleted it."
            ),
        }


class TrashPageSerializer(PageSerializer):
    """A page of the trash."""

    results = TrashedJobSerializer(many=True)


@extend_schema_field({"type": "integer", OPEN_ENUM: [200, 404, 409]})
class RestorationStatusField(serializers.IntegerField):
    """200 if the job was restored; otherwise why it was not."""


class RestorationSerializer(serializers.Serializer[Any]):
    """The outcome for one job: the restored `job` if `status` is 200, otherwise the `problem`."""

    id = serializers.IntegerField()
    status = RestorationStatusField(help_text="An HTTP status.")
    job = JobSerializer(required=False)
    problem = ProblemField(required=False)


class RestorationsSerializer(serializers.Serializer[Any]):
    """The outcome for each job, in the order of the request."""

    results = RestorationSerializer(many=True)
