"""The schema says things in forms that generators of clients turn into types."""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema_rs import Draft202012Validator

from jobs.api.document import document
from jobs.api.openapi import EXTENSION, METHODS, operations
from jobs.api.shapes import ITEM, NDJSON, OPEN_ENUM
from jobs.ids import LARGEST_ID
from jobs.tests import strict_schema

SCHEMAS = document()["components"]["schemas"]


def parts(of: Any) -> Iterator[dict[str, Any]]:
    """Every object in it."""
    if isinstance(of, dict):
        yield of
        for member in of.values():
            yield from parts(member)
    elif isinstance(of, list):
        for member in of:
            yield from parts(member)


def members(name: str) -> dict[str, Any]:
    """The members that a component has; of a choice, those of its first branch."""
    schema = SCHEMAS[name]
    if "anyOf" in schema:
        return members(schema["anyOf"][0]["$ref"].rpartition("/")[2])
    properties: dict[str, Any] = schema["properties"]
    return properties


def test_the_strict_schema_knows_the_same_words() -> None:
    assert (strict_schema.ITEM, strict_schema.OPEN_ENUM) == (ITEM, OPEN_ENUM)
    assert strict_schema.CODES == EXTENSION


def test_every_branch_of_a_choice_is_a_type_with_a_name() -> None:
    choices = [part["anyOf"] for part in parts(document()) if isinstance(part.get("anyOf"), list)]
    assert len(choices) == 2
    for branch in (branch for choice in choices for branch in choice):
        assert branch.keys() == {"$ref"}
        whole = SCHEMAS[branch["$ref"].rpartition("/")[2]]
        assert whole["type"] == "object"
        assert set(whole["required"]) <= whole["properties"].keys()


def test_a_change_has_at_least_one_of_both_members() -> None:
    for name, base in (("JobChange", {}), ("Change", {"id": LARGEST_ID})):
        schema = Draft202012Validator({**document(), "$ref": f"#/components/schemas/{name}"})
        status, new_name = {"status_type": "RUNNING"}, {"name": "Wing"}
        assert all(schema.is_valid(base | both) for both in (status, new_name, status | new_name))
        assert not schema.is_valid(base)
        assert not schema.is_valid(base | {"status_type": "PAUSED"})
    assert not schema.is_valid(status)  # of which job?


def test_no_component_is_any_type() -> None:
    for name, schema in SCHEMAS.items():
        assert {"type", "anyOf"} & schema.keys(), name
        for member in schema.get("properties", {}).values():
            if name != "ImportedJob":  # what it ignores is of any type
                assert {"type", "$ref", "allOf"} & member.keys(), (name, member)


def test_ids_and_counts_have_64_bits() -> None:
    wide = {
        "Job": ["id"],
        "Status": ["id", "undoes"],
        "Event": ["job_id", "status_id", "undoes"],
        "Change": ["id"],
        "Outcome": ["id"],
        "JobPage": ["count", "looked_through"],
        "StatusPage": ["count"],
        "Counts": ["total"],
        "Receipt": ["jobs", "bytes"],
        "ImportReport": ["created", "skipped"],
        "Mistake": ["line"],
    }
    for name, integers in wide.items():
        for integer in integers:
            assert members(name)[integer]["format"] == "int64", (name, integer)
    by_status = members("Counts")["by_status"]["properties"].values()
    assert {count["format"] for count in by_status} == {"int64"}
    for operation in operations(document()):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == "job_id":
                assert parameter["schema"]["format"] == "int64"


def test_every_integer_fits_where_its_format_puts_it() -> None:
    for schema in SCHEMAS.values():
        for part in parts(schema):
            if part.get("type") == "integer" and part.get("format") != "int64":
                values = part.get("enum", part.get(OPEN_ENUM, [part.get("maximum", LARGEST_ID)]))
                assert max(values) < 2**31, part


def test_a_body_in_lines_is_text_and_says_what_a_line_is() -> None:
    found = {}
    for operation in operations(document()):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for media in (
            body["content"][NDJSON] for body in bodies if NDJSON in body.get("content", {})
        ):
            assert media["schema"]["type"] == "string"
            found[operation["operationId"]] = media[ITEM]["$ref"].rpartition("/")[2]
            for example in media.get("examples", {}).values():
                assert [json.loads(line) for line in example["value"].splitlines()]
    assert found == {"import_jobs": "ImportedJob", "export_jobs": "Job", "list_events": "Event"}


def test_what_may_grow_is_no_closed_list() -> None:
    assert SCHEMAS["EventType"].keys() & {"enum", OPEN_ENUM} == {OPEN_ENUM}
    assert members("Outcome")["status"].keys() & {"enum", OPEN_ENUM} == {OPEN_ENUM}
    assert "enum" not in members("Problem")["code"]
    for response in document()["components"]["responses"].values():
        [media] = response["content"].values()
        assert media["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_no_call_asks_for_credentials() -> None:
    assert document()["security"] == []
    assert [part for part in parts(document()["paths"]) if "security" in part] == []


def test_there_is_one_server_and_it_ends_without_a_slash() -> None:
    [server] = document()["servers"]
    assert server["url"] == "http://127.0.0.1:8000"


def test_every_call_is_named_and_described_in_sentences() -> None:
    ids = []
    for path, item in document()["paths"].items():
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
            assert "body of known members" not in schema["description"]
