"""Holds answers of the JSON door against the schema. Rule: what is not described is not answered."""

import json
import re
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from jsonschema_rs import Draft202012Validator

from jobs.api.document import document, written
from jobs.api.mistake_codes import MISTAKES
from jobs.api.openapi import EXTENSION, PROBLEM, shared_name
from jobs.tests.strict_schema import strict

# What may become of any request, whatever the address offers
ANYWHERE: Final = {
    "bad_request",
    "host_not_allowed",
    "https_required",
    "method_not_allowed",
    "not_found",
    "length_required",
}
# Headers that only some answers of a status have
SOMETIMES: Final = {"Idempotent-Replayed", "Feed-Cursor", "Feed-Behind"}
# As the strict schema describes them; lines are an array.
READ: Final[dict[str, Callable[[bytes], Any]]] = {
    "application/json": json.loads,
    "application/x-ndjson": lambda body: [json.loads(line) for line in body.splitlines()],
}


def hold(method: str, response: Any) -> None:
    """Fails where the answer to a request for an address below /api/ is not what the schema says."""
    operation = _operation(method, response)
    if method == "HEAD":
        assert response.streaming or response.content == b""
    elif response.status_code >= HTTPStatus.BAD_REQUEST:
        _hold_refusal(operation, response)
    elif operation is not None:
        _hold_success(operation, response)
    else:
        assert method == "OPTIONS", f"{method} is answered and not described"
        assert (response.status_code, response.content) == (204, b"")
        assert "Allow" in response


@cache
def closed() -> dict[str, Any]:
    """The document, strict, and no object may have members that are not described."""
    copy = strict(json.loads(written("json")))
    for schema in copy["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    mistake = copy["components"]["schemas"]["Mistake"]
    mistake["properties"]["code"]["enum"] = list(MISTAKES)
    return copy


def _operation(method: str, response: Any) -> dict[str, Any] | None:
    """None where the address does not offer the method, or nobody lives there."""
    match = getattr(response, "resolver_match", None)
    route = re.sub(r"<\w+:(\w+)>", r"{\1}", match.route) if match else ""
    operation: dict[str, Any] | None = document()["paths"].get(f"/{route}", {}).get(method.lower())
    return operation


def _hold_success(operation: dict[str, Any], response: Any) -> None:
    name = operation["operationId"]
    described = operation["responses"].get(str(response.status_code))
    assert described, f"{name} answers {response.status_code}, which is not described"
    for header in described.get("headers", {}).keys() - SOMETIMES:
        assert header in response, f"{name} answers without {header}"
    if "content" not in described:
        assert response.content == b""
        return
    media_type = response["Content-Type"].partition(";")[0]
    assert media_type in described["content"], f"{name} answers {media_type}"
    if media_type in READ and not response.streaming:
        pointer = f"responses/{response.status_code}/content/{media_type.replace('/', '~1')}/schema"
        _validator(f"{_pointer(name)}/{pointer}").validate(READ[media_type](response.content))


def _hold_refusal(operation: dict[str, Any] | None, response: Any) -> None:
    assert response["Content-Type"] == PROBLEM
    body = json.loads(response.content)
    codes = {*ANYWHERE, *(operation or {}).get(EXTENSION, ())}
    assert body["code"] in codes, f"{body['code']} is not described: {body}"
    name = shared_name(response.status_code)
    described = document()["components"]["responses"][name]
    for header, of_it in described.get("headers", {}).items():
        assert header in response or not of_it.get("required"), f"{name} comes without {header}"
    media = PROBLEM.replace("/", "~1")
    _validator(f"#/components/responses/{name}/content/{media}/schema").validate(body)


@cache
def _pointer(operation_id: str) -> str:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            if operation["operationId"] == operation_id:
                return f"#/paths/{path.replace('/', '~1').replace('{', '%7B').replace('}', '%7D')}/{method}"
    raise KeyError(operation_id)


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator(closed() | {"$ref": pointer}, validate_formats=True)
