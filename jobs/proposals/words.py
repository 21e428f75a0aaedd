"""The selection of a proposal in words."""

from jobs.mistakes import InvalidQuery
from jobs.operations.words import selection_words
from jobs.proposals.rows import ProposalRow


def words_of(proposal: ProposalRow) -> str:
    """As the preview of an operation says it."""
    try:
        return selection_words(proposal.action, proposal.selection)
    except InvalidQuery:  # the search language has changed since
        return proposal.q
