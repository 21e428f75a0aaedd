"""The schemas that no serializer describes: orderings, and problem documents."""

from typing import Any, Final

from jobs.listing.reader import ORDERINGS


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


SCHEMAS: Final[dict[str, Any]] = {
    "Ordering": {
        "type": "string",
        "enum": list(ORDERINGS),
        "description": "The sort order of a list; a leading `-` reverses it.",
    },
    "FieldError": {
        "type": "object",
        "description": "An error in one field.",
        "properties": {
            "field": _text("The name of the field; empty if the error concerns no single field."),
            "code": _text("A stable code for programs. Codes may be added."),
            "detail": _text("An explanation for people. The wording may change."),
            "line": {
                "type": "integer",
                "description": "The line on which the record begins, counted from 1; only for imports.",
            },
        },
        "required": ["field", "code", "detail"],
    },
    "Problem": {
        "type": "object",
        "description": "A problem document (RFC 9457): why the request failed.",
        "properties": {
            "type": _text("Always `about:blank`; `code` identifies the problem."),
            "title": _text("The reason phrase of the status."),
            "status": {
                "type": "integer",
                "minimum": 400,
                "maximum": 599,
                "description": "The HTTP status of the response.",
            },
            "detail": _text("An explanation for people. The wording may change."),
            "code": _text("A stable code for programs. Codes may be added."),
            "errors": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/FieldError"},
                "description": "The errors in the query, a header or the body, if the request is invalid.",
            },
            "job_id": {
                "type": "integer",
                "minimum": 1,
                "description": "The id of the job that has the key; only with `key_taken`.",
            },
            "error_count": {
                "type": "integer",
                "description": "The number of invalid lines; only with `invalid_lines`.",
            },
        },
        "required": ["type", "title", "status", "detail", "code"],
    },
}
