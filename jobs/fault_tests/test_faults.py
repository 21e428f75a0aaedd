"""Each fault, while eight clients create jobs: what was answered is there, what was not is there whole or not at all.

Everything goes on by itself, and the same request with the same key then creates what is missing, once.
"""

import os
from collections import Counter
from functools import partial
from statistics import median
from time import monotonic

import pytest

from jobs.fault_tests.checks import assert_consistent, assert_feed_is_complete
from jobs.fault_tests.faults import FAULTS, full_disk
from jobs.fault_tests.results import TABLE
from jobs.fault_tests.stack import Stack
from jobs.fault_tests.traffic import Reader, running
from jobs.fault_tests.writers import PREFIX, Sent, Visitor, Writer, request
from jobs.tests.waiting import eventually

WRITERS = 8
# Before the fault, so that each writer is in the middle of something.
WARM = 40
CREATED = f"""
    SELECT split_part(name, '.', 1) || '.', count(*), count(*) FILTER (WHERE entries = 1 AND current_status = 'PENDING')
    FROM job JOIN LATERAL (SELECT count(*) AS entries FROM job_status WHERE job_id = job.id) AS history ON true
    WHERE name LIKE '{PREFIX} %' GROUP BY 1
"""
EXPECTED = {
    "200",
    "201",
    "database_unavailable",
    "database_overloaded",
    "database_read_only",
    "database_full",
    "outcome_unknown",
    "no response",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_loses_nothing_and_ends_by_itself(stack: Stack, name: str) -> None:
    if FAULTS[name] is full_disk and os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    reader, visitor = Reader(stack.api), Visitor(stack.api)
    writers = [Writer(stack.api) for _ in range(WRITERS)]
    with running(reader):
        with running(visitor, *writers):
            eventually(lambda: sum(len(each.sent) for each in writers) > WARM)
            began = monotonic()
            with FAULTS[name](stack):
                ended = monotonic()
                eventually(lambda: all(_answered_since(each, ended) for each in writers))
        sent = [each for writer in writers for each in writer.sent]
        assert {each.outcome for each in sent} <= EXPECTED
        _assert_whole(stack, sent)
        _complete(stack, sent)
        assert_consistent(stack)
        assert_feed_is_complete(stack, reader)
    assert stack.number("SELECT count(*) FROM job WHERE name = 'Abandoned'") == 0
    back = sorted(_answered_since(each, ended) - ended for each in writers)
    TABLE.append(_line(name, ended - began, back, sent, visitor))


def _answered_since(writer: Writer, moment: float) -> float:
    """When the first change since then was answered, or 0."""
    return next((each.at for each in [*writer.sent] if each.is_answered and each.at > moment), 0.0)


def _assert_whole(stack: Stack, sent: list[Sent]) -> None:
    created = {name: (jobs, whole) for name, jobs, whole in stack.rows(CREATED)}
    for each in sent:
        jobs, whole = created.get(each.name, (0, 0))
        assert jobs == whole, f"{each}: {jobs} jobs, {whole} with their history"
        if each.is_unknown:
            assert jobs in {0, each.jobs}, f"{each}: {jobs} jobs"
        else:
            assert jobs == (each.jobs if each.is_answered else 0), f"{each}: {jobs} jobs"


def _complete(stack: Stack, sent: list[Sent]) -> None:
    """The guide's advice: the same request with the same key, until it is answered."""
    for each in sent:
        if not each.is_answered:
            eventually(partial(_is_accepted, stack, each))
    created = {name: jobs for name, jobs, _ in stack.rows(CREATED)}
    assert [each for each in sent if created.get(each.name) != each.jobs] == []


def _is_accepted(stack: Stack, sent: Sent) -> bool:
    return request(stack.api, sent.name, sent.jobs, sent.key).status < 300


def _line(name: str, lasted: float, back: list[float], sent: list[Sent], visitor: Visitor) -> str:
    outcomes = Counter(each.outcome for each in sent if not each.is_answered)
    answered = len(sent) - outcomes.total()
    others = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "–"
    pages = (
        ", ".join(f"{heading} ({count})" for heading, count in visitor.seen.most_common()) or "–"
    )
    return f"| {name} | {lasted:.1f} | {median(back):.1f} | {back[-1]:.1f} | {answered:,} | {others} | {pages} |"
