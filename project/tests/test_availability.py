"""The state of the database, derived from responses and their absence, with a fake clock."""

from threading import get_ident

import psycopg
import pytest

from project.postgresql import availability as module
from project.postgresql.availability import GIVE_UP_SECONDS, UNRESPONSIVE_SECONDS, Availability


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
def availability(clock: Clock) -> Availability:
    availability = Availability()
    availability.allowed_waiters = 2
    return availability


def test_waiting_threads_alone_do_not_make_it_unresponsive(
    clock: Clock, availability: Availability
) -> None:
    for thread in range(10):
        availability._waiting[thread] = clock.now
    availability.start_wait()
    clock.now += 1_000
    assert availability.longest_wait == 1_000
    assert not availability.is_unresponsive
    assert not availability.should_give_up
    assert not availability.is_unreachable


def test_unanswered_probe_makes_it_unresponsive_until_any_response(
    clock: Clock, availability: Availability
) -> None:
    availability.probe_sent()
    assert not availability.is_unresponsive
    clock.now += UNRESPONSIVE_SECONDS
    assert availability.is_unresponsive
    availability.responded()
    assert not availability.is_unresponsive
    clock.now += UNRESPONSIVE_SECONDS
    assert availability.is_unresponsive, "the probe is still unanswered"
    availability.failed(psycopg.OperationalError("given up"), UNRESPONSIVE_SECONDS)
    availability.probe_sent()
    assert availability.is_unresponsive, "a new probe is not a response"
    availability.probe_answered(is_read_only=False)
    assert not availability.is_unresponsive
    assert not availability.is_unreachable
    assert not availability.needs_probe


def test_longest_waiters_keep_waiting_for_a_while(clock: Clock, availability: Availability) -> None:
    availability.start_wait()
    availability._waiting |= {-1: clock.now - 1}
    availability.probe_sent()
    clock.now += UNRESPONSIVE_SECONDS
    assert not availability.should_give_up, "one thread has waited longer, and two may keep waiting"
    availability._waiting |= {-2: availability._waiting[get_ident()] - 1}
    assert availability.should_give_up
    availability.end_wait()
    availability._waiting = {get_ident(): 0.0}
    assert not availability.should_give_up
    clock.now += GIVE_UP_SECONDS
    assert availability.should_give_up, "no thread waits for ever"


@pytest.mark.parametrize(
    "words",
    [
        'FATAL:  too many connections for role "jobs_web"',
        "FATAL:  sorry, too many clients already",
        "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
    ],
)
def test_server_without_connections_is_neither_unresponsive_nor_unreachable(
    clock: Clock, availability: Availability, words: str
) -> None:
    availability.failed(psycopg.OperationalError(words), 0.1)
    assert not availability.is_unresponsive
    assert not availability.is_unreachable
    assert availability.connect_error
    assert availability.connect_error.sqlstate == "53300"
    availability.connected()
    assert availability.connect_error is None


def test_read_only_callback_runs_once_per_change(availability: Availability) -> None:
    calls = []
    availability.on_read_only_change = lambda: calls.append(availability.is_read_only)
    for is_read_only in (False, True, True, True, False, False):
        availability.probe_answered(is_read_only)
    assert calls == [True, False]
