"""What comes in is validated here; what goes out is described here."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.history import Entry
from jobs.models import MAX_NAME_LENGTH, Job
from jobs.statuses import StatusType

# What str.strip() takes away: regular expressions do not agree on what a space is.
BLANK: Final = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Exact, where a greatest length would not be: what is trimmed does not count.
NAME: Final = {
    "type": "string",
    "minLength": 1,
    "pattern": rf"^[{BLANK}]*[^{BLANK}\x00]([^\x00]{{0,{MAX_NAME_LENGTH - 2}}}[^{BLANK}\x00])?[{BLANK}]*$",
    "description": f"1 to {MAX_NAME_LENGTH} characters once blanks around them are taken away, none of them NUL.",
}
BY_STATUS: Final = {
    "type": "object",
    "properties": {status: {"type": "integer", "minimum": 0} for status in StatusType.values},
    "required": StatusType.values,
    "additionalProperties": False,
}


@extend_schema_field(NAME)
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
    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=MAX_NAME_LENGTH)
    current_status = serializers.ChoiceField(StatusType.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class StatusSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(min_value=1)
    status_type = serializers.ChoiceField(StatusType.choices)
    timestamp = serializers.DateTimeField()
    undoes = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="Only where it took back another entry: that one's id.",
    )


@extend_schema_field({"$ref": "#/components/schemas/Problem"})
class ProblemField(serializers.DictField):
    """A problem document within an answer."""


@extend_schema_field({"$ref": "#/components/schemas/Mistake"})
class MistakeField(serializers.DictField):
    """What is wrong with one field."""


class PageSerializer(serializers.Serializer[Any]):
    """What every list answers around its results."""

    count = serializers.IntegerField(min_value=0, help_text="How many the whole list has.")
    count_relation = serializers.ChoiceField(
        ["exact", "at_least"], help_text="Whether there may be more than `count`."
    )
    next = serializers.URLField(allow_null=True, help_text="The page after this one.")
    previous = serializers.URLField(allow_null=True, help_text="The page before this one.")


class JobPageSerializer(PageSerializer):
    looked_through = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="Only where a search stopped before the page was full, even empty: so many jobs of the "
        "list were looked through. `next` or `previous` goes on from there.",
    )
    results = JobSerializer(many=True)


class StatusPageSerializer(PageSerializer):
    results = StatusSerializer(many=True)


@extend_schema_field(BY_STATUS)
class ByStatusField(serializers.DictField):
    """A number for each status there is, and for nothing else."""


class CountsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField(min_value=0)
    by_status = ByStatusField()


@extend_schema_field({"const": "ok"})
class OkField(serializers.CharField):
    """Says so or is not answered at all."""


class HealthSerializer(serializers.Serializer[Any]):
    status = OkField()


class RootSerializer(serializers.Serializer[Any]):
    jobs = serializers.URLField()
    counts = serializers.URLField()
    events = serializers.URLField()
    health = serializers.URLField()
    schema = serializers.URLField()
    docs = serializers.URLField()


def status_json(entry: Entry) -> dict[str, Any]:
    # the database hands out UTC
    timestamp = entry.timestamp.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    status = {"id": entry.id, "status_type": entry.status_type, "timestamp": timestamp}
    return status if entry.undoes is None else status | {"undoes": entry.undoes}
