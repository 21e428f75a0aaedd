"""The detail of a problem names what is wrong and says what to do next."""

from typing import Any

import pytest

from jobs.api.serializers import NOTHING_TO_CHANGE
from jobs.ids import LARGEST_ID
from jobs.tests.conftest import Api
from jobs.tests.factories import make_job
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

OLD = "2020-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("body", "field", "detail"),
    [
        (
            {"current_status": "FAILED"},
            "current_status",
            "current_status is read-only. Did you mean status_type?",
        ),
        ({"created_at": OLD}, "", f"{NOTHING_TO_CHANGE} Ignored: created_at."),
        ({}, "", NOTHING_TO_CHANGE),
    ],
)
def test_a_change_without_effect_names_what_it_sent(
    api: Api, body: dict[str, Any], field: str, detail: str
) -> None:
    job = make_job()
    before = stored()
    single = problem_of(api.patch(f"/api/jobs/{job.pk}/", body), 400)
    expected = {"field": field, "code": "nothing_to_change", "detail": detail}
    assert single["errors"] == [expected]
    many = problem_of(api.patch("/api/jobs/", {"jobs": [{"id": job.pk, **body}]}), 400)
    place = f"jobs[0].{field}" if field else "jobs[0]"
    assert many["errors"] == [expected | {"field": place}]
    assert stored() == before


def test_a_bulk_problem_names_the_item_of_each_sentence(api: Api) -> None:
    jobs = [{"id": 1, "name": "x"}, {"id": 2, "name": ""}, {"id": 3}, {"id": 0, "name": "x"}, {}]
    detail = problem_of(api.patch("/api/jobs/", {"jobs": jobs}), 400)["detail"]
    assert detail == (
        f"jobs[1].name: Enter a name. jobs[2]: {NOTHING_TO_CHANGE}"
        f" jobs[3].id: An id is a number from 1 to {LARGEST_ID:,}. And 1 more."
    )


@pytest.mark.parametrize("job_id", [0, -1, LARGEST_ID + 1, 10**400])
def test_an_id_that_no_job_can_have_is_the_same_mistake_in_every_body(
    api: Api, job_id: int
) -> None:
    """In a URL it is not found; in a body that must have an id, it is invalid; beside a URL's id it is another one."""
    body = {"jobs": [{"id": job_id, "name": "x"}]}
    [error] = problem_of(api.patch("/api/jobs/", body), 400)["errors"]
    assert error["detail"] == f"An id is a number from 1 to {LARGEST_ID:,}."
    job = make_job()
    [error] = problem_of(api.patch(f"/api/jobs/{job.pk}/", {"id": job_id, "name": "y"}), 400)[
        "errors"
    ]
    assert (error["field"], error["code"]) == ("id", "id_mismatch")
    assert api.post("/api/jobs/", {"id": job_id, "name": "y"}).status_code == 201


def test_a_name_that_is_too_long_is_explained_as_on_the_page(api: Api) -> None:
    problem = problem_of(api.post("/api/jobs/", {"name": "x" * 256}), 400)
    assert problem["detail"] == "Use 255 characters or fewer."


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/nowhere/", "Not found."),
        ("/api/jobs/x/", "Not found."),
        ("/api/jobs", "Not found. URLs end with a slash."),
        ("/api/jobs?page_size=1", "Not found. URLs end with a slash."),
    ],
)
def test_mentions_the_slash_only_where_it_is_missing(api: Api, path: str, detail: str) -> None:
    for method in ("GET", "POST"):
        assert problem_of(api.call(method, path), 404)["detail"] == detail


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/jobs/", "GET, POST, PATCH, HEAD, OPTIONS"),
        ("/api/jobs/1/", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("/api/docs/", "GET, HEAD, OPTIONS"),
    ],
)
def test_an_unsupported_method_lists_the_supported_ones(api: Api, path: str, allowed: str) -> None:
    response = api.call("PUT", path, {})
    detail = problem_of(response, 405)["detail"]
    assert detail == f"This URL does not support PUT. Allowed: {allowed}."
    assert response["Allow"] == allowed


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("/api/jobs/", "application/json"),
        ("/api/events/", "application/x-ndjson, text/event-stream"),
    ],
)
def test_an_unacceptable_type_lists_the_offered_ones(api: Api, path: str, offered: str) -> None:
    problem = problem_of(api.call("GET", path, HTTP_ACCEPT="image/png"), 406)
    assert problem["detail"] == f"Accept matches no type that this URL offers: {offered}."


def test_a_change_of_another_version_says_how_to_continue(api: Api) -> None:
    path = f"/api/jobs/{make_job().pk}/"
    other = api.call("PATCH", path, {"name": "x"}, HTTP_IF_MATCH=f'"{OLD}"')
    assert "Get the job again, and repeat the change" in problem_of(other, 412)["detail"]
    undone = problem_of(api.post(f"{path}undo/", {"updated_at": OLD}), 409)["detail"]
    assert "since this updated_at" in undone
    assert "Get the job again" in undone
    change = {"id": int(path.split("/")[3]), "name": "x", "updated_at": OLD}
    [late] = api.patch("/api/jobs/", {"jobs": [change]}).json()["results"]
    assert "since this updated_at" in late["problem"]["detail"]
    assert "Get the job again" in late["problem"]["detail"]


def test_an_undo_without_a_status_change_says_what_to_do_instead(api: Api) -> None:
    job = api.post("/api/jobs/", {"name": "x"}).json()
    refused = api.post(f"/api/jobs/{job['id']}/undo/", {"updated_at": job["updated_at"]})
    assert "record it as a new one" in problem_of(refused, 409)["detail"]


def test_a_reused_key_names_the_content_type_for_imports_only(api: Api) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "explained"}
    json, form = "application/json", "application/json; charset=utf-8"
    assert (
        api.call("POST", "/api/jobs/", {"name": "x"}, content_type=json, **key).status_code == 201
    )
    replayed = api.call("POST", "/api/jobs/", {"name": "x"}, content_type=form, **key)
    assert replayed["Idempotent-Replayed"] == "true"
    reused = problem_of(api.call("POST", "/api/jobs/", {"name": "y"}, **key), 422)
    assert "for an import, a different content type" in reused["detail"]
