"""The endpoints of proposals. What decisions do is tested in jobs/tests/proposals."""

import json

import pytest

from jobs.access.principal import Role, Scope
from jobs.tests.access.conftest import as_role, login_mode, user  # noqa: F401  # fixtures
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.access.tokens.test_requests import call
from jobs.tests.conftest import Api
from jobs.tests.factories import database_rows, make_job
from jobs.tests.problems import problem_of
from jobs.tests.proposals.conftest import expire, proposed

pytestmark = pytest.mark.django_db

URL = "/api/proposals/"


def test_proposals_are_listed_by_state(api: Api) -> None:
    first, second = proposed(q="wing"), proposed("delete", ids=[1])
    expire(first)
    assert [each["id"] for each in api.get(URL)["results"]] == [second.id, first.id]
    [found] = api.get(f"{URL}?state=open")["results"]
    assert (found["action"], found["id_count"], found["query_in_words"]) == ("delete", 1, "1 chosen job")  # fmt: skip
    assert api.get(f"{URL}?state=expired")["count"] == 1
    assert problem_of(api.call("GET", f"{URL}?state=late"), 400)["code"] == "invalid_query"


def test_a_proposal_is_approved_once(api: Api) -> None:
    make_job("Wing")
    proposal = proposed(q="wing")
    response = api.post(f"{URL}{proposal.id}/approve/", None)
    assert response.status_code == 202
    operation = json.loads(response.content)
    assert response["Location"] == f"/api/operations/{operation['id']}/"
    assert (operation["proposal"], operation["reason"]) == (proposal.id, "No heartbeat")
    assert api.get(f"{URL}{proposal.id}/")["operation_id"] == operation["id"]
    again = problem_of(api.post(f"{URL}{proposal.id}/approve/", None), 409)
    assert again["code"] == "proposal_decided"
    assert api.get("/api/operations/")["count"] == 1


def test_a_proposal_is_declined_with_a_reason(api: Api) -> None:
    proposal = proposed()
    declined = json.loads(api.post(f"{URL}{proposal.id}/decline/", {"reason": "Not now"}).content)
    assert (declined["state"], declined["decision_reason"]) == ("declined", "Not now")
    late = problem_of(api.post(f"{URL}{proposal.id}/decline/", {}), 409)
    assert late["code"] == "proposal_decided"


def test_what_is_not_there_or_too_late_is_refused(api: Api) -> None:
    proposal = proposed()
    expire(proposal)
    for action in ("approve", "decline"):
        late = problem_of(api.post(f"{URL}{proposal.id}/{action}/", None), 409)
        assert late["code"] == "proposal_expired"
        missing = problem_of(api.post(f"{URL}{proposal.id + 1}/{action}/", None), 404)
        assert missing["code"] == "proposal_not_found"
    assert api.call("GET", f"{URL}{proposal.id + 1}/").status_code == 404


def test_an_agent_decides_nothing(login_mode: None) -> None:  # noqa: F811  # the fixture
    make_job()
    otto = make_user("otto", Role.ADMIN)
    agent, program = make_token(otto, scope=Scope.AGENT), make_token(otto, scope=Scope.WRITE)
    proposal = proposed(proposer=otto.pk, token=agent.id)
    body = json.dumps({"action": "delete", "all": True})
    for path, data in [
        (f"{URL}{proposal.id}/approve/", ""),
        (f"{URL}{proposal.id}/decline/", ""),
        ("/api/operations/", body),
    ]:
        assert call(agent, "POST", path, data=data).status_code == 403, path
    assert database_rows("SELECT state FROM proposal") == [("open",)]
    approved = call(program, "POST", f"{URL}{proposal.id}/approve/")
    assert approved.status_code == 202
    operation = json.loads(approved.content)
    assert (operation["actor"], operation["proposed_by"]) == ("otto", "otto")
