"""Each failure of a machine, while eight clients create jobs, one reads the feed, fifty tabs poll, and an operation runs.

No answered change is lost, no event of the feed is lost or repeated, and everything goes on by itself.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import chain, count, pairwise
from time import monotonic

import pytest

from jobs.benchmark.open_tabs import Scheduler
from jobs.failover_tests.failures import FAILURES
from jobs.failover_tests.results import TABLE
from jobs.failover_tests.stack import HighlyAvailable
from jobs.fault_tests.checks import assert_consistent, assert_feed_is_complete, entries_of
from jobs.fault_tests.operating import Operation, finished
from jobs.fault_tests.outcomes import EXPECTED, answered_since, assert_whole, complete
from jobs.fault_tests.plan import JOBS
from jobs.fault_tests.traffic import Reader, running
from jobs.fault_tests.writers import Sent, Writer
from jobs.tests.waiting import eventually

WRITERS = 8
TABS = 50
WARM = 40
# Each operation changes all jobs to the status from which the next one changes them.
STATUSES = ("PENDING", "RUNNING")
turns = count()


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_loses_nothing_and_ends_by_itself(stack: HighlyAvailable, name: str) -> None:
    stack.wait_until_whole()
    reader = Reader(stack.api)
    writers = [Writer(stack.api) for _ in range(WRITERS)]
    tabs = Scheduler("127.0.0.1", stack.api.port, TABS)
    with running(reader):
        with running(*writers), tabs.polling() as polls:
            eventually(lambda: sum(len(each.sent) for each in writers) > WARM)
            operation = begin(stack)
            began = monotonic()
            with FAILURES[name].happens(stack):
                ended = monotonic()
                eventually(lambda: all(answered_since(each, ended) for each in writers))
            done = finished(stack, operation)
            stack.wait_until_whole()
        sent = [each for writer in writers for each in writer.sent]
        assert {each.outcome for each in sent} <= EXPECTED
        assert_whole(stack, sent)
        complete(stack, sent)
        assert_consistent(stack)
        assert_feed_is_complete(stack, reader)
    assert_each_job_once(stack, done)
    gaps = [longest_gap([each], began) for each in writers]
    TABLE.append(_line(name, longest_gap(writers, began), max(gaps), sent, polls, done))


def begin(stack: HighlyAvailable) -> int:
    turn = next(turns)
    before, after = STATUSES[turn % 2], STATUSES[(turn + 1) % 2]
    change = {"action": "set_status", "status_type": after, "q": "wing", "status": [before]}
    answer = stack.api.send("POST", "/api/operations/", change)
    assert answer.status == 202, answer.text
    return int(answer.content["id"])


def assert_each_job_once(stack: HighlyAvailable, done: Operation) -> None:
    assert (done["state"], done["done"], done["failed"]) == ("completed", JOBS, 0), done
    assert entries_of(stack, done["id"]) == (JOBS, JOBS)


def longest_gap(writers: Iterable[Writer], began: float) -> float:
    """For how many seconds none of the writers got an answer to a change, from the failure on."""
    answered = chain.from_iterable(
        [sent.at for sent in writer.sent if sent.is_answered and sent.at >= began]
        for writer in writers
    )
    return max(later - earlier for earlier, later in pairwise([began, *sorted(answered)]))


def _line(
    name: str,
    gap: float,
    slowest: float,
    sent: list[Sent],
    polls: list[tuple[int, float]],
    done: Operation,
) -> str:
    outcomes = Counter(each.outcome for each in sent if not each.is_answered)
    answered = len(sent) - outcomes.total()
    others = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "–"
    failed = sum(status not in (200, 304) for status, _ in polls)
    goal = FAILURES[name].longest
    return (
        f"| {name} | {gap:.1f} | {slowest:.1f} | {goal:g} | {answered:,} | {others} |"
        f" {failed} of {len(polls):,} | {done['done']:,} |"
    )
