"""Jobs written one after the other, as NDJSON or CSV: read line by line, each a name or a mistake with its line."""

import csv
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

import orjson
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.serializers import NameField
from jobs.paging import Mistake
from jobs.written import COLUMNS, guarded

LONGEST_LINE: Final = 1 << 16
BOM: Final = b"\xef\xbb\xbf"
NAME: Final = "name"
# What an export writes beside the name belongs to the jobs that it wrote. New jobs begin anew.
IGNORED: Final = tuple(column for column in COLUMNS if column != NAME)
NAME_FIELD: Final = NameField()
# By words of the csv module's own complaints, which speak of Python.
CSV_FLAWS: Final = {
    "new-line": "A carriage return stands alone outside of quotes. Lines end in LF or CRLF.",
    "expected after": "After the quote that ends a cell comes a comma or the end of the line; one within it is doubled.",
    "unexpected end": "A quote is opened and never closed.",
    "field limit": f"A cell has at most {csv.field_size_limit():,} characters. Perhaps a quote is never closed.",
}


@dataclass(frozen=True)
class LineMistake(Mistake):
    """What is wrong with the record that begins in this line, counted from 1."""

    line: int


class Unreadable(Exception):
    """Where nothing further can be made of it."""

    def __init__(self, mistake: LineMistake) -> None:
        super().__init__(mistake.detail)
        self.mistake = mistake


@dataclass
class Records(ABC):
    """A body as its records: names, and mistakes in the place of what is no job. Raises Unreadable.

    `ignored` gathers the fields that came and count for nothing.
    """

    chunks: Iterable[bytes]
    ignored: set[str] = field(default_factory=set)

    @abstractmethod
    def __iter__(self) -> Iterator[str | LineMistake]: ...

    def _name(self, line: int, value: Any) -> str | LineMistake:
        """By the one rule for names."""
        try:
            name: str = NAME_FIELD.run_validation(value)
        except serializers.ValidationError as error:
            [first, *_] = cast("list[ErrorDetail]", error.detail)
            return LineMistake(NAME, str(first.code), str(first), line)
        return name


Reader: TypeAlias = Callable[[Iterable[bytes]], Records]


class Ndjson(Records):
    """An object in each line; blank lines between them are no matter."""

    def __iter__(self) -> Iterator[str | LineMistake]:
        for number, line in _numbered_lines(self.chunks):
            if line is None:
                yield _too_long(number)
            elif line and not line.isspace():
                yield self._record(number, line)

    def _record(self, number: int, line: bytes) -> str | LineMistake:
        try:
            job = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            return _malformed(number, line, error)
        if not isinstance(job, dict):
            return LineMistake("", "no_object", "A line must be a JSON object.", number)
        if len(job) > 1:
            self.ignored.update(others := job.keys() - {NAME})
            if unknown := others.difference(IGNORED):
                self.ignored -= unknown
                return _unknown_field(number, min(unknown))
        return self._name(number, job.get(NAME, serializers.empty))


class Csv(Records):
    """A head that names the columns, then a row for each job (RFC 4180, UTF-8); lines end in LF or CRLF."""

    def __iter__(self) -> Iterator[str | LineMistake]:
        self._flaw: tuple[str, str] | None = None
        rows = csv.reader(self._decoded(), strict=True)
        head: list[str] | None = None
        while True:
            line, self._flaw = rows.line_num + 1, None
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                row, self._flaw = [""], ("malformed_csv", _csv_flaw(error))
            if not row:
                continue
            if self._flaw:
                mistake = LineMistake("", *self._flaw, line)
                if head is None:
                    raise Unreadable(mistake)
                yield mistake
            elif head is None:
                head = self._head(line, row)
                place = head.index(NAME)
            elif len(row) != len(head):
                detail = f"The head has {len(head)} columns, this row has {len(row)}."
                yield LineMistake("", "wrong_columns", detail, line)
            else:
                cell = row[place]
                yield self._name(line, cell[1:] if guarded(cell) else cell)
        if head is None:
            raise Unreadable(_no_head(1))

    def _head(self, line: int, row: list[str]) -> list[str]:
        if unknown := [name for name in row if name not in COLUMNS]:
            if NAME not in row:
                raise Unreadable(_no_head(line))
            raise Unreadable(_unknown_field(line, unknown[0]))
        if NAME not in row or len(set(row)) != len(row):
            raise Unreadable(_no_head(line))
        self.ignored.update(name for name in row if name != NAME)
        return row

    def _decoded(self) -> Iterator[str]:
        """One line whenever the reader asks for one, so that a flaw is the row's that it is reading."""
        for number, line in _numbered_lines(self.chunks):
            text = ""
            if line is None:
                self._flaw = (_too_long(number).code, _too_long(number).detail)
            else:
                try:
                    text = line.decode()
                except UnicodeDecodeError:
                    self._flaw = ("invalid_utf8", "This is not UTF-8.")
            yield "?\n" if self._flaw else f"{text}\n"


READERS: Final[dict[str, Reader]] = {"application/x-ndjson": Ndjson, "text/csv": Csv}


def _numbered_lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """From 1, without their ends; None in the place of one past LONGEST_LINE, which is never in memory whole."""
    tail, is_cut, number = b"", False, 0
    for chunk in chunks:
        *lines, tail = (tail + chunk).split(b"\n")
        for line in lines:
            number += 1
            yield number, None if is_cut or len(line) > LONGEST_LINE else _bare(number, line)
            is_cut = False
        if len(tail) > LONGEST_LINE:
            tail, is_cut = b"", True
    if tail or is_cut:
        yield number + 1, None if is_cut else _bare(number + 1, tail)


def _bare(number: int, line: bytes) -> bytes:
    return line.removeprefix(BOM) if number == 1 else line


def _malformed(number: int, line: bytes, error: orjson.JSONDecodeError) -> LineMistake:
    try:
        line.decode()
    except UnicodeDecodeError:
        return LineMistake("", "invalid_utf8", "This is not UTF-8.", number)
    return LineMistake("", "malformed_json", f"This is no JSON: {error.msg}.", number)


def _csv_flaw(error: csv.Error) -> str:
    return next(
        (flaw for words, flaw in CSV_FLAWS.items() if words in str(error)), "This is no CSV."
    )


def _too_long(number: int) -> LineMistake:
    detail = f"A line has at most {LONGEST_LINE:,} bytes."
    return LineMistake("", "line_too_long", detail, number)


def _no_head(number: int) -> LineMistake:
    detail = f"The first row must name the columns, each once, name among them: {','.join(COLUMNS)}"
    return LineMistake("", "wrong_header", f"{detail}, or name alone.", number)


def _unknown_field(number: int, name: str) -> LineMistake:
    shown = name if len(name) <= 40 else f"{name[:40]}…"
    detail = f'"{shown}" is no field. A job begins PENDING with a name; ignored are {", ".join(IGNORED)}.'
    return LineMistake(shown, "unknown_field", detail, number)
