"""A proposal is decided once, and becomes one operation."""

from functools import partial
from typing import Any

import pytest
from pytest_django import Settings

from jobs.operations.maintenance import maintain
from jobs.operations.running import run
from jobs.proposals.changes import (
    MAX_OPEN,
    ProposalDecided,
    ProposalExpired,
    TooManyProposals,
    approve_proposal,
    decline_proposal,
)
from jobs.proposals.rows import count_proposals, open_proposals, read_proposal
from jobs.statuses import StatusType
from jobs.tests.conftest import Run
from jobs.tests.factories import database_rows, fill, history_of, make_job
from jobs.tests.proposals.conftest import expire, proposed

OPERATIONS = "SELECT count(*) FROM operation"


@pytest.mark.django_db
def test_an_approved_proposal_is_an_operation_for_what_matches_then() -> None:
    first = make_job("Wing")
    proposal = proposed(q="wing")
    second = make_job("Wing")
    operation = approve_proposal(proposal.id)
    assert operation
    assert (operation.total, operation.reason, operation.proposal) == (2, "No heartbeat", proposal.id)  # fmt: skip
    assert run(operation.id)
    assert history_of(first) == history_of(second) == ["PENDING", "FAILED"]
    found = read_proposal(proposal.id)
    assert found
    assert (found.state, found.total, found.operation_id) == ("approved", 1, operation.id)
    assert open_proposals(10) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "parameters"),
    [("delete", {}), ("label", {"labels": {"team": "fluid", "old": None}})],
)
def test_each_action_is_kept_with_its_values(action: str, parameters: dict[str, Any]) -> None:
    ids = fill(2)
    operation = approve_proposal(proposed(action, ids=ids, **parameters).id)
    assert operation
    assert (operation.action, operation.parameters, operation.id_count) == (action, parameters, 2)


@pytest.mark.django_db
def test_a_decided_proposal_stays_as_it_is() -> None:
    make_job()
    declined, approved = proposed(), proposed()
    decline_proposal(declined.id, reason="Not now")
    assert approve_proposal(approved.id)
    for proposal in (declined, approved):
        with pytest.raises(ProposalDecided):
            approve_proposal(proposal.id)
        with pytest.raises(ProposalDecided):
            decline_proposal(proposal.id)
    assert database_rows(OPERATIONS) == [(1,)]
    assert approve_proposal(10**9) is None
    assert decline_proposal(10**9) is None


@pytest.mark.django_db
def test_an_expired_proposal_cannot_be_decided() -> None:
    proposal = proposed()
    expire(proposal)
    for decide in (approve_proposal, decline_proposal):
        with pytest.raises(ProposalExpired):
            decide(proposal.id)
    found = read_proposal(proposal.id)
    assert found
    assert found.state == "expired"
    assert open_proposals(10) == []
    assert database_rows(OPERATIONS) == [(0,)]


@pytest.mark.django_db
def test_open_proposals_of_one_user_are_bounded() -> None:
    for _ in range(MAX_OPEN):
        proposal = proposed(proposer=1)
    with pytest.raises(TooManyProposals):
        proposed(proposer=1)
    proposed(proposer=2)
    decline_proposal(proposal.id)
    proposed(proposer=1)
    assert count_proposals().value == MAX_OPEN + 2


@pytest.mark.django_db
def test_old_proposals_are_forgotten(settings: Settings) -> None:
    decided, old, still_open = proposed(), proposed(), proposed()
    decline_proposal(decided.id)
    database_rows(
        "UPDATE proposal SET expires_at = expires_at - interval '100 days',"
        f" decided_at = decided_at - interval '91 days' WHERE id <> {still_open.id} RETURNING id"
    )
    settings.OPERATION_DAYS = 0
    assert maintain()["proposals"] == 0
    settings.OPERATION_DAYS = 90
    assert maintain()["proposals"] == 2
    assert [each.id for each in open_proposals(10)] == [still_open.id]
    assert old


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_proposals")
def test_two_approvals_at_once_make_one_operation(at_once: Run) -> None:
    make_job("Wing", StatusType.RUNNING)
    proposal = proposed(q="wing")

    def approve() -> str:
        try:
            return "approved" if approve_proposal(proposal.id) else ""
        except ProposalDecided:
            return "decided"

    outcomes = at_once(*[partial(approve)] * 4)
    assert sorted(outcomes) == ["approved", "decided", "decided", "decided"]
    assert database_rows(OPERATIONS) == [(1,)]
