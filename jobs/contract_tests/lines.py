"""How schemathesis writes and reads lines of JSON, which the schema describes as an array (OpenAPI 3.2 says so of them)."""

import json
from typing import Any

import schemathesis
from schemathesis import DeserializationContext, SerializationContext

LINES = "application/x-ndjson"


@schemathesis.serializer(LINES)
def write(_: SerializationContext, value: Any) -> bytes:
    """What is no array becomes a line that is none of its items: an array."""
    items = value if isinstance(value, list) else [[value]]
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


@schemathesis.deserializer(LINES)
def read(_: DeserializationContext, response: Any) -> list[Any]:
    return [json.loads(line) for line in response.content.splitlines()]
