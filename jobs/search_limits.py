"""How far each way of reading a search goes before the next is tried."""

from typing import Final

# So few matches are expected to be read and sorted in the time of a short walk: by trigram, and by an index that is a
# range. Whether they are is found out within SORT_SECONDS.
FEW: Final = 5_000
FEW_IN_RANGE: Final = 50_000
# With more it is not tried.
SORTABLE: Final = 250_000
# Seconds that the database has for finding and sorting the matches, for counting them, and for a step of the walk.
SORT_SECONDS: Final = 0.15
COUNT_SECONDS: Final = 0.06
STEP_SECONDS: Final = 0.12
# Rows of one step of the walk. A term in one name of four hundred fills a page of fifty within it. The first step
# is a twentieth: common terms fill it, and where several statuses are merged all of a step is read.
STEP: Final = 20_000
FIRST: Final = 1_000
# Seconds after which the walk takes no further step.
PATIENCE: Final = 0.1
# The same, where the matches could not be sorted in their time.
PATIENCE_LEFT: Final = 0.05
# Rows that are looked through for a count, where the matches themselves are too many to count.
COUNT_WALK: Final = 20_000
