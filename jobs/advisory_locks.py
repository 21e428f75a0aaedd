"""The keys of PostgreSQL's advisory locks, which all share one space of 64-bit numbers in a database.

The key of an idempotent request is in it too: the first 64 bits of a SHA-256 (`kept_answer_claim`). That one of these
equals a number below is practically impossible: it would take a particular 64-bit prefix of a SHA-256.
"""

from typing import Final

# One process at a time applies the migrations.
MIGRATE: Final = 7_001_001
# One repair of the counters at a time.
REPAIR_COUNTS: Final = 7_001_002
# One change of the order, the number or the default of the saved views at a time.
ORDER_VIEWS: Final = 7_001_003
# Used by migration 0002, whose function 0003 drops. It is not assigned again.
RETIRED: Final = frozenset({7_001})
