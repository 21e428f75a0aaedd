"""Each fault, while eight clients create jobs: what was answered is there, what was not is there whole or not at all.

Everything goes on by itself, and the same request with the same key then creates what is missing, once.
"""

import os
from collections import Counter
from statistics import median
from time import monotonic

import pytest

from jobs.fault_tests.checks import assert_consistent, assert_feed_is_complete
from jobs.fault_tests.faults import FAULTS, full_disk
from jobs.fault_tests.outcomes import EXPECTED, answered_since, assert_whole, complete
from jobs.fault_tests.results import TABLE
from jobs.fault_tests.stack import Stack
from jobs.fault_tests.traffic import Reader, running
from jobs.fault_tests.writers import Sent, Visitor, Writer
from jobs.tests.waiting import eventually

WRITERS = 8
# Before the fault, so that each writer is in the middle of something.
WARM = 40


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
                eventually(lambda: all(answered_since(each, ended) for each in writers))
        sent = [each for writer in writers for each in writer.sent]
        assert {each.outcome for each in sent} <= EXPECTED
        assert_whole(stack, sent)
        complete(stack, sent)
        assert_consistent(stack)
        assert_feed_is_complete(stack, reader)
    assert stack.number("SELECT count(*) FROM job WHERE name = 'Abandoned'") == 0
    back = sorted(answered_since(each, ended) - ended for each in writers)
    TABLE.append(_line(name, ended - began, back, sent, visitor))


def _line(name: str, lasted: float, back: list[float], sent: list[Sent], visitor: Visitor) -> str:
    outcomes = Counter(each.outcome for each in sent if not each.is_answered)
    answered = len(sent) - outcomes.total()
    others = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "–"
    pages = (
        ", ".join(f"{heading} ({count})" for heading, count in visitor.seen.most_common()) or "–"
    )
    return f"| {name} | {lasted:.1f} | {median(back):.1f} | {back[-1]:.1f} | {answered:,} | {others} | {pages} |"
