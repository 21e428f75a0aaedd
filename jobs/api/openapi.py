"""What the schema says of every call alike, added when it is made: how it may refuse, with real problem documents."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from jobs.api.codes import KINDS
from jobs.api.errors import title

EXTENSION: Final = "x-error-codes"
PROBLEM: Final = "application/problem+json"
METHODS: Final = ("get", "post", "put", "patch", "delete")

ANY: Final = ("bad_request", "invalid_query", "length_required", "server_error")
# Their format is no matter of Accept
ANY_ACCEPT: Final = ("export_jobs", "import_jobs")
WITH_PATH_PARAMETER: Final = ("not_found",)
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
WITH_DATABASE: Final = ("database_unavailable", "query_budget")
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
    schemas = result["components"]["schemas"]
    result["components"]["schemas"] = dict(sorted((schemas | SCHEMAS).items()))
    for operation in operations(result):
        if operation["operationId"] in ("create_job", "change_job"):
            for success in ("200", "201"):
                operation["responses"].get(success, {})["links"] = LINKS
    for schema in schemas.values():
        name = schema.get("properties", {}).get("name", {})
        if "pattern" in name:  # which has it exactly: what is trimmed does not count
            name.pop("maxLength", None)
    # Neither field is required, one of them is.
    one_of_both = [{"required": [field]} for field in schemas["JobChange"]["properties"]]
    for change in ("JobChange", "Change"):
        schemas[change]["anyOf"] = one_of_both
    # Elsewhere what is not known is passed over; a file with other columns is hardly one of jobs.
    schemas["ImportedJob"]["additionalProperties"] = False
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
    own = {"status": {"const": status}, "code": {"enum": codes}}
    media = {
        "schema": {
            "allOf": [{"$ref": "#/components/schemas/Problem"}],
            "type": "object",
            "properties": own,
        },
        "examples": {code: _example(code) for code in codes},
    }
    response = {
        "description": " ".join(f"`{code}`: {KINDS[code].when}" for code in codes),
        "content": {PROBLEM: media},
    }
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _example(code: str) -> dict[str, Any]:
    return {"summary": KINDS[code].when, "value": json.loads(KINDS[code].example().content)}


HEADERS: Final[dict[int, Any]] = {
    405: {"Allow": {"schema": {"type": "string"}, "description": "The methods that are offered."}},
    409: {
        "Retry-After": {
            "schema": {"type": "integer"},
            "description": "Seconds; only with `request_in_flight`.",
        }
    },
    410: {
        "Feed-Cursor": {
            "schema": {"type": "string"},
            "description": "Where to go on, once the list has been read anew.",
            "required": True,
        }
    },
    415: {
        "Accept-Encoding": {
            "schema": {"const": "identity"},
            "description": "Only with `unsupported_encoding`.",
        }
    },
    503: {
        "Retry-After": {
            "schema": {"type": "integer"},
            "description": "Seconds; not with `query_budget`.",
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
    "Mistake": {
        "type": "object",
        "description": "What is wrong with one field.",
        "properties": {
            "field": _text("Its name; empty where it is no single one."),
            "code": _text("Stable; for programs."),
            "detail": _text("For people; may be reworded."),
            "line": {
                "type": "integer",
                "description": "Where the record begins, from 1; only with `invalid_lines`.",
            },
        },
        "required": ["field", "code", "detail"],
    },
    "Problem": {
        "type": "object",
        "description": "Why there is no other answer (RFC 9457).",
        "properties": {
            "type": _text("Always `about:blank`: `code` says what it is."),
            "title": _text("The status in words."),
            "status": {"type": "integer", "description": "The answer's status."},
            "detail": _text("For people; may be reworded."),
            "code": _text("Stable; for programs."),
            "errors": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Mistake"},
                "description": "Where the query or the body is wrong: every mistake in it.",
            },
            "error_count": {
                "type": "integer",
                "description": "How many lines are wrong; only with `invalid_lines`.",
            },
        },
        "required": ["type", "title", "status", "detail", "code"],
    },
}
