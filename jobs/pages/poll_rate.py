"""When a tab may poll again. Limits the polls of all tabs together to what one process can serve."""

from collections.abc import Hashable
from threading import Lock
from time import monotonic
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from jobs.access.addresses import client_address
from jobs.access.principal import principal_of

HEADER: Final = "Poll-After"
# No tab waits for longer. With so many tabs that all of them would have to, there are more polls than the limit.
MAX_AHEAD_SECONDS: Final = 60.0
PRUNE_SECONDS: Final = 1.0


class RateLimiter:
    """Evenly spaced slots, reserved in advance: the more tabs, the later the next free slot.

    Each client has slots of its own, in equal shares: who polls too often waits alone.
    """

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._next_slots: dict[Hashable, float] = {}
        self._pruned_at = 0.0
        self._lock = Lock()

    def reserve(self, now: float, client: Hashable = None) -> float:
        """Reserves the client's next free slot; returns the seconds until then."""
        with self._lock:
            if now - self._pruned_at >= PRUNE_SECONDS:
                self._prune(now)
            slot = min(self._next_slots.get(client, now), now + MAX_AHEAD_SECONDS)
            self._next_slots[client] = slot
            self._next_slots[client] += self._interval * len(self._next_slots)
        return slot - now

    def _prune(self, now: float) -> None:
        """Forgets clients that hold no slot."""
        self._pruned_at = now
        self._next_slots = {client: slot for client, slot in self._next_slots.items() if slot > now}


_limiter = RateLimiter(settings.LIVE_POLLS_PER_SECOND)


def poll_after(request: HttpRequest) -> str:
    """The header's value: the minimum delay in seconds, 0.0 unless the process is at its limit."""
    user_id = principal_of(request).user_id
    client = client_address(request) if user_id is None else user_id
    return f"{_limiter.reserve(monotonic(), client):.1f}"
