"""Which page of a list, and what is wrong with a request: what every list of both doors shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import unquote, unquote_to_bytes, urlencode

from django.http import HttpRequest, QueryDict
from django.http.request import split_domain_port

from jobs import keyset

Row = TypeVar("Row")

PAGE_SIZES: Final = range(1, 201)
DEFAULT_PAGE_SIZE: Final = 50
PAGING: Final = ("page_size", "cursor")
# All other parameters stand in an address once.
REPEATABLE: Final = frozenset({"status"})
# Of one address, that many are told.
MISTAKES_TOLD: Final = 100


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one field of a request: for people, and as a stable code for programs."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class QueryMistake(Mistake):
    """What is wrong with a part of the search: where in its text, and what may be put there instead."""

    start: int = 0
    end: int = 0
    meant: tuple[str, ...] = ()


class InvalidFilter(ValueError):
    """A query string that asks for something that is not offered."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(" ".join(mistake.detail for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Paging:
    """Which page of a list that has no filter. Always valid."""

    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> Paging:
        """Raises InvalidFilter."""
        if mistakes := list(page_size_mistakes(query)):
            raise InvalidFilter(mistakes)
        return cls(int(query.get("page_size", DEFAULT_PAGE_SIZE)), query.get("cursor"))

    def query(self, cursor: str) -> str:
        """The query string of another page of the same size."""
        size = {} if self.page_size == DEFAULT_PAGE_SIZE else {"page_size": self.page_size}
        return urlencode(size | {"cursor": cursor})

    def page_of(
        self, read: keyset.Reader[Row], ordering: keyset.Ordering, scope: str
    ) -> keyset.Page[Row]:
        """keyset.paginate, with its complaint about the cursor as InvalidFilter."""
        try:
            return keyset.paginate(read, ordering, self.page_size, self.cursor, scope)
        except keyset.InvalidCursor as error:
            detail = f"{error} Start again without a cursor."
            raise InvalidFilter([Mistake("cursor", "invalid_cursor", detail)]) from error


def not_utf8(query_string: str) -> list[str]:
    """The names of the parameters that cannot be decoded, which Django would fill up with replacement characters."""
    if "%" not in query_string and query_string.isascii():
        return []
    found = []
    for pair in query_string.split("&"):
        try:
            unquote_to_bytes(pair.encode("latin-1")).decode()
        except UnicodeDecodeError:
            name, _, _ = pair.partition("=")
            found.append(unquote(name)[:40])
    return found


def page_size_mistakes(query: QueryDict) -> Iterator[Mistake]:
    size = query.get("page_size", str(DEFAULT_PAGE_SIZE))
    if not (size.isascii() and size.isdigit() and len(size) <= 3 and int(size) in PAGE_SIZES):
        detail = f"{shown(size)} is no page size. Allowed: 1 to {PAGE_SIZES[-1]}."
        yield Mistake("page_size", "out_of_range", detail)


def host_name(request: HttpRequest) -> str:
    """The name that the client asked for, whether it is allowed or not, without its port."""
    host = request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", ""))
    return split_domain_port(host)[0] or host


def shown(value: str) -> str:
    """As a message repeats it: in quotes, and not endless."""
    return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'
