"""Checks the API's responses against the schema. Rule: no response has anything that the schema does not describe."""

import json
import re
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from jsonschema_rs import Draft202012Validator

from jobs.api.document import openapi_document, rendered
from jobs.api.openapi.hooks import EXTENSION, PROBLEM, shared_name
from jobs.api.problems.field_codes import FIELD_CODES
from jobs.tests.strict_schema import strict

# Errors that any request may get, whatever its URL
COMMON_CODES: Final = {
    "bad_request",
    "host_not_allowed",
    "https_required",
    "method_not_allowed",
    "not_found",
    "length_required",
}
# Headers that only some responses with a status have
OPTIONAL_HEADERS: Final = {"Idempotent-Replayed", "Feed-Cursor", "Feed-Behind"}
# Parsed as in the strict schema, in which NDJSON is an array.
PARSERS: Final[dict[str, Callable[[bytes], Any]]] = {
    "application/json": json.loads,
    "application/x-ndjson": lambda body: [json.loads(line) for line in body.splitlines()],
}


def check(method: str, response: Any) -> None:
    """Fails if the response to a request for a URL below /api/ does not match the schema."""
    operation = _operation(method, response)
    if method == "HEAD":
        assert response.streaming or response.content == b""
    elif response.status_code >= HTTPStatus.BAD_REQUEST:
        _check_problem(operation, response)
    elif operation is not None:
        _check_success(operation, response)
    else:
        assert method == "OPTIONS", f"{method} succeeds but is not described"
        assert (response.status_code, response.content) == (204, b"")
        assert "Allow" in response


@cache
def closed_schema() -> dict[str, Any]:
    """The strict document, in which no object may have additional properties."""
    copy = strict(json.loads(rendered("json")))
    for schema in copy["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    field_error = copy["components"]["schemas"]["FieldError"]
    field_error["properties"]["code"]["enum"] = list(FIELD_CODES)
    return copy


def _operation(method: str, response: Any) -> dict[str, Any] | None:
    """None if the URL is unknown or does not support the method."""
    match = getattr(response, "resolver_match", None)
    route = re.sub(r"<\w+:(\w+)>", r"{\1}", match.route) if match else ""
    operation: dict[str, Any] | None = (
        openapi_document()["paths"].get(f"/{route}", {}).get(method.lower())
    )
    return operation


def _check_success(operation: dict[str, Any], response: Any) -> None:
    name = operation["operationId"]
    described = operation["responses"].get(str(response.status_code))
    assert described, f"{name} responds with {response.status_code}, which is not described"
    for header in described.get("headers", {}).keys() - OPTIONAL_HEADERS:
        assert header in response, f"{name} responds without {header}"
    if "content" not in described:
        assert response.content == b""
        return
    media_type = response["Content-Type"].partition(";")[0]
    assert media_type in described["content"], f"{name} responds with {media_type}"
    if media_type in PARSERS and not response.streaming:
        pointer = f"responses/{response.status_code}/content/{media_type.replace('/', '~1')}/schema"
        _validator(f"{_pointer(name)}/{pointer}").validate(PARSERS[media_type](response.content))


def _check_problem(operation: dict[str, Any] | None, response: Any) -> None:
    assert response["Content-Type"] == PROBLEM
    body = json.loads(response.content)
    codes = {*COMMON_CODES, *(operation or {}).get(EXTENSION, ())}
    assert body["code"] in codes, f"{body['code']} is not described: {body}"
    name = shared_name(response.status_code)
    described = openapi_document()["components"]["responses"][name]
    for header, description in described.get("headers", {}).items():
        is_required = description.get("required")
        assert header in response or not is_required, f"{name} lacks {header}"
    media = PROBLEM.replace("/", "~1")
    _validator(f"#/components/responses/{name}/content/{media}/schema").validate(body)


@cache
def _pointer(operation_id: str) -> str:
    for path, item in openapi_document()["paths"].items():
        for method, operation in item.items():
            if operation["operationId"] == operation_id:
                return f"#/paths/{path.replace('/', '~1').replace('{', '%7B').replace('}', '%7D')}/{method}"
    raise KeyError(operation_id)


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator(closed_schema() | {"$ref": pointer}, validate_formats=True)
