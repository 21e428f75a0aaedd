"""Schemas as a list of fields: `results[].id`, its type in words, and its description."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from jobs.api.openapi.shapes import OPEN_ENUM
from jobs.reference.text import html_of

Schema = dict[str, Any]


class ReferenceField(NamedTuple):
    name: str
    type: str
    is_required: bool
    description: SafeString


def resolved(document: Schema, schema: Schema) -> Schema:
    """Follows `$ref` and a single `allOf`, keeping keywords beside them. `anyOf` becomes one object with the members of
    all its branches, in which only those that every branch requires are required.
    """
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


def fields(document: Schema, schema: Schema, prefix: str = "") -> Iterator[ReferenceField]:
    """The members of an object, or of an array's items; each is followed by its own members."""
    schema = resolved(document, schema)
    if "items" in schema:
        schema = resolved(document, schema["items"])
    for name, member in schema.get("properties", {}).items():
        target = resolved(document, member)
        path = f"{prefix}{name}"
        is_required = name in schema.get("required", ())
        description = html_of(member.get("description", ""))
        yield ReferenceField(path, type_text(document, target), is_required, description)
        yield from fields(document, target, f"{path}[]." if "items" in target else f"{path}.")


def type_text(document: Schema, schema: Schema) -> str:
    """`integer; 1 to 200; default 50`."""
    schema = resolved(document, schema)
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "items" in schema:
        return f"array of {type_text(document, schema['items'])}"
    types = schema.get("type", "any")
    text = " or ".join(types) if isinstance(types, list) else types
    if values := schema.get("enum", schema.get(OPEN_ENUM)):
        text = ", ".join(map(str, values))
    elif schema.get("format") == "date-time":
        text = "timestamp (RFC 3339)"
    elif schema.get("format") == "uri":
        text = text.replace("string", "URL")
    return text + _bounds(schema)


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    parts = []
    if low is not None and high is not None and high < 2**53:
        parts.append(f"{low:,} to {high:,}")
    elif low:
        parts.append(f"{low:,} or more")
    if "maxLength" in schema:
        low = schema.get("minLength", 0)
        parts.append(f"{low or 'up'} to {schema['maxLength']:,} characters")
    if "default" in schema:
        parts.append(f"default {schema['default']}")
    return "".join(f"; {part}" for part in parts)
