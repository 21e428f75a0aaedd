"""Hooks for schemathesis: the strict schema, and the serialization of NDJSON."""

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
    """A value that is not an array becomes an invalid line: an array, which is never a valid item."""
    items = value if isinstance(value, list) else [[value]]
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


@schemathesis.deserializer(LINES)
def read(_: DeserializationContext, response: Any) -> list[Any]:
    return [json.loads(line) for line in response.content.splitlines()]
