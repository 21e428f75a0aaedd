"""The limits at which reading a search gives up one strategy and tries the next.

They are for conditions on the job's row alone. One that looks up the job's history costs more per row: the numbers of rows
are then divided by that cost (`Criteria.cost`), so that the time stays the same.
"""

from typing import Final

# Up to this many expected matches, reading and sorting them should take no longer than a short walk: for an
# inverted index, and for an index range. SORT_SECONDS enforces it.
SORT_FIRST_LIMIT: Final = 5_000
RANGE_SORT_FIRST_LIMIT: Final = 50_000
# More expected matches than this are neither sorted nor counted. Only if the trigram index supports several parts of the
# name, it looks them up together, however many matches each has, and their common matches are sorted.
SORT_LIMIT: Final = 250_000
# Statement timeouts: for finding and sorting the matches, for counting them, and for one step of the walk.
SORT_SECONDS: Final = 0.15
COUNT_SECONDS: Final = 0.06
STEP_SECONDS: Final = 0.12
# Rows per step of the walk. A term in one name of four hundred fills a page of fifty within one step. The first step is
# a twentieth of that: common terms fill a page within it, and when several statuses are merged, a step is always read
# in full.
STEP_ROWS: Final = 20_000
FIRST_STEP_ROWS: Final = 1_000
# The walk takes no further step after this time.
WALK_SECONDS: Final = 0.1
# The same after sorting has timed out.
WALK_SECONDS_AFTER_SORT: Final = 0.05
# Rows sampled for a count when there are too many matches to count.
COUNT_SAMPLE_ROWS: Final = 20_000
# A job's history is looked up through its index: as long as the check of this many conditions on the row.
HISTORY_COST: Final = 5
# The columns with inverted indexes (GIN), whose matches are all over the table
INVERTED: Final = frozenset({"name_key", "labels"})


def step_rows(cost: int) -> int:
    return max(1, STEP_ROWS // cost)


def first_step_rows(cost: int) -> int:
    return max(1, FIRST_STEP_ROWS // cost)
