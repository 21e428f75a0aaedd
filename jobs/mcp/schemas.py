"""The JSON Schemas that several tools share. Short: every client has them in its context."""

from __future__ import annotations

from typing import Any, Final

from jobs.ids import LARGEST_ID
from jobs.listing.reader import ORDERINGS
from jobs.models import MAX_REASON_LENGTH
from jobs.operations.rows import State
from jobs.rows import COLUMNS, Kind
from jobs.search.parser import MAX_LENGTH
from jobs.statuses import StatusType
from jobs.timestamps import MAX_ZONE_LENGTH

MAX_ROWS: Final = 100
DEFAULT_ROWS: Final = 50
TEXT: Final[dict[str, Any]] = {"type": "string"}
NUMBER: Final[dict[str, Any]] = {"type": "integer", "minimum": 0}
OBJECT: Final[dict[str, Any]] = {"type": "object"}
ID: Final[dict[str, Any]] = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
STATUS: Final[dict[str, Any]] = {"type": "string", "enum": list(StatusType.values)}
COUNT_RELATION: Final[dict[str, Any]] = {
    "type": "string",
    "enum": ["exact", "at_least"],
    "description": "Whether the count is exact or a lower bound.",
}
BY_STATUS: Final[dict[str, Any]] = {
    "type": "object",
    "properties": dict.fromkeys(StatusType.values, NUMBER),
    "required": list(StatusType.values),
}
CURSOR: Final[dict[str, Any]] = {
    "type": "string",
    "description": "next_cursor of the previous page, with the same other arguments.",
}
NEXT_CURSOR: Final[dict[str, Any]] = {
    "type": ["string", "null"],
    "description": "Null on the last page.",
}
PAGE_SIZE: Final[dict[str, Any]] = {
    "type": "integer",
    "minimum": 1,
    "maximum": MAX_ROWS,
    "default": DEFAULT_ROWS,
}
ORDERING: Final[dict[str, Any]] = {
    "type": "string",
    "enum": list(ORDERINGS),
    "default": "-created_at",
}
OPERATION_STATE: Final[dict[str, Any]] = {
    "type": "string",
    "enum": [state.value for state in State],
}
SEARCH: Final[dict[str, dict[str, Any]]] = {
    "q": {
        "type": "string",
        "maxLength": MAX_LENGTH,
        "description": "A search; explain_search has the language. Empty for all jobs.",
    },
    "status": {
        "type": "array",
        "items": STATUS,
        "minItems": 1,
        "description": "Only jobs with one of these statuses.",
    },
    "tz": {
        "type": "string",
        "maxLength": MAX_ZONE_LENGTH,
        "description": "The IANA name of the time zone of the days in q; UTC by default.",
    },
}
REASON: Final[dict[str, Any]] = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_REASON_LENGTH,
    "description": "Why, for the people who read the history.",
}
_KINDS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.ID: ID,
    Kind.TEXT: TEXT,
    Kind.OPTIONAL_TEXT: {"type": ["string", "null"]},
    Kind.STATUS: STATUS,
    Kind.TIME: TEXT,
    Kind.LABELS: {"type": "object", "additionalProperties": TEXT},
}
JOB: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {column.name: _KINDS[column.kind] for column in COLUMNS},
    "required": [column.name for column in COLUMNS],
}


def ids(most: int) -> dict[str, Any]:
    return {"type": "array", "items": ID, "minItems": 1, "maxItems": most}


def a_list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
