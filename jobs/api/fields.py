"""The fields of request bodies. None converts a value of another JSON type."""

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple, NoReturn

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.ids import LARGEST_ID
from jobs.labels import LABEL_KEY, MAX_LABEL_KEY, MAX_LABEL_VALUE, MAX_LABELS
from jobs.mistakes import UNSTORABLE, quoted
from jobs.models import MAX_KEY_LENGTH, MAX_NAME_LENGTH, MAX_REASON_LENGTH
from jobs.names import is_visible
from jobs.statuses import StatusType
from jobs.timestamps import parse_timestamp

# The characters that str.strip() removes: regular expression dialects disagree on what whitespace is.
BLANK: Final = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# How far in the future a reported time may be
MAX_AHEAD: Final = timedelta(days=1)
# Unicode's category Cc
CONTROLS: Final = r"\x00-\x1f\x7f-\x9f"
CONTROL: Final = re.compile(f"[{CONTROLS}]")
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


@extend_schema_field(
    {
        "type": "string",
        "minLength": 1,
        "pattern": rf"^[{BLANK}]*[^{BLANK}{CONTROLS}]([^{CONTROLS}]{{0,{MAX_KEY_LENGTH - 2}}}[^{BLANK}{CONTROLS}])?[{BLANK}]*$",
        "description": f"The id that another system gives the job, unique among all jobs: 1 to {MAX_KEY_LENGTH} characters, none of"
        " them a control character, after leading and trailing whitespace is removed. Null for no key.",
    }
)
class KeyField(NameField):
    """A job's key, trimmed; null for none."""

    max_name_length: ClassVar[int] = MAX_KEY_LENGTH

    default_error_messages = {
        "blank": "Send a key, or null for none.",
        "invalid": "A key must be a string, or null for none.",
        "invisible": "Send a key with at least one visible character, or null for none.",
        "control": "A key must not contain control characters, such as a line break.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_internal_value(self, data: Any) -> str:
        key = super().to_internal_value(data)
        if CONTROL.search(key):
            raise serializers.ValidationError(self.error_messages["control"], "invalid")
        return key


def labels_schema(value: Any, note: str = "") -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{LABEL_KEY.pattern}$"},
        "additionalProperties": {
            "type": value,
            "maxLength": MAX_LABEL_VALUE,
            "pattern": f"^[^{CONTROLS}]*$",
        },
        "description": f"Up to {MAX_LABELS} texts by key. A key has 1 to {MAX_LABEL_KEY} letters of a to z, digits and, between"
        f" those, `-`, `_`, `.` or `/`; a text has up to {MAX_LABEL_VALUE} characters, none of them a control character.{note}",
    }


@extend_schema_field(labels_schema("string"))
class LabelsField(serializers.Field[dict[str, str | None], Any, Any, Any]):
    """The labels of a new job."""

    can_remove: ClassVar[bool] = False

    default_error_messages = {
        "invalid": 'Labels must be an object of texts, as in {{"team": "fluid"}}.',
        "null": 'Labels must be an object of texts, as in {{"team": "fluid"}}.',
        "key": "{label} is not a valid key of a label. Use 1 to {longest} letters, digits and, between those, - _ . or /.",
        "value": "The label {label} must be a text.",
        "control": "The label {label} contains a control character.",
        "max_length": "The label {label} is longer than {longest} characters.",
        "too_many_labels": "Send {most} labels or fewer.",
    }

    def to_internal_value(self, data: Any) -> dict[str, str | None]:
        if not isinstance(data, dict):
            self.fail("invalid")
        for key, value in data.items():
            self._check(key, value)
        if sum(value is not None for value in data.values()) > MAX_LABELS:
            self.fail("too_many_labels", most=MAX_LABELS)
        return data

    def _check(self, key: str, value: Any) -> None:
        label = quoted(key)
        if not LABEL_KEY.fullmatch(key):
            self._refuse("key", label=label, longest=MAX_LABEL_KEY)
        if value is None and self.can_remove:
            return
        if not isinstance(value, str):
            self._refuse("value", label=label)
        if len(value) > MAX_LABEL_VALUE:
            self.fail("max_length", label=label, longest=MAX_LABEL_VALUE)
        if CONTROL.search(value):
            self._refuse("control", label=label)
        if UNSTORABLE.search(value):
            self._refuse("control", label=label)

    def _refuse(self, message: str, **values: Any) -> NoReturn:
        text = self.error_messages[message].format(**values)
        raise serializers.ValidationError(text, "invalid")


@extend_schema_field(
    labels_schema(
        ["string", "null"],
        " A change merges them with those of the job (RFC 7396): null removes a label, and labels that are"
        " not mentioned stay.",
    )
)
class LabelChangesField(LabelsField):
    """Changes of labels, as a JSON Merge Patch."""

    can_remove = True


class ReasonField(TextField):
    """Why a status was reported. Null or blank for no reason."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=MAX_REASON_LENGTH,
            allow_null=True,
            allow_blank=True,
            required=False,
            help_text="Why, for people; null or blank for no reason. Sent only with a status.",
            **options,
        )

    def run_validation(self, data: Any = serializers.empty) -> str | None:
        return super().run_validation(data) or None


class OccurredAtField(TimestampField):
    """When a status change happened. A clock that is a little fast does no harm, a wrong year would."""

    default_error_messages = {"in_future": "occurred_at is more than a day in the future."}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            allow_null=True,
            required=False,
            help_text="When it happened, by the client's clock; at most a day in the future. Sent only with a status. The"
            " history is in the order in which the statuses were recorded.",
            **options,
        )

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if moment - timezone.now() > MAX_AHEAD:
            self.fail("in_future")
        return moment


class ColumnField(NamedTuple):
    """How requests set a column. Without a default, a new job must have a value."""

    field: type[serializers.Field[Any, Any, Any, Any]]
    default: Any = serializers.empty
    change: type[serializers.Field[Any, Any, Any, Any]] | None = None
    """The field in a change, if it is another one."""

    def of_a_new_job(self) -> serializers.Field[Any, Any, Any, Any]:
        return (
            self.field() if self.default is serializers.empty else self.field(default=self.default)
        )

    def of_a_change(self) -> serializers.Field[Any, Any, Any, Any]:
        return (self.change or self.field)(required=False)


# One for each writable column.
COLUMN_FIELDS: Final = {
    "name": ColumnField(NameField),
    "key": ColumnField(KeyField, None),
    "labels": ColumnField(LabelsField, dict, LabelChangesField),
}
