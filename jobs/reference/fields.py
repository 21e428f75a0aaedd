"""Schemas as rows that a person reads: `results[].id`, its type in words, and what it means."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from jobs.api.shapes import OPEN_ENUM
from jobs.reference.text import html_of

Schema = dict[str, Any]


class Field(NamedTuple):
    name: str
    type: str
    is_required: bool
    description: SafeString


def resolved(document: Schema, schema: Schema) -> Schema:
    """The schema itself, where this one only points to it or adds to it; of a choice, what its branches have."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target: Schema = document["components"]["schemas"][name]
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        return resolved(document, target | siblings)
    if len(schema.get("allOf", ())) == 1:
        inner = resolved(document, schema["allOf"][0])
        return inner | {key: value for key, value in schema.items() if key != "allOf"}
    if "anyOf" in schema:
        branches = [resolved(document, branch) for branch in schema["anyOf"]]
        required = set.intersection(*(set(branch.get("required", ())) for branch in branches))
        members = {
            name: member
            for branch in branches
            for name, member in branch.get("properties", {}).items()
        }
        return schema | {"type": "object", "properties": members, "required": sorted(required)}
    return schema


def fields(document: Schema, schema: Schema, prefix: str = "") -> Iterator[Field]:
    """Every member, those of its members below it. Of an array those of its items."""
    schema = resolved(document, schema)
    if "items" in schema:
        schema = resolved(document, schema["items"])
    for name, member in schema.get("properties", {}).items():
        whole = resolved(document, member)
        path = f"{prefix}{name}"
        is_required = name in schema.get("required", ())
        description = html_of(member.get("description", ""))
        yield Field(path, type_text(document, whole), is_required, description)
        yield from fields(document, whole, f"{path}[]." if "items" in whole else f"{path}.")


def type_text(document: Schema, schema: Schema) -> str:
    """`integer, 1 to 200, else 50`."""
    schema = resolved(document, schema)
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "items" in schema:
        return f"list of {type_text(document, schema['items'])}"
    kinds = schema.get("type", "any")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    if values := schema.get("enum", schema.get(OPEN_ENUM)):
        kind = ", ".join(map(str, values))
    elif schema.get("format") == "date-time":
        kind = "moment (RFC 3339)"
    elif schema.get("format") == "uri":
        kind = kind.replace("string", "address")
    return kind + _bounds(schema)


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    parts = []
    if low is not None and high is not None and high < 2**53:
        parts.append(f"{low:,} to {high:,}")
    elif low:
        parts.append(f"from {low:,}")
    if "maxLength" in schema:
        low = schema.get("minLength", 0)
        parts.append(f"{low or 'at most'}{' to' if low else ''} {schema['maxLength']:,} characters")
    if "default" in schema:
        parts.append(f"else {schema['default']}")
    return "".join(f"; {part}" for part in parts)
