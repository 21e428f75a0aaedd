"""What the tests report at their end."""

from typing import Final

TABLE_HEAD: Final = (
    "| Failure | No change answered for, s | (slowest client) | Goal, s | Answered | Not answered | Polls without an answer | Operation, jobs |",
    "| --- | --: | --: | --: | --: | --- | --: | --: |",
)
TABLE: Final[list[str]] = []
