"""The fields of the bodies of views. None converts a value of another JSON type."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.api.fields import NameField, TextField, name_schema
from jobs.limits import MAX_VIEW_NAME_LENGTH
from jobs.saved_views.search import is_list_of_columns
from jobs.statuses import StatusType
from jobs.table_columns import LABELS, REQUIRED

NAME: Final = name_schema(MAX_VIEW_NAME_LENGTH, " Unique, whatever its case.")
STATUSES: Final = {
    "type": "array",
    "items": {"$ref": "#/components/schemas/StatusType"},
    "description": "Only jobs with one of these statuses; empty for all.",
}
COLUMNS: Final = {
    "type": "array",
    "items": {"type": "string", "enum": list(LABELS)},
    "description": "The columns that the pages show, in order, among them"
    f" {' and '.join(f'`{name}`' for name in sorted(REQUIRED))}; empty for those that each viewer has chosen.",
}


@extend_schema_field(NAME)
class ViewNameField(NameField):
    """A view's name, trimmed."""

    max_name_length = MAX_VIEW_NAME_LENGTH


class TextListField(serializers.Field[Any, Any, Any, Any]):
    """A list of strings."""

    default_error_messages = {
        "invalid": "Must be a list of strings.",
        "null": "Must be a list of strings.",
    }

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(STATUSES)
class StatusesField(TextListField):
    """The statuses of the tabs."""

    default_error_messages = {
        "invalid_choice": f"Not a list of statuses. Allowed: {', '.join(StatusType)}."
    }

    def to_internal_value(self, data: Any) -> list[str]:
        statuses = super().to_internal_value(data)
        if not set(statuses) <= set(StatusType.values):
            self.fail("invalid_choice")
        return statuses


@extend_schema_field(COLUMNS)
class ColumnsField(TextListField):
    """The columns that are shown."""

    default_error_messages = {
        "invalid_choice": f"Not a list of columns. Allowed, each once: {', '.join(LABELS)}. Required, unless the list is"
        f" empty: {', '.join(sorted(REQUIRED))}."
    }

    def to_internal_value(self, data: Any) -> list[str]:
        columns = super().to_internal_value(data)
        if not is_list_of_columns(columns):
            self.fail("invalid_choice")
        return columns


@extend_schema_field({"$ref": "#/components/schemas/Ordering"})
class OrderingField(TextField):
    """An ordering of the list."""
