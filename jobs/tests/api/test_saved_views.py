"""Saved views through the API."""

import json
from typing import Any

import pytest

from jobs.limits import MAX_VIEW_NAME_LENGTH, MAX_VIEWS
from jobs.tests import problems
from jobs.tests.api.formats import TIMESTAMP
from jobs.tests.conftest import Api
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db

URL = "/api/views/"
FIELDS = [
    "id", "name", "status", "q", "ordering", "page_size", "columns", "position", "is_default", "is_shared",
    "owner", "created_at",
    "updated_at",
]  # fmt: skip
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "مرحبا \u202e RTL",
    "\u2068a\u2069\u2069",
    "a\u200db",
    "{{ 1 }}",
    "'\"--",
]


def problem_of(response: Any, status: int, code: str) -> Any:
    problem = problems.problem_of(response, status)
    assert problem["code"] == code, problem
    return problem


def save(api: Api, name: str = "Failed", **fields: Any) -> dict[str, Any]:
    response = api.post(URL, {"name": name, **fields})
    assert response.status_code == 201, response.content
    view: dict[str, Any] = json.loads(response.content)
    return view


def url_of(view: dict[str, Any]) -> str:
    return f"{URL}{view['id']}/"


def names(api: Api) -> list[str]:
    return [view["name"] for view in api.get(URL)["results"]]


def test_creates_a_view(api: Api) -> None:
    fields = {
        "status": ["FAILED", "PENDING"],
        "q": "  turbine   updated:today",
        "ordering": "name",
        "page_size": 25,
        "columns": ["name", "current_status"],
    }
    response = api.post(URL, {"name": " Turbines ", **fields})
    view = json.loads(response.content)
    assert response.status_code == 201
    assert response["Location"] == url_of(view)
    assert response["ETag"] == f'"{view["updated_at"]}"'
    assert list(view) == FIELDS
    expected = fields | {"status": ["PENDING", "FAILED"], "q": "turbine updated:today"}
    assert {name: view[name] for name in fields} == expected
    assert (view["name"], view["position"], view["is_default"]) == ("Turbines", 1, False)
    assert TIMESTAMP.fullmatch(view["updated_at"])
    assert api.get(url_of(view)) == view
    assert api.get(URL) == {"count": 1, "results": [view]}


def test_a_view_with_only_a_name_lists_all_jobs(api: Api) -> None:
    view = save(api)
    assert [view[name] for name in FIELDS[2:7]] == [[], "", "-created_at", 50, []]


def test_the_list_restores_the_views_elsewhere(api: Api) -> None:
    for name in ("One", "Two"):
        save(api, name, status=["FAILED"])
    kept = api.get(URL)["results"]
    for view in kept:
        api.delete(url_of(view))
    for view in kept:
        assert api.post(URL, view).status_code == 201
    own = [name for name in FIELDS if name not in ("id", "created_at", "updated_at")]
    assert [[v[n] for n in own] for v in api.get(URL)["results"]] == [
        [v[n] for n in own] for v in kept
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_returned_verbatim(api: Api, name: str) -> None:
    assert api.get(url_of(save(api, name)))["name"] == name


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", None, "null"),
        ("name", " ", "blank"),
        ("name", "\u200b\u2060", "blank"),
        ("name", 12, "invalid"),
        ("name", "x" * (MAX_VIEW_NAME_LENGTH + 1), "max_length"),
        ("name", "a\0", "null_characters_not_allowed"),
        ("status", "FAILED", "invalid"),
        ("status", ["failed"], "invalid_choice"),
        ("q", "status:", "incomplete"),
        ("q", "status:paused", "unknown_status"),
        ("q", 1, "invalid"),
        ("q", "x" * 2_001, "max_length"),
        ("ordering", "speed", "unknown_ordering"),
        ("page_size", 0, "min_value"),
        ("page_size", "50", "invalid"),
        ("page_size", 201, "max_value"),
        ("columns", ["name"], "invalid_choice"),
        ("columns", ["name", "current_status", "colour"], "invalid_choice"),
        ("columns", ["name", "name", "current_status"], "invalid_choice"),
        ("is_default", "true", "invalid"),
        ("is_default", None, "null"),
        ("colour", "red", "unknown_field"),
    ],
)
def test_rejects_invalid_fields_by_name(api: Api, field: str, value: Any, code: str) -> None:
    view = save(api, "Kept")
    bodies = ({"name": "New"} | {field: value}, {field: value})
    for response in (api.post(URL, bodies[0]), api.patch(url_of(view), bodies[1])):
        problem = problem_of(response, 400, "invalid")
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert api.get(URL)["results"] == [view]


def test_an_invalid_search_is_explained(api: Api) -> None:
    problem = problem_of(api.post(URL, {"name": "New", "q": "status:paused"}), 400, "invalid")
    assert "paused" in problem["detail"]


def test_changes_only_what_is_sent(api: Api) -> None:
    view = save(api, status=["FAILED"], q="wing", page_size=25)
    changed = json.loads(api.patch(url_of(view), {"name": "Wings"}).content)
    assert changed == view | {"name": "Wings", "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > view["updated_at"]
    changed = json.loads(api.patch(url_of(view), {"q": ""}).content)
    assert (changed["q"], changed["status"], changed["page_size"]) == ("", ["FAILED"], 25)


def test_an_empty_change_is_rejected(api: Api) -> None:
    view = save(api)
    for body in ({}, {"id": view["id"], "updated_at": "x"}):
        problem = problem_of(api.patch(url_of(view), body), 400, "invalid")
        assert problem["errors"][0]["code"] == "nothing_to_change"


def test_a_body_about_another_view_is_rejected(api: Api) -> None:
    view = save(api)
    body = {"id": view["id"] + 1, "q": "wing"}
    [error] = problem_of(api.patch(url_of(view), body), 400, "invalid")["errors"]
    assert (error["field"], error["code"]) == ("id", "id_mismatch")


def test_moves_and_switches_the_default(api: Api) -> None:
    views = [save(api, name, is_default=name == "A") for name in "ABC"]
    response = api.patch(url_of(views[2]), {"position": 1, "is_default": True})
    assert json.loads(response.content)["position"] == 1
    assert names(api) == ["C", "A", "B"]
    assert [view["is_default"] for view in api.get(URL)["results"]] == [True, False, False]
    api.patch(url_of(views[2]), {"is_default": False})
    assert not any(view["is_default"] for view in api.get(URL)["results"])


def test_deletes(api: Api) -> None:
    views = [save(api, name) for name in "AB"]
    assert api.delete(url_of(views[0])).status_code == 204
    assert names(api) == ["B"]
    problem_of(api.delete(url_of(views[0])), 404, "view_not_found")
    problem_of(api.call("GET", url_of(views[0])), 404, "view_not_found")
    problem_of(api.patch(url_of(views[0]), {"name": "x"}), 404, "view_not_found")


def test_a_name_is_unique(api: Api) -> None:
    save(api, "Failed")
    other = save(api, "Other")
    problem_of(api.post(URL, {"name": "FAILED"}), 409, "name_taken")
    problem_of(api.patch(url_of(other), {"name": "failed"}), 409, "name_taken")
    assert names(api) == ["Failed", "Other"]


def test_their_number_is_limited(api: Api) -> None:
    for number in range(MAX_VIEWS):
        save(api, f"View {number}")
    problem = problem_of(api.post(URL, {"name": "One more"}), 409, "too_many_views")
    assert str(MAX_VIEWS) in problem["detail"]
    assert api.get(URL)["count"] == MAX_VIEWS


def test_if_match_and_if_none_match(api: Api) -> None:
    view = save(api)
    tag = f'"{view["updated_at"]}"'
    assert api.call("GET", url_of(view), headers={"If-None-Match": tag}).status_code == 304
    changed = api.call("PATCH", url_of(view), {"q": "wing"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    problem = problem_of(
        api.call("PATCH", url_of(view), {"q": "x"}, headers={"If-Match": tag}),
        412,
        "precondition_failed",
    )
    assert "The view's current version" in problem["detail"]
    problem_of(
        api.call("DELETE", url_of(view), headers={"If-Match": tag}), 412, "precondition_failed"
    )
    assert (
        api.call("DELETE", url_of(view), headers={"If-Match": changed["ETag"]}).status_code == 204
    )


def test_a_retry_with_its_key_saves_one_view(api: Api) -> None:
    key = {"Idempotency-Key": '"one"'}
    first, second = (api.call("POST", URL, {"name": "Failed"}, headers=key) for _ in range(2))
    assert second.content == first.content
    assert second["Idempotent-Replayed"] == "true"
    assert names(api) == ["Failed"]
    problem_of(api.call("POST", URL, {"name": "Other"}, headers=key), 422, "idempotency_key_reused")


def test_a_rejected_request_does_not_use_up_its_key(api: Api) -> None:
    view = save(api, "Failed")
    key = {"Idempotency-Key": '"one"'}
    problem_of(api.call("POST", URL, {"name": "failed"}, headers=key), 409, "name_taken")
    api.delete(url_of(view))
    assert api.call("POST", URL, {"name": "failed"}, headers=key).status_code == 201


def test_methods_formats_and_parameters(api: Api) -> None:
    view = save(api)
    assert api.call("OPTIONS", URL)["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert api.call("OPTIONS", url_of(view))["Allow"] == "GET, PATCH, DELETE, HEAD, OPTIONS"
    problem_of(api.call("PUT", url_of(view)), 405, "method_not_allowed")
    problem_of(api.call("GET", URL, headers={"Accept": "text/csv"}), 406, "not_acceptable")
    problem_of(api.call("GET", f"{URL}?page=1"), 400, "invalid_query")
    assert api.get("/api/")["views"].endswith(URL)


def test_a_view_whose_search_has_become_invalid_is_listed_and_can_be_renamed(api: Api) -> None:
    view = save(api, "Old", q="wing")
    database_rows("UPDATE saved_view SET q = 'status:paused'")
    assert api.get(URL)["results"][0]["q"] == "status:paused"
    assert api.patch(url_of(view), {"name": "Older"}).status_code == 200
    assert api.patch(url_of(view), {"q": "wing"}).status_code == 200
