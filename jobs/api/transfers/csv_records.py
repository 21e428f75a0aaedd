"""The CSV reader, for files as programs and spreadsheets write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Self

import orjson

from jobs import rows
from jobs.api.transfers.records import (
    FIELDS,
    IGNORED,
    REQUIRED,
    LineError,
    OversizedLine,
    Records,
    UnreadableBody,
    has_repeated_member,
    line_too_long,
    numbered_lines,
    repeated_member,
    unknown_field,
)
from jobs.rows import LABELS, NAMES, Kind
from jobs.transfer.csv_guards import SEPARATORS, unguard
from jobs.transfer.staging import NewJob

# What a blank cell means in the columns that may be blank.
OPTIONAL: Final[dict[str, Any]] = {
    column.name: {} if column.kind is Kind.LABELS else None
    for column in rows.COLUMNS
    if column.kind in (Kind.OPTIONAL_TEXT, Kind.LABELS)
}
COLUMNS: Final = tuple(name for name in NAMES if name in FIELDS or name in IGNORED)
# Excel's own way of naming the separator, on a line before the header.
SEPARATOR_HINT: Final = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
# The name of a first column of row numbers, as pandas writes it, and as it reads and writes it again.
INDEX_COLUMN_NAMES: Final = ("", "unnamed: 0")
# Spreadsheets save "Unicode text" as UTF-16.
UTF_16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
# By a part of the csv module's messages, which are about Python.
CSV_ERRORS: Final = {
    "new-line": "There is a carriage return without a line feed outside quotes. End lines with LF or CRLF.",
    "expected after": "A closing quote must be followed by a separator or the end of the line. Within a cell, write a quote twice.",
    "unexpected end": "A quote is never closed.",
    "field limit": f"A cell is too long. The limit is {csv.field_size_limit():,} characters. Perhaps a quote is not closed.",
}
# The errors within a cell whose end is unknown, so that the next line may or may not start a row.
UNTERMINATED: Final = ("field limit", "unexpected end")


class Csv(Records):
    """A header with the column names, then a row per job (RFC 4180, UTF-8); lines end in LF or CRLF.

    Cells are separated by commas, semicolons or tabs, whichever the header uses. Blank lines and rows of blank cells
    are skipped.
    """

    def __iter__(self) -> Iterator[NewJob | LineError]:
        self._error: tuple[str, str] | None = None
        self._line = ""
        lines = self._decoded()
        first, skipped, separator = self._first_line(lines)
        rows = csv.reader(chain(first, lines), strict=True, delimiter=separator)
        header: Header | None = None
        while True:
            line, self._error = skipped + rows.line_num + 1, None
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                row, self._error = ["?"], self._error or ("malformed_csv", _csv_detail(error))
                if any(words in str(error) for words in UNTERMINATED):
                    raise UnreadableBody(LineError("", *self._error, line)) from error
            if is_blank(row) and not self._is_name(row, header):
                continue
            if self._error:
                line_error = LineError("", *self._error, line)
                if header is None:
                    raise UnreadableBody(line_error)
                yield line_error
            elif header is None:
                header = Header.read(line, row)
                self.ignored.update(header.ignored)
            elif detail := header.error_in(row):
                yield LineError("", "wrong_columns", detail, line)
            else:
                cells = {name: unguard(row[index], separator) for name, index in header.fields}
                yield self._row(line, cells)
        if header is None:
            raise UnreadableBody(_wrong_header(skipped + 1, "No row was found."))

    def _row(self, line: int, cells: dict[str, str]) -> NewJob | LineError:
        sent = {name: _value(name, cell) for name, cell in cells.items()}
        for name in LABELS:
            labels = sent.get(name)
            if isinstance(labels, dict) and (
                found := repeated_member(cells[name].encode(), labels)
            ):
                return has_repeated_member(line, found)
        return self._job(line, sent)

    def _is_name(self, row: list[str], header: Header | None) -> bool:
        """Whether a blank row is a name, though an invalid one: with a single column, a name in quotes.

        Without quotes it is a blank line, and with several columns a row that a spreadsheet writes below the last one.
        """
        return len(row) == 1 and header is not None and len(header.names) == 1 and '"' in self._line

    def _first_line(self, lines: Iterator[str]) -> tuple[list[str], int, str]:
        """The header line, if any, the number of lines before it, and the separator."""
        hinted: str | None = None
        for number, line in enumerate(lines):
            if self._error:
                raise UnreadableBody(LineError("", *self._error, number + 1))
            if found := SEPARATOR_HINT.fullmatch(line):
                hinted = found[1]
            elif not is_blank(re.split('[,;\t"]', line)):
                return [line], number, hinted or _separator_of(line)
        return [], 0, SEPARATORS["comma"]

    def _decoded(self) -> Iterator[str]:
        """Decodes a line only when the reader asks for it, so that an error belongs to the row being read.

        A line that cannot be decoded keeps its quotes, so that the row ends where it should.
        """
        for number, line in numbered_lines(self.chunks):
            if isinstance(line, OversizedLine):
                self._error = (line_too_long(number).code, line_too_long(number).detail)
                text = '"?' if line.quotes % 2 else "?"
            else:
                try:
                    text = line.decode()
                except UnicodeDecodeError:
                    other = number == 1 and line.startswith(UTF_16_BOMS)
                    hint = " It looks like UTF-16: save the file as CSV in UTF-8." if other else ""
                    self._error = ("invalid_utf8", f"The line is not valid UTF-8.{hint}")
                    text = line.decode(errors="replace")
            self._line = text
            yield f"{text}\n"


@dataclass(frozen=True)
class Header:
    """The columns that the first row names; `fields` are those of the new jobs, with their indices.

    Case and surrounding whitespace are ignored. A column without a name must be blank in every row, unless it is the
    first, which may number the rows.
    """

    names: tuple[str, ...]
    fields: tuple[tuple[str, int], ...]
    has_index: bool

    @classmethod
    def read(cls, line: int, row: list[str]) -> Self:
        """Raises UnreadableBody."""
        names = tuple(_column(cell) for cell in row)
        while names and not names[-1]:
            names = names[:-1]
        has_index = len(names) > 1 and names[0] in INDEX_COLUMN_NAMES
        named = [name for name in names[has_index:] if name]
        if not set(named).issuperset(REQUIRED) or any(named.count(name) > 1 for name in FIELDS):
            raise UnreadableBody(_wrong_header(line, f"Found: {_shown(row)}"))
        if unknown := [name for name in named if name not in COLUMNS]:
            raise UnreadableBody(unknown_field(line, row[names.index(unknown[0])].strip()))
        if len(set(named)) != len(named):
            raise UnreadableBody(_wrong_header(line, f"Found: {_shown(row)}"))
        return cls(names, tuple((n, names.index(n)) for n in FIELDS if n in named), has_index)

    @property
    def ignored(self) -> set[str]:
        return set(self.names[self.has_index :]).intersection(IGNORED)

    def error_in(self, row: list[str]) -> str | None:
        """What is wrong with the number of cells, or with a cell in a column without a name."""
        if len(row) < len(self.names) or not is_blank(row[len(self.names) :]):
            return f"The header has {len(self.names)} columns, this row has {len(row)}."
        for number, (name, cell) in enumerate(zip(self.names, row, strict=False), 1):
            if not name and cell.strip() and not (number == 1 and self.has_index):
                return f"Column {number} has a value here, but no name in the header."
        return None


def _value(name: str, cell: str) -> Any:
    """The value that NDJSON would have. A cell that is no JSON stays text, which the field refuses."""
    if name in OPTIONAL and not cell.strip():
        return OPTIONAL[name]
    if name in LABELS:
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(cell)
    return cell


def is_blank(cells: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def _separator_of(header: str) -> str:
    """The first separator with which the cells include the required columns; a comma by default."""
    with suppress(csv.Error):  # reported when the row is read
        for separator in SEPARATORS.values():
            cells = next(csv.reader([header], delimiter=separator), [])
            if set(map(_column, cells)).issuperset(REQUIRED):
                return separator
    return SEPARATORS["comma"]


def _column(cell: str) -> str:
    return cell.strip().lower()


def _shown(row: list[str]) -> str:
    text = ",".join(row)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _wrong_header(line: int, found: str) -> LineError:
    detail = (
        f"The first row must name the columns, each once and including {','.join(REQUIRED)}: {','.join(COLUMNS)},"
        f" or only {','.join(REQUIRED)}. {found}"
    )
    return LineError("", "wrong_header", detail, line)


def _csv_detail(error: csv.Error) -> str:
    return next(
        (detail for words, detail in CSV_ERRORS.items() if words in str(error)),
        "The row is not valid CSV.",
    )
