"""The schema, call by call, as the page shows it. Rule: nothing is said here that the schema does not say."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from jobs.api.openapi import EXTENSION, METHODS, PROBLEM
from jobs.api.shapes import ITEM
from jobs.reference.fields import Field, Schema, fields, type_text
from jobs.reference.text import html_of, inline


@dataclass(frozen=True)
class Example:
    title: SafeString
    text: str


@dataclass(frozen=True)
class Answer:
    """What comes back when all is well; one for each form that it can have."""

    status: str
    description: SafeString
    media_types: list[str]
    fields: list[Field]
    headers: list[Field]
    examples: list[Example]


@dataclass(frozen=True)
class Refusal:
    code: str
    status: int
    when: SafeString
    example: str


@dataclass(frozen=True)
class Call:
    """One operation; `curl` is its command after the address of the site."""

    id: str
    method: str
    path: str
    summary: str
    description: SafeString
    parameters: list[tuple[str, Field]]
    body: list[Field]
    body_types: list[str]
    curl: tuple[str, str, str]
    answers: list[Answer]
    refusals: list[Refusal]


@dataclass(frozen=True)
class Group:
    name: str
    description: SafeString
    calls: list[Call]


def groups(document: Schema) -> list[Group]:
    """The calls by their tags, in the order in which the tags are listed; those of no listed tag come last."""
    refusals = {refusal.code: refusal for refusal in refusals_of(document)}
    by_tag: dict[str, list[Call]] = {tag["name"]: [] for tag in document.get("tags", ())}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                call = _call(document, path, method, item[method], refusals)
                by_tag.setdefault(item[method]["tags"][0], []).append(call)
    said = {tag["name"]: tag.get("description", "") for tag in document.get("tags", ())}
    return [
        Group(name, html_of(said.get(name, "")), calls) for name, calls in by_tag.items() if calls
    ]


def refusals_of(document: Schema) -> Iterator[Refusal]:
    """Every code, by status."""
    for response in document["components"]["responses"].values():
        for code, example in response["content"][PROBLEM]["examples"].items():
            value = example["value"]
            yield Refusal(code, value["status"], inline(example["summary"]), _json(value))


def _call(
    document: Schema, path: str, method: str, operation: Schema, refusals: dict[str, Refusal]
) -> Call:
    bodies: Schema = operation.get("requestBody", {}).get("content", {})
    body: Schema = next(iter(bodies.values()), {})
    return Call(
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
        answers=[
            _answer(document, status, response)
            for status, response in operation["responses"].items()
            if "$ref" not in response
        ],
        refusals=[refusals[code] for code in operation[EXTENSION]],
    )


def _answer(document: Schema, status: str, response: Schema) -> Answer:
    content: Schema = response.get("content", {})
    media: Schema = next(iter(content.values()), {})
    return Answer(
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
    """What a body is made of: the schema of it, or of one of its lines."""
    schema: Schema = media.get(ITEM) or media.get("schema", {})
    return schema


def _parameter(document: Schema, parameter: Schema) -> Field:
    return Field(
        parameter["name"],
        type_text(document, parameter["schema"]),
        parameter.get("required", False),
        html_of(parameter.get("description", "")),
    )


def _curl(
    path: str, method: str, operation: Schema, body: tuple[str, Schema] | None
) -> tuple[str, str, str]:
    """The options before the address, the address below the site's, and what follows it."""
    query = {}
    for parameter in operation.get("parameters", ()):
        example: Any = next(iter(parameter.get("examples", {}).values()), None)
        if example is not None and parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(example["value"]))
        elif example is not None and parameter["in"] == "query":
            query[parameter["name"]] = example["value"]
    before = "curl" if method == "get" else f"curl -X {method.upper()}"
    address = f"{path}?{urlencode(query, safe=':,')}" if query else path
    return before, address, _sent(*body) if body else ""


def _sent(media_type: str, body: Schema) -> str:
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
