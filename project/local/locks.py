"""One at a time. Rule: whoever changes shared state on disk holds the lock named after that state.

The kernel frees a lock when its holder dies, so there are no stale ones.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from project.local.places import STATE
from project.local.terminal import say


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Holds the lock of this name; waits, and says so, while another command holds it."""
    STATE.mkdir(exist_ok=True)
    with open(STATE / f"{name}.lock", "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting: another make command is busy here ({name}).")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
