"""The schema is complete, correct and committed."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import URLPattern
from jsonschema_rs import Draft202012Validator, ValidationError
from pytest_django import Settings

from jobs.api import fields
from jobs.api.document import openapi_document
from jobs.api.openapi.error_codes import ERROR_CODES
from jobs.api.openapi.hooks import EXTENSION, PROBLEM, fails_with, operations, shared_name
from jobs.api.problems import error_views
from jobs.api.urls import urlpatterns
from jobs.tests import contract
from jobs.tests.conftest import Api
from jobs.tests.factories import make_job
from jobs.tests.problems import problem_of


def test_the_committed_schema_is_up_to_date() -> None:
    made = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=made)
    committed = Path(settings.BASE_DIR, "docs", "openapi.yaml").read_text()
    assert made.getvalue().strip() == committed.strip(), (
        "Run: python manage.py spectacular --validate --file docs/openapi.yaml"
    )


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/yaml", "application/yaml"),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
        ("application/vnd.oai.openapi", "application/vnd.oai.openapi"),
    ],
)
def test_the_schema_is_served_in_the_accepted_format(
    api: Api, accept: str, media_type: str
) -> None:
    response = api.call("GET", "/api/schema/", HTTP_ACCEPT=accept)
    read = json.loads if media_type.endswith("json") else yaml.safe_load
    assert response["Content-Type"] == media_type
    described = json.loads(json.dumps(openapi_document()))
    described["servers"][0]["url"] = "http://testserver"
    assert read(response.content) == described


@pytest.mark.parametrize(
    ("format_name", "accept", "media_type"),
    [
        ("yaml", "*/*", "application/yaml"),
        ("yaml", "application/json", "application/yaml"),
        ("json", "application/yaml", "application/json"),
        ("json", "application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
    ],
)
def test_a_link_to_the_schema_can_set_its_format(
    api: Api, format_name: str, accept: str, media_type: str
) -> None:
    response = api.call("GET", f"/api/schema/?format={format_name}", HTTP_ACCEPT=accept)
    read = json.loads if format_name == "json" else yaml.safe_load
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'inline; filename="openapi.{format_name}"'
    assert read(response.content)["openapi"] == "3.1.0"


def test_rejects_an_unknown_format(api: Api) -> None:
    problem = problem_of(api.call("GET", "/api/schema/?format=toml"), 400)
    assert [error["code"] for error in problem["errors"]] == ["unknown_format"]


def test_the_served_schema_names_the_requested_site(api: Api, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for host in ("jobs.example.com", "[::1]:8443", "jobs.example.org:8080"):
        for format_name, read in (("json", json.loads), ("yaml", yaml.safe_load)):
            answer = api.call("GET", f"/api/schema/?format={format_name}", HTTP_HOST=host)
            [server] = read(answer.content)["servers"]
            assert server["url"] == f"http://{host}"


def test_every_url_and_method_is_described() -> None:
    described = {
        (path, method.upper())
        for path, item in openapi_document()["paths"].items()
        for method in item
        if "operationId" in item[method]
    }
    offered = set()
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if (view := getattr(pattern.callback, "cls", None)) is not None:
            path = re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/{pattern.pattern}")
            methods = {name.upper() for name in view.http_method_names if hasattr(view, name)}
            offered |= {(path, method) for method in methods - {"HEAD", "OPTIONS"}}
    assert described == offered


def test_every_operation_has_examples_of_its_bodies() -> None:
    for operation in operations(openapi_document()):
        sent = operation.get("requestBody", {}).get("content", {})
        answers = [a for status, a in operation["responses"].items() if status.startswith("2")]
        assert answers
        json_only = {"application/json"}
        for content in (sent, *(answer.get("content", {}) for answer in answers)):
            if content.keys() == json_only:
                assert content["application/json"].get("examples"), operation["operationId"]


def examples() -> Iterator[tuple[str, Any, Any]]:
    """The location of each example, its schema, and its value."""
    whole = contract.closed_schema()
    for operation in operations(whole):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            for media in body.get("content", {}).values():
                for name, example in media.get("examples", {}).items():
                    where, value = f"{operation['operationId']}: {name}", example["value"]
                    if "x-item-schema" in media:
                        value = [json.loads(line) for line in value.splitlines()]
                    yield where, media["schema"], value
        for parameter in operation.get("parameters", ()):
            for name, example in parameter.get("examples", {}).items():
                yield f"{parameter['name']}: {name}", parameter["schema"], example["value"]
    for status, response in whole["components"]["responses"].items():
        media = response["content"][PROBLEM]
        for code, example in media["examples"].items():
            yield f"{status}: {code}", media["schema"], example["value"]


def test_every_example_is_valid() -> None:
    for where, schema, value in examples():
        root = {**contract.closed_schema(), **schema}
        try:
            Draft202012Validator(root, validate_formats=True).validate(value)
        except ValidationError as error:
            pytest.fail(f"{where}: {error}")


@pytest.mark.parametrize("code", ERROR_CODES)
def test_every_code_has_a_real_example_with_its_status(code: str) -> None:
    error_code = ERROR_CODES[code]
    response = error_code.example()
    assert (response.status_code, json.loads(response.content)["code"]) == (error_code.status, code)
    assert response["Content-Type"] == PROBLEM
    shared = openapi_document()["components"]["responses"][shared_name(error_code.status)]
    assert code in shared["description"]


def test_a_change_without_effect_is_invalid() -> None:
    for name, empty in (("Change", {"id": 1}), ("JobChange", {})):
        root = contract.closed_schema() | {"$ref": f"#/components/schemas/{name}"}
        schema = Draft202012Validator(root)
        assert schema.is_valid(empty | {"name": "Wing"})
        assert not schema.is_valid(empty)


def test_describes_only_possible_errors() -> None:
    for operation in operations(openapi_document()):
        assert "411" in operation["responses"]
        takes_any = operation["operationId"] in (
            "export_jobs",
            "export_audit",
            "import_jobs",
        )
        assert ("406" in operation["responses"]) != takes_any


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
@pytest.mark.django_db
def test_rejects_a_chunked_body_for_every_method(api: Api, method: str) -> None:
    path = f"/api/jobs/{make_job().pk}/"
    answer = api.call(method, path, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert problem_of(answer, 411)["code"] == "length_required"


def test_every_message_has_an_error_code() -> None:
    for status, (code, _) in error_views.MESSAGES.items():
        assert ERROR_CODES[code].status == status


def test_operations_share_the_responses_of_their_codes() -> None:
    for operation in operations(openapi_document()):
        for code in operation[EXTENSION]:
            name = shared_name(ERROR_CODES[code].status)
            shared = operation["responses"][str(ERROR_CODES[code].status)]
            assert shared == {"$ref": f"#/components/responses/{name}"}


def test_an_operation_cannot_have_an_unknown_code() -> None:
    with pytest.raises(ValueError, match="no_such_code"):
        fails_with("not_found", "no_such_code")


def test_the_schema_and_str_strip_agree_on_whitespace() -> None:
    schema = Draft202012Validator({"pattern": f"^[{fields.BLANK}]$"})
    every = (chr(point) for point in range(0x11000) if not 0xD800 <= point < 0xE000)
    assert [c for c in every if schema.is_valid(c) != c.isspace()] == []


@pytest.mark.django_db
def test_detects_a_response_with_an_undescribed_field(api: Api) -> None:
    job = api.get(f"/api/jobs/{make_job().pk}/")
    match = SimpleNamespace(route="api/jobs/<job_id:job_id>/")

    def answer(body: Any, status: int = 200, media_type: str = "application/json") -> Any:
        response: Any = HttpResponse(json.dumps(body), media_type, status, headers={"ETag": '"1"'})
        response.resolver_match = match
        return response

    contract.check("GET", answer(job))
    for wrong in (
        answer(job | {"made_up": "x"}),
        answer(job | {"id": "12"}),
        answer(job | {"created_at": "yesterday"}),
        answer({**job, "name": None}),
        answer(job, 202),
        answer(job, 200, "text/html"),
        answer(json.loads(ERROR_CODES["job_changed"].example().content), 409, PROBLEM),
    ):
        with pytest.raises((AssertionError, ValidationError)):
            contract.check("GET", wrong)
