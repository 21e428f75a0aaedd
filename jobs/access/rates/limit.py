"""One limit: so many requests at once, and so many per second in the long run. And what is left of it.

The generic cell rate algorithm: all that is stored about a sender is when its quota will be whole again.
"""

from __future__ import annotations

from math import ceil
from time import monotonic_ns
from typing import Final, NamedTuple

SECOND: Final = 10**9


class Limit:
    """The headers are those of draft-ietf-httpapi-ratelimit-headers."""

    def __init__(self, name: str, per_second: int, burst: int) -> None:
        self.name, self.per_second, self.burst = name, per_second, burst
        self._interval = SECOND // per_second
        self._window = self._interval * burst
        # Who sends a burst in each window is never refused.
        self.policy = f'"{name}";q={burst};w={ceil(burst / per_second)}'

    def take(self, slots: memoryview[int], index: int) -> Allowance:
        """Counts a request, unless it is refused.

        Without a lock: of two requests at the same instant, one may not be counted. A number is written as a whole.
        """
        now = monotonic_ns()  # the same clock in all processes
        whole_at = max(slots[index], now) + self._interval
        used = whole_at - now
        if used > self._window:
            return Allowance(self, False, 0, _seconds(used - self._window))
        slots[index] = whole_at
        return Allowance(self, True, (self._window - used) // self._interval, _seconds(used))


class Allowance(NamedTuple):
    """What is left after a request. `seconds` is when it is whole again or, if the request is refused, when to come back."""

    limit: Limit
    is_granted: bool
    remaining: int
    seconds: int

    @property
    def fields(self) -> dict[str, str]:
        """Headers of the response, but Retry-After."""
        return {
            "RateLimit-Policy": self.limit.policy,
            "RateLimit": f'"{self.limit.name}";r={self.remaining};t={self.seconds}',
        }


def _seconds(nanoseconds: int) -> int:
    """Rounded up."""
    return -(-nanoseconds // SECOND)
