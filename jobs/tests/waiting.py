"""Waiting for a state that can be observed."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Final, TypeVar

# Far more than any wait takes, so that a busy machine fails no test: what never happens still fails.
DEADLINE_SECONDS: Final = 120

T = TypeVar("T")


def eventually(condition: Callable[[], T]) -> T:
    """The first truthy result of the condition."""
    end = monotonic() + DEADLINE_SECONDS
    while not (result := condition()):
        assert monotonic() < end, f"still {result!r} after {DEADLINE_SECONDS} s"
        sleep(0.02)
    return result
