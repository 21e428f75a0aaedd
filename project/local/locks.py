"""Locks between commands: code that changes shared state on disk holds the lock named after that state.

The kernel releases a lock when its holder dies, so locks never become stale.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from project.local.paths import STATE
from project.local.terminal import say


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Holds the named lock; prints a message if it has to wait for another command."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    with open(STATE / f"{name}.lock", "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another make command ({name}) …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
