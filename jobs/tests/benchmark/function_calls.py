"""Counts what a request makes Python do: the same number in every run, however fast or busy the machine is."""

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

# A round may differ where something is cached or a container grows: the least of several rounds does not.
ROUNDS = 5


def function_calls(work: Callable[[], object]) -> Counter[str]:
    """The functions that `work` calls in this thread, with the number of their calls."""
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, function: Any) -> None:
        if event == "call":
            calls[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            calls[function.__qualname__] += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def least_calls(work: Callable[[], object]) -> int:
    """The number of function calls of `work` once everything that it caches is cached."""
    work()
    return min(function_calls(work).total() for _ in range(ROUNDS))
