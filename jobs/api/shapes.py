"""The schema in forms that client generators turn into types which hold (decision 27).

A postprocessing hook. What it changes is how things are said, never what a body may be.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jobs.api.openapi import operations

# Where `make up` serves. An answer of /api/schema/ names the site that was asked instead.
LOCAL_SITE: Final = "http://127.0.0.1:8000"
NDJSON: Final = "application/x-ndjson"
ITEM: Final = "x-item-schema"
"""What a line of NDJSON holds, in the place where OpenAPI 3.2 has `itemSchema`."""
OPEN_ENUM: Final = "x-extensible-enum"
"""In the place of `enum` where values may be added: a generated type must take one that it does not know."""
OPEN: Final = ("EventType",)
INT32_MAX: Final = 2**31 - 1
# A body of which one member or another is required, and what each of its branches is called.
BRANCHES: Final[Mapping[str, Mapping[str, str]]] = {
    "JobChange": {"status_type": "JobStatusChange", "name": "JobRename"},
    "Change": {"status_type": "StatusChange", "name": "Rename"},
}
BRANCH: Final[Mapping[str, str]] = {
    "status_type": "A new status, and perhaps a new name.",
    "name": "A new name, and perhaps a new status.",
}


def shape(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Runs last."""
    for operation in operations(result):
        sent: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
        for content in (sent, *(a.get("content", {}) for a in operation["responses"].values())):
            if NDJSON in content:
                _as_lines(content[NDJSON])
        for media in sent.values():
            if (
                media["schema"].get("type") == "string"
            ):  # of up to a gigabyte: as a file it is streamed
                media["schema"]["format"] = "binary"
    schemas = result["components"]["schemas"]
    for name, branches in BRANCHES.items():
        schemas |= _branched(schemas[name], name, branches)
    for name in OPEN:
        schemas[name][OPEN_ENUM] = schemas[name].pop("enum")
    for name in schemas:
        properties = schemas[name].get("properties", {})
        if "pattern" in properties.get(
            "name", {}
        ):  # which has it exactly: what is trimmed does not count
            properties["name"].pop("maxLength", None)
        for integer in _integers(schemas[name]):
            integer.setdefault("format", "int64")
    schemas["ImportedJob"]["additionalProperties"] = False
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    head = {name: result.pop(name) for name in ("openapi", "info")}
    server = {"url": LOCAL_SITE, "description": "The site that serves this document."}
    # Without `security` a call is one of which nothing is said; an empty list says that it needs no credentials.
    return head | {"servers": [server], "security": []} | result


def _as_lines(media: dict[str, Any]) -> None:
    """Text, for the whole of it is no JSON document. Until here it is described, and its example given, as a list."""
    item = media["schema"]["items"]
    name = item["$ref"].rpartition("/")[2]
    media["schema"] = {
        "type": "string",
        "description": f"NDJSON: in each line a JSON object as `{name}` describes it.",
    }
    media[ITEM] = item
    for example in media.get("examples", {}).values():
        lines = [json.dumps(line, ensure_ascii=False) for line in example["value"]]
        example["value"] = "".join(f"{line}\n" for line in lines)


def reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _branched(
    schema: dict[str, Any], name: str, branches: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The schema as a choice of whole ones: of `required` alone in a choice most generators make no type."""
    whole = {
        branch: schema
        | {
            "description": BRANCH[member],
            "required": sorted({*schema.get("required", ()), member}),
        }
        for member, branch in branches.items()
    }
    choice = {
        "description": schema["description"],
        "anyOf": [reference(branch) for branch in whole],
    }
    return whole | {name: choice}


def _integers(schema: Any) -> Iterator[dict[str, Any]]:
    """Every integer in it that 32 bits may not hold."""
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
