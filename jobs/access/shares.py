"""How much of what a process offers one user may hold at once, with all sessions and tokens together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Lock


class Shares:
    def __init__(self) -> None:
        self._lock = Lock()
        self._held: Counter[int] = Counter()

    def take(self, user_id: int | None, most: int) -> Callable[[], None] | None:
        """Returns what gives it back, to be called once; None if the user holds `most` already.

        In open mode, where nobody has an id, nothing is counted.
        """
        if user_id is None:
            return _nothing
        with self._lock:
            if self._held[user_id] >= most:
                return None
            self._held[user_id] += 1
        return partial(self._give_back, user_id)

    def _give_back(self, user_id: int) -> None:
        with self._lock:
            self._held[user_id] -= 1
            if not self._held[user_id]:
                del self._held[user_id]


def _nothing() -> None:
    pass
