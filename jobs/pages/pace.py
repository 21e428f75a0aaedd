"""How soon a tab may ask again: all tabs together ask a process no more often than it can well answer."""

from threading import Lock
from time import monotonic

from django.conf import settings

HEADER = "Poll-After"


class Pace:
    """Turns at equal distances, handed out in advance: with many tabs each one's next turn is later."""

    def __init__(self, per_second: float) -> None:
        self._apart = 1 / per_second
        self._free = 0.0
        self._lock = Lock()

    def wait(self, now: float) -> float:
        """Seconds until the next turn that is free, which is taken."""
        with self._lock:
            turn = max(self._free, now)
            self._free = turn + self._apart
        return turn - now


_pace = Pace(settings.LIVE_POLLS_PER_SECOND)


def poll_after() -> str:
    """The header's value: seconds to wait at least, more than none where the process is busy with tabs."""
    return f"{_pace.wait(monotonic()):.1f}"
