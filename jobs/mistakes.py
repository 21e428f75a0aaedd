"""The mistakes in a request: the same types from the code that finds them to the API and the pages that report them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Characters that no text in PostgreSQL can contain
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class FieldError:
    """An error in one field of a request: a detail for people, and a stable code for programs."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class QueryError(FieldError):
    """An error in a part of the search text: its position, and what could replace the part."""

    start: int = 0
    end: int = 0
    suggestions: tuple[str, ...] = ()


class InvalidFilter(ValueError):
    """A query string with unknown parameters or invalid values."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.detail for error in errors))
        self.errors = list(errors)

    @property
    def query_errors(self) -> list[QueryError]:
        """The errors in the search text, from left to right."""
        errors = [error for error in self.errors if isinstance(error, QueryError)]
        return sorted(errors, key=lambda error: error.start)

    @property
    def other_errors(self) -> list[FieldError]:
        """The errors in other parameters."""
        return [error for error in self.errors if not isinstance(error, QueryError)]


def displayable(text: str) -> str:
    """The text with a replacement character for each character that cannot be stored, nor always encoded."""
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def quoted(value: str) -> str:
    """The value in quotes for a message, truncated to 40 characters."""
    value = displayable(value)
    return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'
