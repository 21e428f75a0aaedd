"""Import records, read line by line into jobs or errors, and the NDJSON reader."""

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias, cast

import orjson
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.serializers import NewColumnsSerializer
from jobs.limits import MAX_LINE_BYTES, size_text
from jobs.mistakes import MAX_QUOTED, FieldError, closest, quoted
from jobs.rows import READ_ONLY
from jobs.transfer.formats import BOM
from jobs.transfer.staging import NewJob

# Each of them is required or has a default.
FIELDS: Final = dict(NewColumnsSerializer().fields)
REQUIRED: Final = tuple(name for name, field in FIELDS.items() if field.required)
# An export's other columns describe the exported jobs, not the new ones. A field that is in neither is an error.
IGNORED: Final = READ_ONLY


@dataclass(frozen=True)
class LineError(FieldError):
    """What is wrong with the record that begins on this line, counted from 1."""

    line: int


class UnreadableBody(Exception):
    """The rest of the body cannot be parsed."""

    def __init__(self, error: LineError) -> None:
        super().__init__(error.detail)
        self.error = error


@dataclass
class Records(ABC):
    """The records of a body: jobs, or errors for the invalid ones. Raises UnreadableBody.

    `ignored` collects the fields that were sent and have no effect.
    """

    chunks: Iterable[bytes]
    ignored: set[str] = field(default_factory=set)

    @abstractmethod
    def __iter__(self) -> Iterator[NewJob | LineError]: ...

    def _job(self, line: int, sent: Mapping[str, Any]) -> NewJob | LineError:
        """The fields of `sent`, validated as in every other request."""
        job: NewJob = {}
        for name, serializer_field in FIELDS.items():
            if name not in sent and name not in REQUIRED:
                continue
            try:
                value = serializer_field.run_validation(sent.get(name, serializers.empty))
                if value or name in REQUIRED:
                    job[name] = value
            except serializers.ValidationError as error:
                [first, *_] = cast("list[ErrorDetail]", error.detail)
                return LineError(name, str(first.code), str(first), line)
        if "key" in job:
            job["line"] = line
        return job


Reader: TypeAlias = Callable[[Iterable[bytes]], Records]


class Ndjson(Records):
    """One object per line; blank lines are skipped."""

    def __iter__(self) -> Iterator[NewJob | LineError]:
        for number, line in numbered_lines(self.chunks):
            if isinstance(line, OversizedLine):
                yield line_too_long(number)
            elif line and not line.isspace():
                yield self._record(number, line)

    def _record(self, number: int, line: bytes) -> NewJob | LineError:
        try:
            job = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            return _malformed(number, line, error)
        if not isinstance(job, dict):
            return LineError("", "no_object", "Each line must be a JSON object.", number)
        if repeated := repeated_member(line, job):
            return has_repeated_member(number, repeated)
        if job.keys() != FIELDS.keys():
            others = job.keys() - FIELDS.keys()
            self.ignored.update(others.intersection(IGNORED))
            if unknown := others.difference(IGNORED):
                return unknown_field(number, min(unknown))
        return self._job(number, job)


def repeated_member(text: bytes, content: dict[str, Any]) -> str | None:
    """A member that an object in the JSON text has twice, of which orjson keeps the last; the outer objects come first.

    `content` is the text, parsed. The slow check runs only if there may be one.
    """
    inner = (name for value in content.values() if isinstance(value, dict) for name in value)
    names = {*content, *inner}
    spelled = (text.count(b'"%b"' % name.encode(errors="surrogatepass")) for name in names)
    if b"\\" not in text and max(spelled, default=0) < 2:
        return None
    repeated: list[str] = []

    def remember(pairs: list[tuple[str, Any]]) -> None:
        times = Counter(name for name, _ in pairs)
        repeated.extend(name for name, number in times.items() if number > 1)

    try:
        json.loads(text, object_pairs_hook=remember, parse_int=str, parse_float=str)
    except RecursionError:  # nested too deeply for Python's parser
        return None
    return repeated[-1] if repeated else None


class OversizedLine(NamedTuple):
    """Stands for a line over MAX_LINE_BYTES, which is never held in memory; `quotes` counts its quotes."""

    quotes: int


def numbered_lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | OversizedLine]]:
    """The lines without their ends, numbered from 1."""
    tail, number = b"", 0
    cut: int | None = None  # quotes in the dropped part of an oversized line
    for chunk in chunks:
        *lines, tail = (tail + chunk).split(b"\n")
        for line in lines:
            number += 1
            if cut is not None or len(line) > MAX_LINE_BYTES:
                yield number, OversizedLine((cut or 0) + line.count(b'"'))
                cut = None
            else:
                yield number, _without_bom(number, line)
        if len(tail) > MAX_LINE_BYTES:
            cut, tail = (cut or 0) + tail.count(b'"'), b""
    if cut is not None:
        yield number + 1, OversizedLine(cut + tail.count(b'"'))
    elif tail:
        yield number + 1, _without_bom(number + 1, tail)


def _without_bom(number: int, line: bytes) -> bytes:
    return line.removeprefix(BOM) if number == 1 else line


def _malformed(number: int, line: bytes, error: orjson.JSONDecodeError) -> LineError:
    try:
        line.decode()
    except UnicodeDecodeError:
        return LineError("", "invalid_utf8", "The line is not valid UTF-8.", number)
    return LineError("", "malformed_json", f"The line is not valid JSON: {error.msg}.", number)


def line_too_long(number: int) -> LineError:
    detail = f"The line is too long. The limit is {size_text(MAX_LINE_BYTES)}."
    return LineError("", "line_too_long", detail, number)


def has_repeated_member(number: int, name: str) -> LineError:
    detail = f"The line has the field {quoted(name)} more than once."
    return LineError(name[:MAX_QUOTED], "repeated_member", detail, number)


def unknown_field(number: int, name: str) -> LineError:
    shown = name if len(name) <= MAX_QUOTED else f"{name[:MAX_QUOTED]}…"
    meant = closest(name, tuple(FIELDS))
    suggestion = f" Did you mean {meant}?" if meant else ""
    detail = (
        f"Unknown field {quoted(name)}.{suggestion} A new job starts PENDING and takes only {', '.join(FIELDS)};"
        f" {', '.join(IGNORED)} are ignored."
    )
    return LineError(shown, "unknown_field", detail, number)
