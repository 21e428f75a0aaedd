"""Proposals as the tool of an agent stores them."""

from collections.abc import Iterator
from typing import Any

import pytest

from jobs.operations.preview import preview
from jobs.operations.rows import Action
from jobs.operations.selection import Selection
from jobs.proposals.changes import Proposer, propose
from jobs.proposals.rows import ProposalRow
from jobs.tests.access.conftest import as_role, login_mode, user  # noqa: F401  # fixtures
from jobs.tests.factories import database_rows
from jobs.tests.operations.conftest import no_operations  # noqa: F401  # a fixture


def proposed(
    action: str = "set_status",
    q: str = "",
    *,
    ids: list[int] | None = None,
    reason: str = "No heartbeat",
    proposer: int | None = None,
    token: int | None = None,
    **parameters: Any,
) -> ProposalRow:
    if action == "set_status" and not parameters:
        parameters = {"status_type": "FAILED"}
    selection = Selection.stored(q, None, None, ids)
    is_all = ids is None and not selection.job_filter.is_filtered
    count = preview(selection, Action(action)).total
    by = Proposer(proposer, token)
    return propose(Action(action), parameters, selection, is_all, reason, count, by)


def expire(proposal: ProposalRow) -> None:
    database_rows(f"UPDATE proposal SET expires_at = now() WHERE id = {proposal.id} RETURNING id")


@pytest.fixture
def no_proposals(no_operations: None) -> Iterator[None]:  # noqa: F811  # the fixture
    """A table that is no model, so Django does not empty it."""
    yield
    database_rows("TRUNCATE proposal")
