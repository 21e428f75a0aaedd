"""The fields of the bodies of operations. None converts a value of another JSON type."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.api.fields import TextField
from jobs.api.job_fields import LabelChangesField, labels_schema
from jobs.api.openapi.shapes import OPEN_ENUM
from jobs.ids import LARGEST_ID
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


@extend_schema_field(
    labels_schema(["string", "null"], " Null removes a label.") | {"minProperties": 1}
)
class OperationLabelsField(LabelChangesField):
    """Labels to set and, with null, to remove: at least one."""

    default_error_messages = {"empty": "At least one label is needed, as in team=fluid."}

    def to_internal_value(self, data: Any) -> dict[str, str | None]:
        if data == {}:
            raise serializers.ValidationError(self.error_messages["empty"], "invalid")
        return super().to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "string", OPEN_ENUM: [action.value for action in Action]})
class ActionNameField(serializers.CharField):
    """What is done to each job. Values may be added."""


STATES: Final = [(state.value, state.value) for state in State]


@extend_schema_field({"type": "string", "enum": [value for value, _ in STATES]})
class StateField(serializers.CharField):
    """Where the operation is."""


@extend_schema_field({"type": "string", "enum": ["running", "absent"]})
class WorkerField(serializers.CharField):
    """Whether there is a worker."""
