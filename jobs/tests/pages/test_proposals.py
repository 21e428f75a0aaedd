"""The page of a proposal, on which a person decides."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from jobs.tests.access.conftest import Login, as_role, login_mode, user  # noqa: F401  # fixtures
from jobs.tests.factories import database_rows, fill, make_job
from jobs.tests.proposals.conftest import expire, proposed

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


def text_of(response: Any) -> str:
    """What the page says, without elements."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]*>", "", response.content.decode())))


def path_of(proposal_id: int, action: str = "") -> str:
    return f"/operations/proposals/{proposal_id}/{action and action + '/'}"


def test_open_proposals_are_announced_above_the_operations(client: Client) -> None:
    page = client.get("/operations/")
    assert b"proposals-title" not in page.content
    gone = proposed()
    expire(gone)
    proposal = proposed(q="wing", reason=HOSTILE)
    page = client.get("/operations/")
    assert "1 proposed change waits for a decision" in text_of(page)
    assert path_of(proposal.id).encode() in page.content
    assert path_of(gone.id).encode() not in page.content
    assert HOSTILE.encode() not in page.content


def test_a_page_shows_what_matched_then_and_now(client: Client) -> None:
    make_job("Wing")
    proposal = proposed(q="wing", reason=HOSTILE)
    make_job("Wing")
    page = client.get(path_of(proposal.id))
    said = text_of(page)
    assert "Set to Failed" in said
    assert "Approve: set 2 jobs to Failed" in said
    assert "Matched then1 job Matches now2 jobs" in said
    assert HOSTILE in said
    assert HOSTILE.encode() not in page.content
    assert page["Cache-Control"] == "no-store"
    assert client.get(path_of(proposal.id + 1)).status_code == 404


def test_approving_begins_the_operation_in_the_name_of_the_person(as_role: Login) -> None:  # noqa: F811
    make_job("Wing")
    client = as_role("operator")
    proposal = proposed(q="wing")
    response = client.post(path_of(proposal.id, "approve"))
    [(operation_id, source, state)] = database_rows("SELECT id, source, state FROM operation")
    assert response.status_code == 302
    assert response["Location"] == f"/operations/{operation_id}/"
    assert (source, state) == ("page", "pending")
    said = text_of(client.get(response["Location"]))
    assert f"proposal {proposal.id}" in said
    assert "Approved byotto" in said
    again = client.post(path_of(proposal.id, "approve"))
    assert again.status_code == 409
    assert "Nothing was changed: the proposal was approved by otto" in text_of(again)
    assert database_rows("SELECT count(*) FROM operation") == [(1,)]


def test_declining_says_why(as_role: Login) -> None:  # noqa: F811
    client = as_role("operator")
    proposal = proposed()
    response = client.post(path_of(proposal.id, "decline"), {"reason": " Not now "})
    assert response["Location"] == path_of(proposal.id)
    assert "declined by otto" in text_of(client.get(path_of(proposal.id)))
    assert "“Not now”" in text_of(client.get(path_of(proposal.id)))
    too_long = client.post(path_of(proposed().id, "decline"), {"reason": "x" * 2_001})
    assert too_long.status_code == 400


def test_many_deletions_must_be_confirmed_by_their_number(
    client: Client, settings: Settings
) -> None:
    settings.CONFIRM_ABOVE = 2
    fill(3)
    proposal = proposed("delete")
    assert "Type 3 to confirm" in text_of(client.get(path_of(proposal.id)))
    wrong = client.post(path_of(proposal.id, "approve"), {"shown": "3", "confirmation": "2"})
    assert wrong.status_code == 400
    assert database_rows("SELECT count(*) FROM operation") == [(0,)]
    right = client.post(path_of(proposal.id, "approve"), {"shown": "3", "confirmation": "3"})
    assert right.status_code == 302


def test_a_viewer_sees_no_way_to_decide(as_role: Login) -> None:  # noqa: F811
    make_job()
    proposal = proposed()
    client = as_role("viewer")
    page = client.get(path_of(proposal.id))
    assert page.status_code == 200
    assert b"<form" not in page.content.partition(b"<main")[2].partition(b"</main")[0]
    assert client.post(path_of(proposal.id, "approve")).status_code == 403


def test_a_form_of_another_site_is_refused() -> None:
    proposal = proposed()
    client = Client(enforce_csrf_checks=True)
    for action in ("approve", "decline"):
        assert client.post(path_of(proposal.id, action)).status_code == 403
    assert database_rows("SELECT state FROM proposal") == [("open",)]
    assert client.get(path_of(proposal.id, "approve")).status_code == 405


def test_a_search_that_is_not_valid_any_more_can_only_be_declined(client: Client) -> None:
    proposal = proposed()
    database_rows("UPDATE proposal SET q = 'updated:never' RETURNING id")
    assert "cannot be approved" in text_of(client.get(path_of(proposal.id)))
    assert client.post(path_of(proposal.id, "approve")).status_code == 409
    assert database_rows("SELECT count(*) FROM operation") == [(0,)]
