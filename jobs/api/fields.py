"""The fields of request bodies. None converts a value of another JSON type."""

from datetime import datetime
from typing import Any, ClassVar, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.ids import LARGEST_ID
from jobs.models import MAX_NAME_LENGTH
from jobs.names import is_visible
from jobs.statuses import StatusType
from jobs.timestamps import parse_timestamp

# The characters that str.strip() removes: regular expression dialects disagree on what whitespace is.
BLANK: Final = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
ID_RANGE: Final = f"An id is a number from 1 to {LARGEST_ID:,}."


def name_schema(max_length: int, note: str = "") -> dict[str, Any]:
    """A maxLength would be wrong, as it would count the whitespace that is trimmed."""
    return {
        "type": "string",
        "minLength": 1,
        "pattern": rf"^[{BLANK}]*[^{BLANK}\x00]([^\x00]{{0,{max_length - 2}}}[^{BLANK}\x00])?[{BLANK}]*$",
        "description": f"1 to {max_length} characters, none of them NUL, after leading and trailing whitespace is removed.{note}",
    }


@extend_schema_field(name_schema(MAX_NAME_LENGTH))
class NameField(serializers.CharField):
    """A name, trimmed: of a job, unless a subclass says otherwise."""

    max_name_length: ClassVar[int] = MAX_NAME_LENGTH

    default_error_messages = {
        "required": "Enter a name.",
        "null": "Enter a name.",
        "blank": "Enter a name.",
        "invalid": "A name must be a string.",
        "invisible": "Enter a name with at least one visible character.",
        "max_length": "Use {max_length} characters or fewer.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=self.max_name_length, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        name = super().to_internal_value(data)
        if name and not is_visible(name):
            raise serializers.ValidationError(self.error_messages["invisible"], "blank")
        return name


class StatusField(serializers.ChoiceField):
    """A status."""

    default_error_messages = {
        "invalid_choice": "Not a valid status. Allowed: {allowed}.",
        "null": f"Allowed: {', '.join(StatusType)}.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(StatusType.choices, **options)

    def to_internal_value(self, data: Any) -> StatusType:
        if not isinstance(data, str) or data not in StatusType.values:
            self.fail("invalid_choice", allowed=", ".join(StatusType))
        return StatusType(data)


class TextField(serializers.CharField):
    """A text that may be empty; values of other types are not converted."""

    default_error_messages = {"invalid": "Must be a string.", "null": "Must be a string."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class IntegerField(serializers.IntegerField):
    """An integer; neither text nor a number with a fraction is converted."""

    default_error_messages = {"invalid": "Must be an integer.", "null": "Must be an integer."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class BooleanField(serializers.BooleanField):
    """True or false; no text stands for them."""

    default_error_messages = {"invalid": "Must be true or false.", "null": "Must be true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid")
        return data


class JobIdField(IntegerField):
    """A job's id."""

    default_error_messages = {
        "required": "Send the job's id.",
        "null": "Send the job's id.",
        "invalid": "An id must be an integer.",
        "min_value": ID_RANGE,
        "max_value": ID_RANGE,
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)


class TimestampField(serializers.DateTimeField):
    """A timestamp with an offset, as responses have it (RFC 3339)."""

    default_error_messages = {
        "required": "Send the job's updated_at.",
        "null": "Send the job's updated_at.",
        "invalid": "Must be a timestamp with an offset: 2026-11-22T10:00:00.000000Z or 2026-11-22T15:30:00.000000+05:30.",
        "overflow": "The timestamp is out of range.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return (
                parse_timestamp(value)
                if isinstance(value, str)
                else self.fail("invalid", format="")
            )
        except OverflowError:
            self.fail("overflow")
        except ValueError:
            self.fail("invalid", format="")
