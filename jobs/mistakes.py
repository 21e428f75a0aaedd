"""The errors in a request: the same types from the code that finds them to the API and the pages that report them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

MAX_QUOTED: Final = 40
# Characters that no text in PostgreSQL can contain
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class FieldError:
    """An error in one field of a request: a detail for people, and a stable code for programs."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class SearchError(FieldError):
    """An error in a part of the search text: its position, and what could replace the part."""

    start: int = 0
    end: int = 0
    suggestions: tuple[str, ...] = ()


class InvalidQuery(ValueError):
    """A query string with unknown parameters or invalid values. The search text is one of its parameters."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.detail for error in errors))
        self.errors = list(errors)

    @property
    def search_errors(self) -> list[SearchError]:
        """The errors in the search text, from left to right."""
        errors = [error for error in self.errors if isinstance(error, SearchError)]
        return sorted(errors, key=lambda error: error.start)

    @property
    def other_errors(self) -> list[FieldError]:
        """The errors in other parameters."""
        return [error for error in self.errors if not isinstance(error, SearchError)]


def displayable(text: str) -> str:
    """The text with a replacement character for each character that cannot be stored, nor always encoded."""
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def quoted(value: str) -> str:
    """The value in quotes for a message, truncated to MAX_QUOTED characters."""
    value = displayable(value)
    return f'"{value}"' if len(value) <= MAX_QUOTED else f'"{value[:MAX_QUOTED]}…"'


def closest(name: str, known: tuple[str, ...]) -> str | None:
    """The known name that `name` misspells, if any. One that is too long to quote is not compared: that would be slow."""
    return _closest(name, known) if len(name) <= MAX_QUOTED else None


@lru_cache(maxsize=256)
def _closest(name: str, known: tuple[str, ...]) -> str | None:
    """Cached: a misspelled field is usually misspelled in every line of an import."""
    return next(iter(get_close_matches(name, known, 1)), None)
