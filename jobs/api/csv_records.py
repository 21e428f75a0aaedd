"""CSV as programs and spreadsheets write it, read row by row."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Final, Self

from jobs.api.records import (
    NAME,
    LineMistake,
    Records,
    TooLong,
    Unreadable,
    numbered_lines,
    too_long,
    unknown_field,
)
from jobs.guards import SEPARATORS, unguarded
from jobs.written import COLUMNS

# How Excel tells itself the separator, in a line of its own before the head.
SAYS_SEPARATOR: Final = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
# A first column of row numbers, as pandas writes it: without a name, or read again, with this one.
INDEX: Final = ("", "unnamed: 0")
# A byte order mark of UTF-16, which is what "Unicode text" is to a spreadsheet.
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# By words of the csv module's own complaints, which speak of Python.
CSV_FLAWS: Final = {
    "new-line": "A carriage return stands alone outside of quotes. Lines end in LF or CRLF.",
    "expected after": "After the quote that ends a cell comes a separator or the end of the line; one within it is doubled.",
    "unexpected end": "A quote is opened and never closed.",
    "field limit": f"A cell has at most {csv.field_size_limit():,} characters. Perhaps a quote is never closed.",
}
# Those within a cell whose end is not known: what follows may be a row, or a part of it.
WITHOUT_END: Final = ("field limit", "unexpected end")


class Csv(Records):
    """A head that names the columns, then a row for each job (RFC 4180, UTF-8); lines end in LF or CRLF.

    Commas, semicolons or tabs separate the cells: the head tells which. A row of blank cells is a blank line.
    """

    def __iter__(self) -> Iterator[str | LineMistake]:
        self._flaw: tuple[str, str] | None = None
        lines = self._decoded()
        first, skipped, separator = self._first_line(lines)
        rows = csv.reader(chain(first, lines), strict=True, delimiter=separator)
        head: Head | None = None
        while True:
            line, self._flaw = skipped + rows.line_num + 1, None
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                row, self._flaw = ["?"], self._flaw or ("malformed_csv", _csv_flaw(error))
                if any(words in str(error) for words in WITHOUT_END):
                    raise Unreadable(LineMistake("", *self._flaw, line)) from error
            if is_blank(row):
                continue
            if self._flaw:
                mistake = LineMistake("", *self._flaw, line)
                if head is None:
                    raise Unreadable(mistake)
                yield mistake
            elif head is None:
                head = Head.read(line, row)
                self.ignored.update(head.ignored)
            elif wrong := head.mistake_in(row):
                yield LineMistake("", "wrong_columns", wrong, line)
            else:
                yield self._name(line, unguarded(row[head.place], separator))
        if head is None:
            raise Unreadable(_wrong_header(skipped + 1, "There is no row."))

    def _first_line(self, lines: Iterator[str]) -> tuple[list[str], int, str]:
        """Of the head, where there is one; how many lines come before it; and the separator."""
        said: str | None = None
        for number, line in enumerate(lines):
            if self._flaw:
                raise Unreadable(LineMistake("", *self._flaw, number + 1))
            if found := SAYS_SEPARATOR.fullmatch(line):
                said = found[1]
            elif not is_blank(re.split('[,;\t"]', line)):
                return [line], number, said or _separator_of(line)
        return [], 0, SEPARATORS["comma"]

    def _decoded(self) -> Iterator[str]:
        """One line whenever the reader asks for one, so that a flaw is the row's that it is reading.

        What cannot be read keeps its quotes: the row ends where it would.
        """
        for number, line in numbered_lines(self.chunks):
            if isinstance(line, TooLong):
                self._flaw = (too_long(number).code, too_long(number).detail)
                text = '"?' if line.quotes % 2 else "?"
            else:
                try:
                    text = line.decode()
                except UnicodeDecodeError:
                    other = number == 1 and line.startswith(UTF_16)
                    hint = " It looks like UTF-16: save it as CSV in UTF-8." if other else ""
                    self._flaw = ("invalid_utf8", f"This is not UTF-8.{hint}")
                    text = line.decode(errors="replace")
            yield f"{text}\n"


@dataclass(frozen=True)
class Head:
    """The columns of a file by the names in its first row; `place` is that of the jobs' names.

    Case and blanks around a name do not matter. Columns without a name must be blank in every row, or be the first,
    which then counts rows.
    """

    names: tuple[str, ...]
    place: int
    has_index: bool

    @classmethod
    def read(cls, line: int, row: list[str]) -> Self:
        """Raises Unreadable."""
        names = tuple(_column(cell) for cell in row)
        while names and not names[-1]:
            names = names[:-1]
        has_index = len(names) > 1 and names[0] in INDEX
        named = [name for name in names[has_index:] if name]
        if named.count(NAME) != 1:
            raise Unreadable(_wrong_header(line, f"It reads: {_shown(row)}"))
        if unknown := [name for name in named if name not in COLUMNS]:
            raise Unreadable(unknown_field(line, row[names.index(unknown[0])].strip()))
        if len(set(named)) != len(named):
            raise Unreadable(_wrong_header(line, f"It reads: {_shown(row)}"))
        return cls(names, names.index(NAME), has_index)

    @property
    def ignored(self) -> set[str]:
        return set(self.names[self.has_index :]) - {"", NAME}

    def mistake_in(self, row: list[str]) -> str | None:
        """What is wrong with the cells of a row, by their number and by what has no name."""
        if len(row) < len(self.names) or not is_blank(row[len(self.names) :]):
            return f"The head has {len(self.names)} columns, this row has {len(row)}."
        for number, (name, cell) in enumerate(zip(self.names, row, strict=False), 1):
            if not name and cell.strip() and not (number == 1 and self.has_index):
                return f"Column {number} has a cell here, and no name in the head."
        return None


def is_blank(cells: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def _separator_of(head: str) -> str:
    """The first one with which `name` is one of its cells; a comma where there is none."""
    with suppress(csv.Error):  # which is told when the row is read
        for separator in SEPARATORS.values():
            cells = next(csv.reader([head], delimiter=separator), [])
            if NAME in map(_column, cells):
                return separator
    return SEPARATORS["comma"]


def _column(cell: str) -> str:
    return cell.strip().lower()


def _shown(row: list[str]) -> str:
    text = ",".join(row)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _wrong_header(line: int, found: str) -> LineMistake:
    detail = (
        f"The first row must name the columns, each once, name among them: {','.join(COLUMNS)}, or name alone."
        f" {found}"
    )
    return LineMistake("", "wrong_header", detail, line)


def _csv_flaw(error: csv.Error) -> str:
    return next(
        (flaw for words, flaw in CSV_FLAWS.items() if words in str(error)), "This is not CSV."
    )
