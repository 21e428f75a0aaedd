"""Pagination parameters, and the errors of a request: shared by every list of the API and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import unquote, unquote_to_bytes, urlencode

from django.http import HttpRequest, QueryDict
from django.http.request import split_domain_port

from jobs.listing import keyset

Row = TypeVar("Row")

PAGE_SIZES: Final = range(1, 201)
DEFAULT_PAGE_SIZE: Final = 50
PAGING: Final = ("page_size", "cursor")
# All other parameters may appear only once.
REPEATABLE: Final = frozenset({"status"})
# The errors of one query string that are reported.
MAX_ERRORS: Final = 100


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

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(" ".join(error.detail for error in errors))
        self.errors = errors


@dataclass(frozen=True)
class Paging:
    """A page size and a cursor. Always valid."""

    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> Paging:
        """Raises InvalidFilter."""
        if errors := list(page_size_errors(query)):
            raise InvalidFilter(errors)
        return cls(int(query.get("page_size", DEFAULT_PAGE_SIZE)), query.get("cursor"))

    def query(self, cursor: str) -> str:
        """The query string of the page at the cursor, with the same size."""
        size = {} if self.page_size == DEFAULT_PAGE_SIZE else {"page_size": self.page_size}
        return urlencode(size | {"cursor": cursor})

    def paginate(
        self, read: keyset.Reader[Row], ordering: keyset.Ordering, scope: str
    ) -> keyset.Page[Row]:
        """keyset.paginate, but raises InvalidFilter for an invalid cursor."""
        try:
            return keyset.paginate(read, ordering, self.page_size, self.cursor, scope)
        except keyset.InvalidCursor as error:
            detail = f"{error} Start again without a cursor."
            raise InvalidFilter([FieldError("cursor", "invalid_cursor", detail)]) from error


def undecodable_parameters(query_string: str) -> list[str]:
    """The names of parameters that are not UTF-8: Django would decode them with replacement characters."""
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


def page_size_errors(query: QueryDict) -> Iterator[FieldError]:
    size = query.get("page_size", str(DEFAULT_PAGE_SIZE))
    if not (size.isascii() and size.isdigit() and len(size) <= 3 and int(size) in PAGE_SIZES):
        detail = f"{quoted(size)} is not a valid page size. Allowed: 1 to {PAGE_SIZES[-1]}."
        yield FieldError("page_size", "out_of_range", detail)


def host_name(request: HttpRequest) -> str:
    """The host name that the client requested, allowed or not, without the port."""
    host = request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", ""))
    return split_domain_port(host)[0] or host


def quoted(value: str) -> str:
    """The value in quotes for a message, truncated to 40 characters."""
    return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'
