"""The fields of the bodies of operations. None converts a value of another JSON type."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.api.fields import TextField
from jobs.api.openapi.shapes import OPEN_ENUM
from jobs.ids import LARGEST_ID
from jobs.labels import LABEL_KEY, MAX_LABEL_KEY, MAX_LABEL_VALUE, MAX_LABELS
from jobs.mistakes import UNSTORABLE
from jobs.operations.rows import Action, State
from jobs.operations.selection import MAX_IDS
from jobs.statuses import StatusType

# Those that a request can name
ACTIONS: Final = tuple(action.value for action in Action if action != Action.UNDO)
IDS: Final = {
    "type": "array",
    "items": {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    "minItems": 1,
    "maxItems": MAX_IDS,
}
STATUSES: Final = {
    "type": "array",
    "items": {"$ref": "#/components/schemas/StatusType"},
    "minItems": 1,
}
LABELS: Final = {
    "type": "object",
    "propertyNames": {"pattern": f"^{LABEL_KEY.pattern}$", "maxLength": MAX_LABEL_KEY},
    "additionalProperties": {
        "type": ["string", "null"],
        "maxLength": MAX_LABEL_VALUE,
        "pattern": r"^[^\x00]*$",
    },
    "minProperties": 1,
}


@extend_schema_field({"type": "string", "enum": list(ACTIONS)})
class ActionField(TextField):
    """What to do to each job."""

    default_error_messages = {
        "invalid_choice": f"Not a valid action. Allowed: {', '.join(ACTIONS)}.",
        "required": f"Send an action: {', '.join(ACTIONS)}.",
    }

    def to_internal_value(self, data: Any) -> Action:
        if super().to_internal_value(data) not in ACTIONS:
            self.fail("invalid_choice")
        return Action(data)


@extend_schema_field(IDS)
class IdsField(serializers.Field[Any, Any, Any, Any]):
    """Ids of jobs. Not a list of fields, which would take a second for as many."""

    default_error_messages = {
        "invalid": f"Must be a list of 1 to {MAX_IDS:,} job ids: numbers from 1 to {LARGEST_ID:,}.",
        "null": f"Must be a list of 1 to {MAX_IDS:,} job ids.",
    }

    def to_internal_value(self, data: Any) -> list[int]:
        if not isinstance(data, list) or not 1 <= len(data) <= MAX_IDS:
            self.fail("invalid")
        if not all(type(each) is int and 1 <= each <= LARGEST_ID for each in data):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(STATUSES)
class StatusesField(serializers.Field[Any, Any, Any, Any]):
    """Statuses of which a job must have one."""

    default_error_messages = {
        "invalid_choice": f"Must be a list of statuses. Allowed: {', '.join(StatusType)}.",
        "null": "Must be a list of statuses.",
    }

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list) or not data:
            self.fail("invalid_choice")
        if not all(isinstance(each, str) and each in StatusType.values for each in data):
            self.fail("invalid_choice")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(LABELS)
class LabelChangesField(serializers.Field[Any, Any, Any, Any]):
    """Labels to set and, with null, to remove: a JSON Merge Patch."""

    default_error_messages = {
        "invalid": f"Must be an object with at least one label: each key has 1 to {MAX_LABEL_KEY} of the characters"
        f" A-Z a-z 0-9 . _ / - and begins and ends with a letter or digit; each value is a string of up to {MAX_LABEL_VALUE}"
        " characters, or null to remove the label.",
        "null": "Must be an object with at least one label.",
        "too_many": f"A job has at most {MAX_LABELS} labels.",
    }

    def to_internal_value(self, data: Any) -> dict[str, str | None]:
        if not isinstance(data, dict) or not data:
            self.fail("invalid")
        if not all(LABEL_KEY.fullmatch(key) and _is_value(data[key]) for key in data):
            self.fail("invalid")
        if sum(value is not None for value in data.values()) > MAX_LABELS:
            self.fail("too_many")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "string", OPEN_ENUM: [action.value for action in Action]})
class ActionNameField(serializers.CharField):
    """What is done to each job. Values may be added."""


@extend_schema_field({"type": "string", "enum": [state.value for state in State]})
class StateField(serializers.CharField):
    """Where the operation is."""


@extend_schema_field({"type": "string", "enum": ["running", "absent"]})
class WorkerField(serializers.CharField):
    """Whether there is a worker."""


def _is_value(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, str) and len(value) <= MAX_LABEL_VALUE and not UNSTORABLE.search(value)
