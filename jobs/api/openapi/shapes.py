"""A postprocessing hook that gives the schema forms from which client generators make correct types (decision 27).

It changes how bodies are described, never which bodies are valid.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jobs.api.openapi.hooks import PUBLIC, operations
from jobs.api.serializers import REPORTED
from jobs.rows import WRITABLE

# The server of `make up`. GET /api/schema/ replaces it with the site that the request was sent to.
LOCAL_SITE: Final = "http://127.0.0.1:8000"
# A token, or nothing, which is enough in open mode
SECURITY: Final[list[dict[str, list[str]]]] = [{"token": []}, {}]
NDJSON: Final = "application/x-ndjson"
ITEM: Final = "x-item-schema"
"""The schema of an NDJSON line, as `itemSchema` in OpenAPI 3.2."""
OPEN_ENUM: Final = "x-extensible-enum"
"""Replaces `enum` where values may be added: generated types must accept unknown values."""
OPEN_SCHEMAS: Final = ("EventType", "Source")
INT32_MAX: Final = 2**31 - 1
# Bodies that require at least one of several fields. A branch's name is the prefix, and what the field changes.
BRANCHED: Final[Mapping[str, str]] = {"JobChange": "Job", "Change": ""}
BRANCHES: Final[Mapping[str, str]] = {
    "status_type": "StatusChange",
    **{name: f"{name.title().replace('_', '')}Change" for name in WRITABLE},
    "name": "Rename",
}


def adapt_to_generators(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """The hook; it must run last."""
    for operation in operations(result):
        sent: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
        for content in (sent, *(a.get("content", {}) for a in operation["responses"].values())):
            if NDJSON in content:
                _as_lines(content[NDJSON])
        for media in sent.values():
            if (
                media["schema"].get("type") == "string"
            ):  # up to a gigabyte: as a file, it is streamed
                media["schema"]["format"] = "binary"
        if operation["operationId"] in PUBLIC:
            operation["security"] = []
    schemas = result["components"]["schemas"]
    for name, prefix in BRANCHED.items():
        schemas |= _with_branches(schemas[name], name, prefix)
    for name in OPEN_SCHEMAS:
        schemas[name][OPEN_ENUM] = schemas[name].pop("enum")
    for name in schemas:
        properties = schemas[name].get("properties", {})
        for trimmed in ("name", "key"):
            if "pattern" in properties.get(trimmed, {}):  # exact, unlike the length before trimming
                properties[trimmed].pop("maxLength", None)
        for integer in _integers(schemas[name]):
            integer.setdefault("format", "int64")
    schemas["ImportedJob"]["additionalProperties"] = False
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    head = {name: result.pop(name) for name in ("openapi", "info")}
    server = {"url": LOCAL_SITE, "description": "The site that serves this document."}
    return head | {"servers": [server], "security": SECURITY} | result


def _as_lines(media: dict[str, Any]) -> None:
    """Describes NDJSON, so far a list, as a string: the whole is not a JSON document. Converts its examples too."""
    item = media["schema"]["items"]
    name = item["$ref"].rpartition("/")[2]
    media["schema"] = {
        "type": "string",
        "description": f"NDJSON: each line is a JSON object as described by `{name}`.",
    }
    media[ITEM] = item
    for example in media.get("examples", {}).values():
        lines = [json.dumps(line, ensure_ascii=False) for line in example["value"]]
        example["value"] = "".join(f"{line}\n" for line in lines)


def reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _with_branches(schema: dict[str, Any], name: str, prefix: str) -> dict[str, dict[str, Any]]:
    """The schema as a choice of complete schemas: most generators make no type of a choice of `required` alone."""
    whole = {
        f"{prefix}{branch}": schema
        | {
            "properties": _branch_properties(schema["properties"], member),
            "description": f"A new `{member}`, and optionally new values of other fields.",
            "required": sorted({*schema.get("required", ()), member}),
        }
        for member, branch in BRANCHES.items()
    }
    choice = {
        "description": schema["description"],
        "anyOf": [reference(branch) for branch in whole],
    }
    return whole | {name: choice}


def _branch_properties(properties: dict[str, Any], member: str) -> dict[str, Any]:
    """What describes a status is sent only with one."""
    if member == "status_type":
        return properties
    return {name: value for name, value in properties.items() if name not in REPORTED}


def _integers(schema: Any) -> Iterator[dict[str, Any]]:
    """All integers in the schema that may not fit into 32 bits."""
    if isinstance(schema, list):
        for member in schema:
            yield from _integers(member)
    elif isinstance(schema, dict):
        is_small = schema.get("maximum", INT32_MAX + 1) <= INT32_MAX
        if (
            schema.get("type") == "integer"
            and not is_small
            and not {"enum", OPEN_ENUM} & schema.keys()
        ):
            yield schema
        for member in schema.values():
            yield from _integers(member)
