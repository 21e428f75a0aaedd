"""Jobs written one after the other, read line by line, each a name or a mistake with its line: how, and as NDJSON."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias, cast

import orjson
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.serializers import NameField
from jobs.paging import Mistake
from jobs.written import BOM, COLUMNS

LONGEST_LINE: Final = 1 << 16
NAME: Final = "name"
# What an export writes beside the name belongs to the jobs that it wrote. New jobs begin anew.
IGNORED: Final = tuple(column for column in COLUMNS if column != NAME)
NAME_FIELD: Final = NameField()


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
        for number, line in numbered_lines(self.chunks):
            if isinstance(line, TooLong):
                yield too_long(number)
            elif line and not line.isspace():
                yield self._record(number, line)

    def _record(self, number: int, line: bytes) -> str | LineMistake:
        try:
            job = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            return _malformed(number, line, error)
        if not isinstance(job, dict):
            return LineMistake("", "no_object", "A line must be a JSON object.", number)
        if repeated := _repeated(line, job):
            return LineMistake(
                repeated, "repeated_member", f'"{repeated}" is there more than once.', number
            )
        if len(job) > 1:
            self.ignored.update(others := job.keys() - {NAME})
            if unknown := others.difference(IGNORED):
                self.ignored -= unknown
                return unknown_field(number, min(unknown))
        return self._name(number, job.get(NAME, serializers.empty))


def _repeated(line: bytes, job: dict[str, Any]) -> str | None:
    """A member that the line has twice, of which orjson keeps the last. Looked for only where it may be: it takes long."""
    spelled = (line.count(b'"%b"' % name.encode(errors="surrogatepass")) for name in job)
    if b"\\" not in line and max(spelled, default=0) < 2:
        return None
    try:
        pairs = json.loads(line, object_pairs_hook=list, parse_int=str, parse_float=str)
    except RecursionError:  # nested too deeply for Python: not to be read by a name
        return None
    names = [name for name, _ in pairs]
    return next((name for name in names if names.count(name) > 1), None)


class TooLong(NamedTuple):
    """In the place of a line past LONGEST_LINE, which is never in memory whole: how many quotes it had."""

    quotes: int


def numbered_lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | TooLong]]:
    """From 1, without their ends."""
    tail, number = b"", 0
    cut: int | None = None  # quotes in what has been dropped of the line
    for chunk in chunks:
        *lines, tail = (tail + chunk).split(b"\n")
        for line in lines:
            number += 1
            if cut is not None or len(line) > LONGEST_LINE:
                yield number, TooLong((cut or 0) + line.count(b'"'))
                cut = None
            else:
                yield number, _bare(number, line)
        if len(tail) > LONGEST_LINE:
            cut, tail = (cut or 0) + tail.count(b'"'), b""
    if cut is not None:
        yield number + 1, TooLong(cut + tail.count(b'"'))
    elif tail:
        yield number + 1, _bare(number + 1, tail)


def _bare(number: int, line: bytes) -> bytes:
    return line.removeprefix(BOM) if number == 1 else line


def _malformed(number: int, line: bytes, error: orjson.JSONDecodeError) -> LineMistake:
    try:
        line.decode()
    except UnicodeDecodeError:
        return LineMistake("", "invalid_utf8", "This is not UTF-8.", number)
    return LineMistake("", "malformed_json", f"This is no JSON: {error.msg}.", number)


def too_long(number: int) -> LineMistake:
    detail = f"A line has at most {LONGEST_LINE:,} bytes."
    return LineMistake("", "line_too_long", detail, number)


def unknown_field(number: int, name: str) -> LineMistake:
    shown = name if len(name) <= 40 else f"{name[:40]}…"
    detail = f'"{shown}" is not a field. A job begins PENDING with a name; ignored are {", ".join(IGNORED)}.'
    return LineMistake(shown, "unknown_field", detail, number)
