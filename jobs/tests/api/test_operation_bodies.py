"""Which requests for operations are refused."""

from typing import Any

import pytest

from jobs.tests.api.test_operations import FAIL, URL
from jobs.tests.conftest import Api
from jobs.tests.factories import database_rows, make_job
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db


def errors_of(api: Api, body: dict[str, Any]) -> dict[str, str]:
    problem = problem_of(api.post(URL, body), 400)
    assert problem["code"] == "invalid"
    return {error["field"]: error["code"] for error in problem["errors"]}


@pytest.mark.parametrize(
    "selection", [{}, {"q": " "}, {"all": False}, {"except": [1]}, {"tz": "Asia/Kolkata"}]
)
def test_an_empty_selection_is_refused(api: Api, selection: dict[str, Any]) -> None:
    make_job()
    assert errors_of(api, FAIL | selection) == {"": "empty_selection"}
    assert database_rows("SELECT * FROM operation") == []


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"action": "required"}),
        ({"action": "undo", "all": True}, {"action": "invalid_choice"}),
        ({"action": "set_status", "all": True}, {"status_type": "required"}),
        ({"action": "rename", "all": True, "find": ""}, {"find": "blank"}),
        ({"action": "rename", "all": True, "find": "a"}, {"replace": "required"}),
        ({"action": "label", "all": True, "labels": {}}, {"labels": "invalid"}),
        ({"action": "label", "all": True, "labels": {"a=b": "c"}}, {"labels": "invalid"}),
        ({"action": "label", "all": True, "labels": {"a": "\0"}}, {"labels": "invalid"}),
        (
            {"action": "delete", "status_type": "FAILED", "all": True},
            {"status_type": "not_applicable"},
        ),
        (FAIL | {"q": "status:lost"}, {"q": "unknown_status"}),
        (FAIL | {"q": "wing", "tz": "Mars"}, {"tz": "unknown_tz"}),
        (FAIL | {"q": "wing", "all": True}, {"": "conflicting_selection"}),
        (FAIL | {"ids": [1], "status": ["FAILED"]}, {"": "conflicting_selection"}),
        (FAIL | {"ids": []}, {"ids": "invalid"}),
        (FAIL | {"ids": [0]}, {"ids": "invalid"}),
        (FAIL | {"ids": ["1"]}, {"ids": "invalid"}),
        (FAIL | {"ids": [*range(1, 10_002)]}, {"ids": "invalid"}),
        (FAIL | {"status": ["LOST"]}, {"status": "invalid_choice"}),
        (FAIL | {"all": True, "reason": "x" * 2_001}, {"reason": "max_length"}),
        (FAIL | {"all": True, "filter": "x"}, {"filter": "unknown_field"}),
    ],
)
def test_rejects_invalid_bodies(api: Api, body: dict[str, Any], errors: dict[str, str]) -> None:
    assert errors_of(api, body) == errors
    assert database_rows("SELECT * FROM operation") == []
