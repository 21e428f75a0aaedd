"""A saved view is its maker's, unless it is shared: then everybody sees it, and only the maker and admins change it."""

from typing import Any

import pytest
from django.test import Client

from jobs.saved_views.changes import create_view
from jobs.saved_views.search import DEFAULTS
from jobs.tests.access.conftest import Login
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db

HEADERS = {"X-CSRFToken": "any"}
PATH = "/api/views/"


def save(client: Client, name: str, **values: Any) -> Any:
    body = {"name": name, **values}
    response = client.post(PATH, body, "application/json", headers=HEADERS)
    assert response.status_code == 201, response.content
    return response.json()


def change(client: Client, view: Any, values: Any) -> Any:
    return client.patch(f"{PATH}{view['id']}/", values, "application/json", headers=HEADERS)


def names(client: Client) -> list[str]:
    return [view["name"] for view in client.get(PATH).json()["results"]]


def test_a_view_is_its_makers(as_role: Login) -> None:
    otto, anna = as_role("operator"), as_role("admin")
    view = save(otto, "Mine")
    assert (view["is_shared"], view["owner"], view["position"]) == (False, "otto", 1)
    assert (names(otto), names(anna)) == (["Mine"], [])
    assert "Mine" not in anna.get("/").content.decode()
    for response in (
        anna.get(f"{PATH}{view['id']}/"),
        change(anna, view, {"name": "x"}),
        anna.delete(f"{PATH}{view['id']}/", headers=HEADERS),
    ):
        assert problem_of(response, 404)["code"] == "view_not_found"
    assert save(anna, "Mine")["position"] == 1


def test_only_its_maker_and_admins_change_a_shared_view(as_role: Login) -> None:
    otto, anna = as_role("operator"), as_role("admin")
    view = save(anna, "Everybody's", is_shared=True)
    assert names(otto) == ["Everybody's"]
    for response in (
        change(otto, view, {"name": "x"}),
        change(otto, view, {"is_shared": False}),
        otto.delete(f"{PATH}{view['id']}/", headers=HEADERS),
    ):
        assert problem_of(response, 403)["code"] == "forbidden"
    theirs = save(otto, "Otto's", is_shared=True)
    assert change(anna, theirs, {"name": "Renamed"}).status_code == 200
    assert change(otto, theirs, {"name": "Mine"}).status_code == 200
    page = otto.get(f"/?view={view['id']}", follow=True).content.decode()
    assert 'data-view-action="rename"' not in page
    assert 'data-view-action="link"' in page
    page = otto.get(f"/?view={theirs['id']}", follow=True).content.decode()
    assert "Keep to yourself" in page


def test_views_from_before_there_were_users_are_shared_and_for_admins_to_change(
    as_role: Login,
) -> None:
    old = create_view({**DEFAULTS, "name": "Old"})
    otto, anna = as_role("operator"), as_role("admin")
    assert names(otto) == ["Old"]
    assert change(otto, {"id": old.id}, {"name": "x"}).status_code == 403
    assert change(anna, {"id": old.id}, {"name": "New"}).status_code == 200


def test_sharing_moves_a_view_to_the_end_of_the_other_list(as_role: Login) -> None:
    otto, anna = as_role("operator"), as_role("admin")
    for name in ("One", "Two"):
        save(anna, name, is_shared=True)
    mine = [save(otto, name, is_default=name == "A") for name in ("A", "B", "C")]
    shared = change(otto, mine[0], {"is_shared": True}).json()
    assert (shared["position"], shared["is_default"]) == (3, False)
    assert names(otto) == ["One", "Two", "A", "B", "C"]
    places = [view["position"] for view in otto.get(PATH).json()["results"]]
    assert places == [1, 2, 3, 1, 2]
    back = change(otto, mine[0], {"is_shared": False}).json()
    assert (back["position"], names(anna)) == (3, ["One", "Two"])


def test_a_name_that_is_shared_already_is_refused(as_role: Login) -> None:
    otto, anna = as_role("operator"), as_role("admin")
    save(anna, "Failed", is_shared=True)
    view = save(otto, "failed")
    response = change(otto, view, {"is_shared": True})
    assert problem_of(response, 409)["code"] == "name_taken"
    assert names(anna) == ["Failed"]


def test_ones_own_default_comes_before_that_of_all(as_role: Login) -> None:
    otto, anna = as_role("operator"), as_role("admin")
    save(anna, "All", is_shared=True, is_default=True)
    own = save(otto, "Own", is_default=True)
    assert f"view={own['id']}" in otto.get("/")["Location"]
    assert f"view={own['id']}" not in anna.get("/")["Location"]


def test_in_open_mode_all_views_are_shared(client: Client) -> None:
    view = save(client, "All")
    assert (view["is_shared"], view["owner"]) == (True, None)
    response = change(client, view, {"is_shared": False})
    assert problem_of(response, 400)["errors"][0]["field"] == "is_shared"
