"""What comes in is validated here; what goes out is described here."""

from typing import Any

from rest_framework import serializers

from jobs.history import Entry
from jobs.models import MAX_NAME_LENGTH, Job
from jobs.statuses import StatusType


class NameField(serializers.CharField):
    """A job's name: trimmed text. A number is not taken for its digits."""

    default_error_messages = {
        "required": "Enter a name.",
        "null": "Enter a name.",
        "blank": "Enter a name.",
        "invalid": "A name is text.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_NAME_LENGTH, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StatusField(serializers.ChoiceField):
    """A status, as text and nothing that merely prints like one."""

    default_error_messages = {
        "invalid_choice": "This is no status. Allowed: {allowed}.",
        "null": f"Allowed: {', '.join(StatusType)}.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(StatusType.choices, **options)

    def to_internal_value(self, data: Any) -> StatusType:
        if not isinstance(data, str) or data not in StatusType.values:
            self.fail("invalid_choice", allowed=", ".join(StatusType))
        return StatusType(data)


class NewJobSerializer(serializers.Serializer[Job]):
    name = NameField()


class JobChangeSerializer(serializers.Serializer[Job]):
    """A new status, a new name, or both."""

    status_type = StatusField(required=False)
    name = NameField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(
                "Send status_type, name or both.", code="nothing_to_change"
            )
        return attrs


class JobSerializer(serializers.Serializer[Job]):
    id = serializers.IntegerField()
    name = serializers.CharField(max_length=MAX_NAME_LENGTH)
    current_status = serializers.ChoiceField(StatusType.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class StatusSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    status_type = serializers.ChoiceField(StatusType.choices)
    timestamp = serializers.DateTimeField()
    undoes = serializers.IntegerField(
        required=False, help_text="Only where it took back another entry: that one's id."
    )


class PageSerializer(serializers.Serializer[Any]):
    """What every list answers around its results."""

    count = serializers.IntegerField()
    count_relation = serializers.ChoiceField(["exact", "at_least"])
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class JobPageSerializer(PageSerializer):
    looked_through = serializers.IntegerField(
        required=False,
        help_text="Only where a search stopped before the page was full, even empty: so many jobs of the "
        "list were looked through. `next` or `previous` goes on from there.",
    )
    results = JobSerializer(many=True)


class StatusPageSerializer(PageSerializer):
    results = StatusSerializer(many=True)


class CountsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    by_status = serializers.DictField(child=serializers.IntegerField())


class MistakeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = MistakeSerializer(many=True, required=False)  # type: ignore[assignment]  # the wire's name for them


def status_json(entry: Entry) -> dict[str, Any]:
    # the database hands out UTC
    timestamp = entry.timestamp.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    status = {"id": entry.id, "status_type": entry.status_type, "timestamp": timestamp}
    return status if entry.undoes is None else status | {"undoes": entry.undoes}
