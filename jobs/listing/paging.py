"""Pagination parameters: shared by every list of the API and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

from jobs.listing import keyset
from jobs.mistakes import FieldError, InvalidQuery, quoted

Row = TypeVar("Row")

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200
PAGING: Final = ("page_size", "cursor")


@dataclass(frozen=True)
class Paging:
    """A page size and a cursor. Always valid."""

    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> Paging:
        """Raises InvalidQuery."""
        if errors := list(page_size_errors(query)):
            raise InvalidQuery(errors)
        return cls(int(query.get("page_size", DEFAULT_PAGE_SIZE)), query.get("cursor"))

    def query_string(self, cursor: str) -> str:
        """The query string of the page at the cursor, with the same size."""
        size = {} if self.page_size == DEFAULT_PAGE_SIZE else {"page_size": self.page_size}
        return urlencode(size | {"cursor": cursor})

    def paginate(
        self, read: keyset.Reader[Row], ordering: keyset.Ordering, scope: str
    ) -> keyset.Page[Row]:
        """keyset.paginate, but raises InvalidQuery for an invalid cursor."""
        try:
            return keyset.paginate(read, ordering, self.page_size, self.cursor, scope)
        except keyset.InvalidCursor as error:
            detail = f"{error} Start again without a cursor."
            raise InvalidQuery([FieldError("cursor", "invalid_cursor", detail)]) from error


def page_size_errors(query: QueryDict) -> Iterator[FieldError]:
    size = query.get("page_size", str(DEFAULT_PAGE_SIZE))
    if not (
        size.isascii() and size.isdigit() and len(size) <= 3 and 1 <= int(size) <= MAX_PAGE_SIZE
    ):
        detail = f"{quoted(size)} is not a valid page size. Allowed: 1 to {MAX_PAGE_SIZE}."
        yield FieldError("page_size", "out_of_range", detail)
