"""The schema has the forms from which client generators make correct types."""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema_rs import Draft202012Validator

from jobs.api.document import openapi_document
from jobs.api.openapi.hooks import EXTENSION, METHODS, operations
from jobs.api.openapi.shapes import ITEM, NDJSON, OPEN_ENUM
from jobs.ids import LARGEST_ID
from jobs.tests import strict_schema

SCHEMAS = openapi_document()["components"]["schemas"]


def parts(of: Any) -> Iterator[dict[str, Any]]:
    """All objects in a part of the schema."""
    if isinstance(of, dict):
        yield of
        for member in of.values():
            yield from parts(member)
    elif isinstance(of, list):
        for member in of:
            yield from parts(member)


def properties_of(name: str) -> dict[str, Any]:
    """A component's properties; for a choice, those of its first branch."""
    schema = SCHEMAS[name]
    if "anyOf" in schema:
        return properties_of(schema["anyOf"][0]["$ref"].rpartition("/")[2])
    properties: dict[str, Any] = schema["properties"]
    return properties


def test_the_strict_schema_uses_the_same_extensions() -> None:
    assert (strict_schema.ITEM, strict_schema.OPEN_ENUM) == (ITEM, OPEN_ENUM)
    assert strict_schema.CODES == EXTENSION


def test_every_branch_of_a_choice_is_a_component() -> None:
    choices = [
        part["anyOf"] for part in parts(openapi_document()) if isinstance(part.get("anyOf"), list)
    ]
    assert len(choices) == 2
    for branch in (branch for choice in choices for branch in choice):
        assert branch.keys() == {"$ref"}
        whole = SCHEMAS[branch["$ref"].rpartition("/")[2]]
        assert whole["type"] == "object"
        assert set(whole["required"]) <= whole["properties"].keys()


def test_a_change_requires_a_status_or_a_name() -> None:
    for name, base in (("JobChange", {}), ("Change", {"id": LARGEST_ID})):
        schema = Draft202012Validator(
            {**openapi_document(), "$ref": f"#/components/schemas/{name}"}
        )
        status, new_name = {"status_type": "RUNNING"}, {"name": "Wing"}
        assert all(schema.is_valid(base | both) for both in (status, new_name, status | new_name))
        assert not schema.is_valid(base)
        assert not schema.is_valid(base | {"status_type": "PAUSED"})
    assert not schema.is_valid(status)  # the id is missing


def test_every_component_has_a_type() -> None:
    for name, schema in SCHEMAS.items():
        assert {"type", "anyOf"} & schema.keys(), name
        for member in schema.get("properties", {}).values():
            if name != "ImportedJob":  # its ignored fields may have any type
                assert {"type", "$ref", "allOf"} & member.keys(), (name, member)


def test_ids_and_counts_have_64_bits() -> None:
    wide = {
        "Job": ["id"],
        "Status": ["id", "undoes"],
        "Event": ["job_id", "status_id", "undoes"],
        "Change": ["id"],
        "Outcome": ["id"],
        "JobPage": ["count", "scanned"],
        "StatusPage": ["count"],
        "Counts": ["total"],
        "Receipt": ["jobs", "bytes"],
        "ImportReport": ["created", "skipped"],
        "FieldError": ["line"],
    }
    for name, integers in wide.items():
        for integer in integers:
            assert properties_of(name)[integer]["format"] == "int64", (name, integer)
    by_status = properties_of("Counts")["by_status"]["properties"].values()
    assert {count["format"] for count in by_status} == {"int64"}
    for operation in operations(openapi_document()):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == "job_id":
                assert parameter["schema"]["format"] == "int64"


def test_every_integer_fits_where_its_format_puts_it() -> None:
    for schema in SCHEMAS.values():
        for part in parts(schema):
            if part.get("type") == "integer" and part.get("format") != "int64":
                values = part.get("enum", part.get(OPEN_ENUM, [part.get("maximum", LARGEST_ID)]))
                assert max(values) < 2**31, part


def test_ndjson_is_a_string_with_an_item_schema() -> None:
    found = {}
    for operation in operations(openapi_document()):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for media in (
            body["content"][NDJSON] for body in bodies if NDJSON in body.get("content", {})
        ):
            assert media["schema"]["type"] == "string"
            found[operation["operationId"]] = media[ITEM]["$ref"].rpartition("/")[2]
            for example in media.get("examples", {}).values():
                assert [json.loads(line) for line in example["value"].splitlines()]
    assert found == {
        "import_jobs": "ImportedJob",
        "export_jobs": "Job",
        "export_audit": "AuditEntry",
        "list_events": "Event",
    }


def test_extensible_values_are_not_an_enum() -> None:
    assert SCHEMAS["EventType"].keys() & {"enum", OPEN_ENUM} == {OPEN_ENUM}
    assert properties_of("Outcome")["status"].keys() & {"enum", OPEN_ENUM} == {OPEN_ENUM}
    assert "enum" not in properties_of("Problem")["code"]
    for response in openapi_document()["components"]["responses"].values():
        [media] = response["content"].values()
        assert media["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_operations_take_a_token_or_nothing() -> None:
    document = openapi_document()
    [(name, scheme)] = document["components"]["securitySchemes"].items()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert document["security"] == [{name: []}, {}]
    found = [part for part in parts(document["paths"]) if "security" in part]
    assert [(part["operationId"], part["security"]) for part in found] == [("get_health", [])]


def test_there_is_one_server_without_a_trailing_slash() -> None:
    [server] = openapi_document()["servers"]
    assert server["url"] == "http://127.0.0.1:8000"


def test_every_operation_has_an_id_a_summary_and_a_description() -> None:
    ids = []
    for path, item in openapi_document()["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                ids.append(operation["operationId"])
                assert operation["summary"][0].isupper(), path
                assert not operation["summary"].endswith("."), path
                assert operation["description"].rstrip("`")[-1] in ".", path
                for parameter in operation.get("parameters", ()):
                    assert parameter.get("description"), (path, parameter["name"])
    assert len(ids) == len(set(ids)) > 10


def test_every_component_is_described() -> None:
    for name, schema in SCHEMAS.items():
        if "enum" not in schema and OPEN_ENUM not in schema:
            assert schema.get("description"), name
            assert "rejects unknown fields" not in schema["description"]
