"""Serializers: they validate request bodies, and describe responses in the schema."""

from datetime import datetime
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.bodies import BodySerializer
from jobs.api.fields import StatusField
from jobs.api.job_fields import COLUMN_FIELDS, OccurredAtField, ReasonField
from jobs.listing.history import Entry
from jobs.models import MAX_REASON_LENGTH, Job
from jobs.rows import COLUMNS, READ_ONLY, Column, Kind
from jobs.sources import Source
from jobs.statuses import StatusType

COUNT_RELATIONS: Final = (("exact", "exact"), ("at_least", "at_least"))
ENTRY_SOURCES: Final = [(source.value, source.value) for source in Source]
BY_STATUS: Final = {
    "type": "object",
    "properties": {status: {"type": "integer", "minimum": 0} for status in StatusType.values},
    "required": StatusType.values,
    "additionalProperties": False,
}


# What a request can say about a status that it sets
REPORTED: Final = ("reason", "occurred_at")
NOTHING_TO_CHANGE: Final = f"Send at least one of {', '.join(['status_type', *COLUMN_FIELDS])}."


class JobBodySerializer(BodySerializer):
    """A body that may be a job as a response returned it."""

    ignored = frozenset(READ_ONLY)


class NewColumnsSerializer(JobBodySerializer):
    """The writable columns of a job to create."""

    def get_fields(self) -> dict[str, Any]:
        columns = {name: column.of_a_new_job() for name, column in COLUMN_FIELDS.items()}
        return columns | super().get_fields()


class NewJobSerializer(NewColumnsSerializer):
    """A job to create. Fields that only the server sets, such as `id`, are ignored, but not a status other than PENDING."""

    reason = ReasonField()
    occurred_at = OccurredAtField()

    def _contradicting(self, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        if data.get("current_status", StatusType.PENDING) == StatusType.PENDING:
            return {}
        detail = "A new job is PENDING. Create it without current_status, then set its status with PATCH."
        return {"current_status": [ErrorDetail(detail, "read_only")]}


class JobChangeSerializer(JobBodySerializer):
    """A new status, new values of other fields, or both."""

    status_type = StatusField(required=False)
    reason = ReasonField()
    occurred_at = OccurredAtField()

    def get_fields(self) -> dict[str, Any]:
        columns = {name: column.of_a_change() for name, column in COLUMN_FIELDS.items()}
        return super().get_fields() | columns

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Without a reason or a time that is null."""
        attrs = {n: v for n, v in attrs.items() if n not in REPORTED or v is not None}
        if "status_type" not in attrs and (alone := [name for name in REPORTED if name in attrs]):
            detail = "is about a status change. Send it together with status_type."
            raise serializers.ValidationError(
                {name: ErrorDetail(f"{name} {detail}", "needs_status") for name in alone}
            )
        if not attrs:
            raise serializers.ValidationError(self._nothing_to_change(), "nothing_to_change")
        return attrs

    def _nothing_to_change(self) -> str | dict[str, str]:
        sent = [name for name in self.initial_data if name not in self.fields]
        if "current_status" in sent:
            return {"current_status": "current_status is read-only. Did you mean status_type?"}
        ignored = f" Ignored: {', '.join(sent)}." if sent else ""
        return f"{NOTHING_TO_CHANGE}{ignored}"


class JobSerializer(serializers.Serializer[Job]):
    """A computational job."""

    def get_fields(self) -> dict[str, Any]:
        return {column.name: _column_field(column) for column in COLUMNS}


class StatusSerializer(serializers.Serializer[Any]):
    """An entry in a job's status history."""

    id = serializers.IntegerField(min_value=1)
    status_type = serializers.ChoiceField(StatusType.choices)
    timestamp = serializers.DateTimeField(help_text="When the status was recorded.")
    undoes = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The id of the entry that this one undoes; only for an undo.",
    )
    reason = serializers.CharField(
        max_length=MAX_REASON_LENGTH, required=False, help_text="Why; only if there is a reason."
    )
    source = serializers.ChoiceField(  # type: ignore[assignment]  # the name in the JSON
        ENTRY_SOURCES,
        required=False,
        help_text="By what the status was set; not for entries of before version 1.6.0.",
    )
    occurred_at = serializers.DateTimeField(
        required=False, help_text="When it happened, by the reporter's clock; only if it was sent."
    )
    operation_id = serializers.IntegerField(
        min_value=1, required=False, help_text="The operation that set it; only for operations."
    )
    actor = serializers.CharField(
        required=False, help_text="The name of the user who set it; only where people log in."
    )


@extend_schema_field({"$ref": "#/components/schemas/Problem"})
class ProblemField(serializers.DictField):
    """A problem document within a response."""


@extend_schema_field({"$ref": "#/components/schemas/FieldError"})
class FieldErrorField(serializers.DictField):
    """An error in one field."""


class PageSerializer(serializers.Serializer[Any]):
    """The fields of every page."""

    count = serializers.IntegerField(min_value=0, help_text="The number of results on all pages.")
    count_relation = serializers.ChoiceField(
        COUNT_RELATIONS, help_text="Whether `count` is exact or a lower bound."
    )
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    previous = serializers.URLField(
        allow_null=True, help_text="The previous page; null on the first."
    )


class JobPageSerializer(PageSerializer):
    """A page of jobs."""

    scanned = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The number of jobs searched; only if the search stopped before the page was full. The page may even"
        " be empty. `next` or `previous` continues the search.",
    )
    results = JobSerializer(many=True)


class StatusPageSerializer(PageSerializer):
    """A page of a job's status history."""

    results = StatusSerializer(many=True)


@extend_schema_field(BY_STATUS)
class ByStatusField(serializers.DictField):
    """A number for each status."""


class CountsSerializer(serializers.Serializer[Any]):
    """The number of jobs, in total and by status."""

    total = serializers.IntegerField(min_value=0)
    by_status = ByStatusField()


def _column_field(column: Column) -> serializers.Field[Any, Any, Any, Any]:
    """A job's column as responses have it."""
    described: dict[str, Any] = {"help_text": column.help} if column.help else {}
    match column.kind:
        case Kind.ID:
            return serializers.IntegerField(min_value=1, **described)
        case Kind.TEXT:
            stored: Any = Job._meta.get_field(column.name)  # noqa: SLF001  # documented
            return serializers.CharField(max_length=stored.max_length, **described)
        case Kind.OPTIONAL_TEXT:
            stored = Job._meta.get_field(column.name)  # noqa: SLF001  # documented
            return serializers.CharField(max_length=stored.max_length, allow_null=True, **described)
        case Kind.LABELS:
            return serializers.DictField(child=serializers.CharField(), **described)
        case Kind.STATUS:
            return serializers.ChoiceField(StatusType.choices, **described)
        case Kind.TIME:
            return serializers.DateTimeField(**described)


def status_json(entry: Entry) -> dict[str, Any]:
    """Without the fields that are null."""
    status = {
        "id": entry.id,
        "status_type": entry.status_type,
        "timestamp": _utc_text(entry.timestamp),
        "undoes": entry.undoes,
        "reason": entry.reason,
        "source": entry.source,
        "occurred_at": entry.occurred_at and _utc_text(entry.occurred_at),
        "operation_id": entry.operation_id,
        "actor": entry.actor,
    }
    return {name: value for name, value in status.items() if value is not None}


def _utc_text(moment: datetime) -> str:
    # The connection's time zone is UTC.
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
