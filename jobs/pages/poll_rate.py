"""When a tab may poll again. Limits the polls of all tabs together to what one process can serve."""

from threading import Lock
from time import monotonic

from django.conf import settings

HEADER = "Poll-After"


class RateLimiter:
    """Evenly spaced slots, reserved in advance: the more tabs, the later the next free slot."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._next_slot = 0.0
        self._lock = Lock()

    def reserve(self, now: float) -> float:
        """Reserves the next free slot; returns the seconds until then."""
        with self._lock:
            slot = max(self._next_slot, now)
            self._next_slot = slot + self._interval
        return slot - now


_limiter = RateLimiter(settings.LIVE_POLLS_PER_SECOND)


def poll_after() -> str:
    """The header's value: the minimum delay in seconds, 0.0 unless the process is at its limit."""
    return f"{_limiter.reserve(monotonic()):.1f}"
