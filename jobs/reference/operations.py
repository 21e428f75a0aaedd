"""The operations of the OpenAPI schema, as the page shows them. Everything here is taken from the schema."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from jobs.api.openapi.hooks import EXTENSION, METHODS, PROBLEM
from jobs.api.openapi.shapes import ITEM
from jobs.reference.fields import ReferenceField, Schema, fields, type_text
from jobs.reference.text import html_of, inline


@dataclass(frozen=True)
class Example:
    title: SafeString
    text: str


@dataclass(frozen=True)
class Response:
    """A successful response, with the fields of its first media type."""

    status: str
    description: SafeString
    media_types: list[str]
    fields: list[ReferenceField]
    headers: list[ReferenceField]
    examples: list[Example]


@dataclass(frozen=True)
class ErrorResponse:
    code: str
    status: int
    when: SafeString
    example: str


@dataclass(frozen=True)
class Operation:
    """`curl` is its command in three parts: before the URL, the URL's path, after the URL."""

    id: str
    method: str
    path: str
    summary: str
    description: SafeString
    parameters: list[tuple[str, ReferenceField]]
    body: list[ReferenceField]
    body_types: list[str]
    curl: tuple[str, str, str]
    responses: list[Response]
    errors: list[ErrorResponse]


@dataclass(frozen=True)
class Group:
    name: str
    operations: list[Operation]


def groups(document: Schema) -> list[Group]:
    """The operations by tag, in the order in which the schema lists the tags; those with an unlisted tag come last."""
    errors = {error.code: error for error in error_responses(document)}
    by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in document.get("tags", ())}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(document, path, method, item[method], errors)
                by_tag.setdefault(item[method]["tags"][0], []).append(operation)
    return [Group(name, operations) for name, operations in by_tag.items() if operations]


def error_responses(document: Schema) -> Iterator[ErrorResponse]:
    """Every error code, in the order of the schema's shared responses."""
    for response in document["components"]["responses"].values():
        for code, example in response["content"][PROBLEM]["examples"].items():
            value = example["value"]
            yield ErrorResponse(code, value["status"], inline(example["summary"]), _json(value))


def _operation(
    document: Schema, path: str, method: str, operation: Schema, errors: dict[str, ErrorResponse]
) -> Operation:
    bodies: Schema = operation.get("requestBody", {}).get("content", {})
    body: Schema = next(iter(bodies.values()), {})
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=html_of(operation.get("description", "")),
        parameters=[
            (parameter["in"], _parameter(document, parameter))
            for parameter in operation.get("parameters", ())
        ],
        body=list(fields(document, _item(body))),
        body_types=list(bodies),
        curl=_curl(path, method, operation, next(iter(bodies.items()), None)),
        responses=[
            _response(document, status, response)
            for status, response in operation["responses"].items()
            if "$ref" not in response
        ],
        errors=[errors[code] for code in operation[EXTENSION]],
    )


def _response(document: Schema, status: str, response: Schema) -> Response:
    content: Schema = response.get("content", {})
    media: Schema = next(iter(content.values()), {})
    return Response(
        status=status,
        description=inline(response["description"]),
        media_types=list(content),
        fields=list(fields(document, _item(media))),
        headers=[
            _parameter(document, {"name": name, "required": True, **header})
            for name, header in response.get("headers", {}).items()
        ],
        examples=[
            Example(inline(example.get("summary", "")), _json(example["value"]))
            for example in media.get("examples", {}).values()
        ],
    )


def _item(media: Schema) -> Schema:
    """The schema of a body; if the body is a sequence of lines, the schema of one line."""
    schema: Schema = media.get(ITEM) or media.get("schema", {})
    return schema


def _parameter(document: Schema, parameter: Schema) -> ReferenceField:
    return ReferenceField(
        parameter["name"],
        type_text(document, parameter["schema"]),
        parameter.get("required", False),
        html_of(parameter.get("description", "")),
    )


def _curl(
    path: str, method: str, operation: Schema, body: tuple[str, Schema] | None
) -> tuple[str, str, str]:
    """The command before the URL, the path and query of the URL, and the options after it."""
    query = {}
    for parameter in operation.get("parameters", ()):
        example: Any = next(iter(parameter.get("examples", {}).values()), None)
        if example is not None and parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(example["value"]))
        elif example is not None and parameter["in"] == "query":
            query[parameter["name"]] = example["value"]
    before = "curl" if method == "get" else f"curl -X {method.upper()}"
    target = f"{path}?{urlencode(query, safe=':,')}" if query else path
    return before, target, _body_options(*body) if body else ""


def _body_options(media_type: str, body: Schema) -> str:
    """The options that send the first example."""
    example: Any = next(iter(body.get("examples", {}).values()), None)
    if example is None:
        return ""
    is_json = media_type == "application/json"
    text = json.dumps(example["value"], ensure_ascii=False) if is_json else example["value"].strip()
    quoted = text.replace("'", "'\\''")
    option = "-d" if is_json else "--data-binary"
    return f" \\\n  -H 'Content-Type: {media_type}' \\\n  {option} '{quoted}'"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
