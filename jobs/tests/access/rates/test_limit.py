"""How a limit counts, and what it tells."""

import os

import pytest

from jobs.access.rates import shared
from jobs.access.rates.limit import Limit
from jobs.tests.access.rates.conftest import Pass
from project.server import gunicorn_conf

LIMIT = Limit("requests", per_second=10, burst=30)


def taken(times: int, index: int = 7) -> list[bool]:
    return [LIMIT.take(shared.TOKENS, index).is_granted for _ in range(times)]


def test_a_burst_is_granted_and_then_so_many_per_second(pass_time: Pass) -> None:
    assert taken(31) == [True] * 30 + [False]
    pass_time(0.1)
    assert taken(2) == [True, False]
    pass_time(1)
    assert taken(11) == [True] * 10 + [False]
    pass_time(3_600)
    assert taken(31) == [True] * 30 + [False]


def test_each_sender_has_its_own_quota(pass_time: Pass) -> None:
    assert taken(31, index=1)[-1] is False
    assert taken(30, index=2)[-1] is True


def test_a_refused_request_is_not_counted(pass_time: Pass) -> None:
    assert taken(1_000).count(True) == 30
    pass_time(0.1)
    assert taken(1) == [True]


def test_the_fields_tell_what_is_left(pass_time: Pass) -> None:
    """As the draft spells them: items that are strings, with integers."""
    first = LIMIT.take(shared.TOKENS, 7)
    assert first.fields == {
        "RateLimit-Policy": '"requests";q=30;w=3',
        "RateLimit": '"requests";r=29;t=1',
    }
    taken(14)
    assert LIMIT.take(shared.TOKENS, 7).fields["RateLimit"] == '"requests";r=14;t=2'
    taken(14)
    refused = LIMIT.take(shared.TOKENS, 7)
    assert (refused.is_granted, refused.fields["RateLimit"]) == (False, '"requests";r=0;t=1')


def test_who_keeps_to_the_policy_is_never_refused(pass_time: Pass) -> None:
    for _ in range(5):
        assert all(taken(LIMIT.burst))
        pass_time(3)


@pytest.mark.parametrize(
    ("per_second", "burst", "window"), [(100, 1_000, 10), (1, 1, 1), (7, 3, 1)]
)
def test_a_window_is_a_whole_number_of_seconds(per_second: int, burst: int, window: int) -> None:
    assert Limit("x", per_second, burst).policy == f'"x";q={burst};w={window}'


def test_processes_that_are_forked_share_the_counters() -> None:
    """gunicorn's configuration maps them, before it forks."""
    assert vars(gunicorn_conf)["shared"] is shared
    index = shared.SLOTS - 1
    child = os.fork()
    if not child:
        shared.TOKENS[index] = 12_345
        os._exit(0)
    os.waitpid(child, 0)
    assert shared.TOKENS[index] == 12_345
    shared.TOKENS[index] = 0
