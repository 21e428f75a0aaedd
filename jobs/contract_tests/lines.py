"""What schemathesis is told: the schema as strict as the server is, and how lines of JSON are written and read."""

import json
from typing import Any

import schemathesis
from schemathesis import DeserializationContext, HookContext, SerializationContext

from jobs.tests.strict_schema import strict

LINES = "application/x-ndjson"


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    raw_schema.update(strict(raw_schema))


@schemathesis.serializer(LINES)
def write(_: SerializationContext, value: Any) -> bytes:
    """What is no array becomes a line that is none of its items: an array."""
    items = value if isinstance(value, list) else [[value]]
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


@schemathesis.deserializer(LINES)
def read(_: DeserializationContext, response: Any) -> list[Any]:
    return [json.loads(line) for line in response.content.splitlines()]
