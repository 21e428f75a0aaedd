"""Counters that the processes of a server share: memory that the first one maps, and those that it forks inherit.

gunicorn's configuration imports this module, so that it is there before the first fork; it therefore imports nothing of
Django. In a process that nobody has forked, the counters are its own.
"""

from mmap import mmap
from typing import Final

# For each kind of sender. A power of two.
SLOTS: Final = 1 << 16
_KINDS: Final = 3
_numbers: Final = memoryview(mmap(-1, _KINDS * SLOTS * 8)).cast("Q")

TOKENS: Final = _numbers[:SLOTS]
USERS: Final = _numbers[SLOTS : 2 * SLOTS]
ADDRESSES: Final = _numbers[2 * SLOTS :]
