"""What the tests report at their end: the table of docs/faults.md, and what was killed during operations."""

from typing import Final

TABLE_HEAD: Final = (
    "| Fault | It lasts, s | Changes again after, s (median) | (slowest client) | Answered | Not answered | What the list says meanwhile |",
    "| --- | --: | --: | --: | --: | --- | --- |",
)
TABLE: Final[list[str]] = []
LINES: Final[list[str]] = []
