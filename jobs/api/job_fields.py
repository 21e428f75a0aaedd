"""The fields by which requests set the columns of a job, and report a status."""

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple, NoReturn

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.api.fields import BLANK, NameField, TextField, TimestampField
from jobs.labels import LABEL_KEY, MAX_LABEL_KEY, MAX_LABEL_VALUE, MAX_LABELS
from jobs.mistakes import UNSTORABLE, quoted
from jobs.models import MAX_KEY_LENGTH, MAX_REASON_LENGTH
from jobs.names import is_visible

# How far in the future a reported time may be
MAX_AHEAD: Final = timedelta(days=1)
# Unicode's category Cc
CONTROLS: Final = r"\x00-\x1f\x7f-\x9f"
CONTROL: Final = re.compile(f"[{CONTROLS}]")


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
        f" those, `-`, `_`, `.` or `/`; a text has up to {MAX_LABEL_VALUE} characters, none of them a control character; whitespace around it is removed.{note}",
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
        "surrogate_characters_not_allowed": "The label {label} contains an unpaired surrogate.",
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
        return {key: value and value.strip() for key, value in data.items()}

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
            self.fail("surrogate_characters_not_allowed", label=label)

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
    """Why a status was reported, or an operation started. Null for no reason; one without visible characters is none."""

    def __init__(
        self,
        help_text: str = "Why, for people; null or blank for no reason. Sent only with a status.",
        **options: Any,
    ) -> None:
        super().__init__(
            max_length=MAX_REASON_LENGTH,
            allow_null=True,
            allow_blank=True,
            required=False,
            help_text=help_text,
            **options,
        )

    def run_validation(self, data: Any = serializers.empty) -> str | None:
        reason: str | None = super().run_validation(data)
        return reason if reason and is_visible(reason) else None


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
