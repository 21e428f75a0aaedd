"""What the schema says of every call alike, added when it is made: how it may refuse, with real problem documents."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from jobs.api.codes import KINDS
from jobs.api.errors import title
from jobs.listing import ORDERINGS

EXTENSION: Final = "x-error-codes"
PROBLEM: Final = "application/problem+json"
METHODS: Final = ("get", "post", "put", "patch", "delete")

ANY: Final = (
    "bad_request",
    "host_not_allowed",
    "https_required",
    "invalid_query",
    "length_required",
    "server_error",
)
# Their format is no matter of Accept
ANY_ACCEPT: Final = ("export_jobs", "import_jobs")
WITH_PATH_PARAMETER: Final = ("job_not_found", "not_found")
WITH_BODY: Final = (
    "body_incomplete",
    "too_slow",
    "body_too_large",
    "unsupported_media_type",
    "unsupported_encoding",
)
WITH_JSON: Final = ("malformed_json", "invalid")
WITH_HEADER: Final = {
    "Idempotency-Key": ("invalid_header", "request_in_flight", "idempotency_key_reused"),
    "If-Match": ("invalid_header", "precondition_failed"),
    "If-None-Match": ("invalid_header",),
}
WITH_DATABASE: Final = (
    "query_budget",
    "lock_timeout",
    "database_read_only",
    "database_overloaded",
    "database_failing",
    "database_unavailable",
)
CHANGES: Final = ("database_full", "outcome_unknown")
WITHOUT_DATABASE: Final = ("get_root", "get_schema")


def refuses(*codes: str) -> dict[str, list[str]]:
    """`extensions` of a call that refuses in ways of its own, beside those that follow from its shape."""
    unknown = set(codes) - KINDS.keys()
    if unknown:
        raise ValueError(f"Not in jobs/api/codes.py: {', '.join(sorted(unknown))}")
    return {EXTENSION: list(codes)}


def describe_refusals(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """A postprocessing hook: every call names its codes, and shares one response for each status.

    A refusal that a call describes by hand is replaced where its status is a known one.
    """
    for operation in operations(result):
        codes = _codes(operation)
        operation[EXTENSION] = codes
        if "requestBody" in operation:
            # The framework calls a body optional where none of its fields is required.
            operation["requestBody"]["required"] = True
        for status in sorted({KINDS[code].status for code in codes}):
            operation["responses"][str(status)] = {
                "$ref": f"#/components/responses/{shared_name(status)}"
            }
        operation["responses"] = dict(sorted(operation["responses"].items()))
    result["components"]["schemas"] |= SCHEMAS
    for operation in operations(result):
        if operation["operationId"] in ("create_job", "change_job"):
            for success in ("200", "201"):
                operation["responses"].get(success, {})["links"] = LINKS
    kinds = sorted(KINDS.items(), key=lambda item: item[1].status)
    result["components"]["responses"] = {
        shared_name(status): _response(status, [code for code, _ in same])
        for status, same in groupby(kinds, key=lambda item: item[1].status)
    }
    return result


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every call of the schema, in its order."""
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _codes(operation: dict[str, Any]) -> list[str]:
    codes = [*ANY, *operation.get(EXTENSION, [])]
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            codes += WITH_PATH_PARAMETER
        elif parameter["in"] == "header":
            codes += WITH_HEADER.get(parameter["name"], ())
    if "requestBody" in operation:
        codes += WITH_BODY
        codes += WITH_JSON if "application/json" in operation["requestBody"]["content"] else ()
    if operation["operationId"] not in ANY_ACCEPT:
        codes.append("not_acceptable")
    if operation["operationId"] not in WITHOUT_DATABASE:
        codes += WITH_DATABASE
        if "requestBody" in operation or operation["operationId"] == "delete_job":
            codes += CHANGES
    by_hand = {
        int(status)
        for status, response in operation["responses"].items()
        if PROBLEM in response.get("content", {})
    } - {KINDS[code].status for code in codes}
    codes += [code for code, kind in KINDS.items() if kind.status in by_hand]
    return [code for code in KINDS if code in codes]


def shared_name(status: int) -> str:
    """What the shared response of a status is called: `NotFound`."""
    return title(status).replace(" ", "")


def _response(status: int, codes: Iterable[str]) -> dict[str, Any]:
    codes = list(codes)
    media = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {code: _example(code) for code in codes},
    }
    response = {
        "description": " ".join(f"`{code}`: {KINDS[code].when}" for code in codes),
        "content": {PROBLEM: media},
        EXTENSION: codes,
    }
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _example(code: str) -> dict[str, Any]:
    return {"summary": KINDS[code].when, "value": json.loads(KINDS[code].example().content)}


HEADERS: Final[dict[int, Any]] = {
    405: {
        "Allow": {
            "schema": {"type": "string"},
            "description": "The methods that the address offers.",
        }
    },
    409: {
        "Retry-After": {
            "schema": {"type": "integer"},
            "description": "In seconds; only with `request_in_flight`.",
        }
    },
    410: {
        "Feed-Cursor": {
            "schema": {"type": "string"},
            "description": "The cursor to continue from, once the list has been read again.",
            "required": True,
        }
    },
    415: {
        "Accept-Encoding": {
            "schema": {"type": "string", "const": "identity"},
            "description": "Only with `unsupported_encoding`.",
        }
    },
    503: {
        "Retry-After": {
            "schema": {"type": "integer"},
            "description": "In seconds; not with `query_budget`, and with `outcome_unknown` only where a key was sent.",
        }
    },
}


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


# What can be done with a job that has just been answered
LINKS: Final[dict[str, Any]] = {
    operation_id: {
        "operationId": operation_id,
        "parameters": {"job_id": "$response.body#/id"},
    }
    for operation_id in ("get_job", "change_job", "delete_job", "list_statuses")
} | {
    "undo_status": {
        "operationId": "undo_status",
        "parameters": {"job_id": "$response.body#/id"},
        "requestBody": {"updated_at": "$response.body#/updated_at"},
    }
}
SCHEMAS: Final[dict[str, Any]] = {
    "Ordering": {
        "type": "string",
        "enum": list(ORDERINGS),
        "description": "What a list is sorted by; `-` before it reverses the order.",
    },
    "Mistake": {
        "type": "object",
        "description": "What is wrong with one field.",
        "properties": {
            "field": _text("The name of the field; empty if it is not about a single one."),
            "code": _text("For programs: stable. More may be added."),
            "detail": _text("For people: may be reworded."),
            "line": {
                "type": "integer",
                "description": "The line in which the record begins, from 1; only for an import.",
            },
        },
        "required": ["field", "code", "detail"],
    },
    "Problem": {
        "type": "object",
        "description": "Why the request failed (RFC 9457).",
        "properties": {
            "type": _text("Always `about:blank`: `code` says which problem it is."),
            "title": _text("The status in words."),
            "status": {
                "type": "integer",
                "minimum": 400,
                "maximum": 599,
                "description": "The answer's status.",
            },
            "detail": _text("For people: may be reworded."),
            "code": _text("For programs: stable. More may be added."),
            "errors": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Mistake"},
                "description": "Every mistake in the query or the body, if that is what is wrong.",
            },
            "error_count": {
                "type": "integer",
                "description": "The number of wrong lines; only with `invalid_lines`.",
            },
        },
        "required": ["type", "title", "status", "detail", "code"],
    },
}
