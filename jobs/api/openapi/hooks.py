"""The errors in the OpenAPI schema: a postprocessing hook adds them to every operation, with real examples."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from jobs.api.openapi.error_codes import ERROR_CODES
from jobs.api.openapi.shared_schemas import SCHEMAS
from jobs.api.openapi.token_codes import TOKEN_CODES
from jobs.api.problems.responses import title

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
# In login mode; all but those that are public
WITH_LOGIN: Final = (
    "login_required",
    *TOKEN_CODES,
    "forbidden",
    "second_factor_required",
    "rate_limited",
)
PUBLIC: Final = ("get_health",)
# Their format does not depend on Accept.
ANY_ACCEPT: Final = ("export_jobs", "export_audit", "import_jobs")
WITH_PATH_PARAMETER: Final = {
    "job_id": ("job_not_found", "not_found"),
    "view_id": ("view_not_found", "not_found"),
    "trashed_id": ("not_in_trash", "not_found"),
    "operation_id": ("operation_not_found", "not_found"),
}
WITH_BODY: Final = (
    "body_incomplete",
    "too_slow",
    "body_too_large",
    "unsupported_media_type",
    "unsupported_encoding",
    "busy",
)
WITH_JSON: Final = ("malformed_json", "invalid")
WITH_HEADER: Final = {
    "Idempotency-Key": ("invalid_header", "request_in_flight", "idempotency_key_reused"),
    "If-Match": ("invalid_header", "precondition_failed"),
    "If-None-Match": ("invalid_header",),
    "Change-Source": ("invalid_header",),
}
WITH_DATABASE: Final = (
    "query_budget",
    "lock_timeout",
    "database_read_only",
    "database_overloaded",
    "database_failing",
    "database_unavailable",
)
CHANGES: Final = ("cross_site", "csrf_failed", "database_full", "outcome_unknown")
# Changes without a body
DELETIONS: Final = ("delete_job", "delete_view", "discard_trashed_job", "cancel_operation")
# Of many jobs
CONFIRMED: Final = (
    "create_operation",
    "retry_operation",
    "undo_operation",
    "change_jobs",
    "delete_jobs",
    "undo_statuses",
    "restore_jobs",
)
OPTIONAL_BODY: Final = ("retry_operation", "undo_operation")
WITHOUT_DATABASE: Final = ("get_liveness", "get_root", "get_schema")


def fails_with(*codes: str) -> dict[str, list[str]]:
    """`extensions` for an operation's own error codes, besides those that follow from its parameters and body."""
    unknown = set(codes) - ERROR_CODES.keys()
    if unknown:
        raise ValueError(f"not in jobs/api/openapi/error_codes.py: {', '.join(sorted(unknown))}")
    return {EXTENSION: list(codes)}


def describe_errors(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """A postprocessing hook: operations list their error codes and share one response per status.

    It replaces an operation's own description of a status that has a code.
    """
    for operation in operations(result):
        codes = _codes(operation)
        operation[EXTENSION] = codes
        if "requestBody" in operation:
            # drf-spectacular marks a body as optional if none of its fields is required.
            operation["requestBody"]["required"] = operation["operationId"] not in OPTIONAL_BODY
        for status in sorted({ERROR_CODES[code].status for code in codes}):
            operation["responses"][str(status)] = {
                "$ref": f"#/components/responses/{shared_name(status)}"
            }
        operation["responses"] = dict(sorted(operation["responses"].items()))
    result["components"]["schemas"] |= SCHEMAS
    for operation in operations(result):
        if operation["operationId"] in ("create_job", "change_job"):
            for success in ("200", "201"):
                operation["responses"].get(success, {})["links"] = LINKS
    kinds = sorted(ERROR_CODES.items(), key=lambda item: item[1].status)
    result["components"]["responses"] = {
        shared_name(status): _response(status, [code for code, _ in same])
        for status, same in groupby(kinds, key=lambda item: item[1].status)
    }
    return result


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All operations of the schema, in order."""
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _codes(operation: dict[str, Any]) -> list[str]:
    codes = [*ANY, *operation.get(EXTENSION, [])]
    if operation["operationId"] not in PUBLIC:
        codes += WITH_LOGIN
    if operation["operationId"] in CONFIRMED:
        codes.append("reauthentication_required")
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            codes += WITH_PATH_PARAMETER.get(parameter["name"], ("not_found",))
        elif parameter["in"] == "header":
            codes += WITH_HEADER.get(parameter["name"], ())
    if "requestBody" in operation:
        codes += WITH_BODY
        codes += WITH_JSON if "application/json" in operation["requestBody"]["content"] else ()
    if operation["operationId"] not in ANY_ACCEPT:
        codes.append("not_acceptable")
    if operation["operationId"] not in WITHOUT_DATABASE:
        codes += WITH_DATABASE
        if "requestBody" in operation or operation["operationId"] in DELETIONS:
            codes += CHANGES
    by_hand = {
        int(status)
        for status, response in operation["responses"].items()
        if PROBLEM in response.get("content", {})
    } - {ERROR_CODES[code].status for code in codes}
    codes += [code for code, kind in ERROR_CODES.items() if kind.status in by_hand]
    return [code for code in ERROR_CODES if code in codes]


def shared_name(status: int) -> str:
    """The name of the shared response of a status, such as `NotFound`."""
    return title(status).replace(" ", "")


def _response(status: int, codes: Iterable[str]) -> dict[str, Any]:
    codes = list(codes)
    media = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {code: _example(code) for code in codes},
    }
    response = {
        "description": " ".join(f"`{code}`: {ERROR_CODES[code].when}" for code in codes),
        "content": {PROBLEM: media},
        EXTENSION: codes,
    }
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _example(code: str) -> dict[str, Any]:
    return {
        "summary": ERROR_CODES[code].when,
        "value": json.loads(ERROR_CODES[code].example().content),
    }


HEADERS: Final[dict[int, Any]] = {
    401: {
        "WWW-Authenticate": {
            "schema": {"type": "string"},
            "description": "`Bearer`, and what is wrong with the token (RFC 6750).",
            "required": True,
        }
    },
    405: {
        "Allow": {
            "schema": {"type": "string"},
            "description": "The methods that the URL supports.",
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
            "description": "The cursor to continue from after reading the list again.",
            "required": True,
        }
    },
    415: {
        "Accept-Encoding": {
            "schema": {"type": "string", "const": "identity"},
            "description": "Only with `unsupported_encoding`.",
        }
    },
    429: {
        "Retry-After": {
            "schema": {"type": "integer"},
            "description": "In seconds.",
            "required": True,
        },
        "RateLimit": {
            "schema": {"type": "string"},
            "description": "What is left of the quota: `r` requests for the next `t` seconds. Also in the responses to other"
            " requests with a token. Not with `concurrency_limited`.",
        },
        "RateLimit-Policy": {
            "schema": {"type": "string"},
            "description": "The quota: `q` requests in `w` seconds. Wherever `RateLimit` is.",
        },
    },
    503: {
        "Retry-After": {
            "schema": {"type": "integer"},
            "description": "In seconds; not with `query_budget`, and with `outcome_unknown` only if an `Idempotency-Key` was sent.",
        }
    },
}


# Operations on the job in a response
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
