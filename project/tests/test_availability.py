"""What is made of answers and of their absence, by a clock that is set."""

from threading import get_ident

import psycopg
import pytest

from project.postgresql import availability as module
from project.postgresql.availability import ANSWER_SECONDS, SILENCE_SECONDS, Availability


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


@pytest.fixture
def known(clock: Clock) -> Availability:
    known = Availability()
    known.patient_threads = 2
    return known


def test_waiting_alone_is_no_silence(clock: Clock, known: Availability) -> None:
    for thread in range(10):
        known._waiting[thread] = clock.now
    known.begin_wait()
    clock.now += 1_000
    assert known.longest_wait == 1_000
    assert not known.is_silent
    assert not known.wait_is_over
    assert not known.is_refused


def test_a_question_without_an_answer_is_silence_until_anything_is_answered(
    clock: Clock, known: Availability
) -> None:
    known.asked()
    assert not known.is_silent
    clock.now += ANSWER_SECONDS
    assert known.is_silent
    known.heard()
    assert not known.is_silent
    clock.now += ANSWER_SECONDS
    assert known.is_silent, "the question is still open"
    known.failed(psycopg.OperationalError("given up"), ANSWER_SECONDS)
    known.asked()
    assert known.is_silent, "a new question is no answer"
    known.answered(is_read_only=False)
    assert not known.is_silent
    assert not known.is_refused
    assert not known.is_in_doubt


def test_those_who_have_waited_longest_wait_on_for_a_while(
    clock: Clock, known: Availability
) -> None:
    known.begin_wait()
    known._waiting |= {-1: clock.now - 1}
    known.asked()
    clock.now += ANSWER_SECONDS
    assert not known.wait_is_over, "one has waited longer, and two may"
    known._waiting |= {-2: known._waiting[get_ident()] - 1}
    assert known.wait_is_over
    known.end_wait()
    known._waiting = {get_ident(): 0.0}
    assert not known.wait_is_over
    clock.now += SILENCE_SECONDS
    assert known.wait_is_over, "nobody waits for ever"


@pytest.mark.parametrize(
    "words",
    [
        'FATAL:  too many connections for role "jobs_web"',
        "FATAL:  sorry, too many clients already",
        "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
    ],
)
def test_a_server_without_room_is_neither_silent_nor_gone(
    clock: Clock, known: Availability, words: str
) -> None:
    known.failed(psycopg.OperationalError(words), 0.1)
    assert not known.is_silent
    assert not known.is_refused
    assert known.complaint
    assert known.complaint.sqlstate == "53300"
    known.connected()
    assert known.complaint is None


def test_each_change_of_what_is_taken_is_told_once(known: Availability) -> None:
    told = []
    known.changed = lambda: told.append(known.is_read_only)
    for is_read_only in (False, True, True, True, False, False):
        known.answered(is_read_only)
    assert told == [True, False]
