"""Cursors of the change feed: a position as text, which clients store and send back."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# Words that clients may send instead of a cursor: the oldest event that is kept, and the end of the feed.
START, NOW = "start", "now"
PATTERN: Final = re.compile(r"([0-9a-f]{8})-(\d{1,18})-(\d{1,18})", re.ASCII)


class MalformedCursor(ValueError):
    """The text is not a cursor."""


class Cursor(NamedTuple):
    """The position (turn, id) of an event, and the mark of the era in which a reader first got it."""

    mark: str
    turn: int
    id: int

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises MalformedCursor."""
        found = PATTERN.fullmatch(text)
        if not found:
            raise MalformedCursor("A cursor is the id of an event or the value of Feed-Cursor.")
        mark, turn, event_id = found.groups()
        return cls(mark, int(turn), int(event_id))

    def __str__(self) -> str:
        return f"{self.mark}-{self.turn}-{self.id}"

    @property
    def position(self) -> tuple[int, int]:
        """Comparable with that of any other cursor."""
        return self.turn, self.id
