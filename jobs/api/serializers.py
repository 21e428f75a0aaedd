"""What comes in is validated here; what goes out is described here."""

from difflib import get_close_matches
from typing import Any, ClassVar, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.history import Entry
from jobs.models import MAX_NAME_LENGTH, Job
from jobs.names import is_visible
from jobs.paging import shown
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
COUNT_RELATIONS: Final = (("exact", "exact"), ("at_least", "at_least"))
# Of one body, that many are told.
MISTAKES_TOLD: Final = 100
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
        "invisible": "Enter a name that can be seen: this one has no visible character.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_NAME_LENGTH, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        name = super().to_internal_value(data)
        if name and not is_visible(name):
            raise serializers.ValidationError(self.error_messages["invisible"], "blank")
        return name


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


class BodySerializer(serializers.Serializer[Any]):
    """A body of known members: what is not known is refused, what only the dashboard sets is ignored."""

    ignored: ClassVar[frozenset[str]] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        mistakes = self._unknown(data) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **mistakes}) from error  # type: ignore[dict-item]  # of an object
        if mistakes:
            raise serializers.ValidationError(mistakes)
        return value

    @classmethod
    def unknown_in(cls, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        """What is wrong with the names of the members alone."""
        return cls()._unknown(data)

    def _unknown(self, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        unknown = [name for name in data if name not in self.fields and name not in self.ignored]
        return {
            name[:40]: [ErrorDetail(self._told(name), "unknown_field")]
            for name in unknown[:MISTAKES_TOLD]
        }

    def _told(self, name: str) -> str:
        close = get_close_matches(name, self.fields, 1)
        remedy = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(self.fields)}."
        return f"{shown(name)} is not a member of this body. {remedy}"


class JobBodySerializer(BodySerializer):
    """A job may come back as it was answered."""

    ignored = frozenset({"id", "current_status", "created_at", "updated_at"})


class NewJobSerializer(JobBodySerializer):
    """A job to create. Members that only the dashboard sets (`id` and the like) may be sent, and are ignored."""

    name = NameField()


class JobChangeSerializer(JobBodySerializer):
    """A new status, a new name, or both: at least one of them."""

    status_type = StatusField(required=False)
    name = NameField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(
                "Send status_type, name or both.", code="nothing_to_change"
            )
        return attrs


class JobSerializer(serializers.Serializer[Job]):
    """A computational job."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=MAX_NAME_LENGTH)
    current_status = serializers.ChoiceField(StatusType.choices, help_text="The latest status.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(help_text="When it last changed; keep it as text.")


class StatusSerializer(serializers.Serializer[Any]):
    """An entry in a job's status history."""

    id = serializers.IntegerField(min_value=1)
    status_type = serializers.ChoiceField(StatusType.choices)
    timestamp = serializers.DateTimeField(help_text="When it was recorded.")
    undoes = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The id of the entry that it took back; only on an undo.",
    )


@extend_schema_field({"$ref": "#/components/schemas/Problem"})
class ProblemField(serializers.DictField):
    """A problem document within an answer."""


@extend_schema_field({"$ref": "#/components/schemas/Mistake"})
class MistakeField(serializers.DictField):
    """What is wrong with one field."""


class PageSerializer(serializers.Serializer[Any]):
    """What every page has around its results."""

    count = serializers.IntegerField(min_value=0, help_text="The length of the whole list.")
    count_relation = serializers.ChoiceField(
        COUNT_RELATIONS, help_text="Whether `count` is exact or there may be more."
    )
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    previous = serializers.URLField(allow_null=True, help_text="The one before; null on the first.")


class JobPageSerializer(PageSerializer):
    """A page of jobs."""

    looked_through = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="How many jobs were searched; only where the search stopped before the page was full, which may"
        " even be empty. `next` or `previous` continues from there.",
    )
    results = JobSerializer(many=True)


class StatusPageSerializer(PageSerializer):
    """A page of a job's status history."""

    results = StatusSerializer(many=True)


@extend_schema_field(BY_STATUS)
class ByStatusField(serializers.DictField):
    """A number for each status there is, and for nothing else."""


class CountsSerializer(serializers.Serializer[Any]):
    """How many jobs there are."""

    total = serializers.IntegerField(min_value=0)
    by_status = ByStatusField()


@extend_schema_field({"type": "string", "const": "ok"})
class OkField(serializers.CharField):
    """Says so or is not answered at all."""


class FeedHealthSerializer(serializers.Serializer[Any]):
    """How far the change feed is behind."""

    behind_seconds = serializers.FloatField(
        min_value=0,
        help_text="For how many seconds events have waited for the oldest open transaction.",
    )


class HealthSerializer(serializers.Serializer[Any]):
    """The service works."""

    status = OkField()
    feed = FeedHealthSerializer()


class RootSerializer(serializers.Serializer[Any]):
    """Where each part of the API is."""

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
