"""Export formats: the columns, and the encoding of rows as NDJSON and CSV.

PostgreSQL escapes and formats values where it does so cheaply. The rest, and the text that is the same in every row, is
added here, a buffer at a time: this runs in parallel with the database and costs a fraction of the same work in SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from jobs.labels import labels_json_sql
from jobs.rows import COLUMNS, Kind, utc_text_sql
from jobs.transfer.csv_guards import SEPARATORS, guarded_sql, row_guard

BOM: Final = b"\xef\xbb\xbf"
FULL_TIME: Final = len('"2026-11-22T14:40:58.000123"')
# COPY escapes backslashes, tabs and line breaks as JSON does, and does not escape these control characters.
UNESCAPED_CONTROLS: Final = bytes([*range(0x01, 0x08), *range(0x0E, 0x20)])
# How COPY writes NULL: a backslash in a text is doubled.
NULL: Final = rb"\N"
NOT_JSON: Final = re.compile(rb"\\.|[\x01-\x1f]")


class Format(NamedTuple):
    """An export format: `columns` and `options` for COPY; `encode` turns complete COPY rows into the bytes to send.

    `prefix` precedes the first row.
    """

    media_type: str
    columns: str
    options: str
    encode: Callable[[bytes], bytes]
    prefix: bytes = b""


def _to_ndjson(rows: bytes) -> bytes:
    """Rows like `1⇥Wing⇥PENDING⇥"…"⇥"…"⏎` as NDJSON. Tabs and line breaks are delimiters: COPY escapes those in text.

    For speed, nearly all work is done by calls that process a whole column.
    """
    values = rows.removesuffix(b"\n").replace(b"\n", b"\t").split(b"\t")
    pieces = LINE * (len(values) // len(COLUMNS))
    for index, finish in enumerate(FINISH):
        column = values[index :: len(COLUMNS)]
        pieces[2 * index + 1 :: len(LINE)] = finish(column) if finish else column
    return b"".join(pieces)


def _escape(texts: list[bytes]) -> list[bytes]:
    """Texts whose COPY escapes are rewritten as JSON escapes."""
    text = b"\t".join(texts)
    if b'"' in text:
        text = text.replace(b'"', b'\\"')
    if rb"\v" in text or len(text.translate(None, UNESCAPED_CONTROLS)) < len(text):
        return [NOT_JSON.sub(_escape_control, each) for each in text.split(b"\t")]
    return text.split(b"\t")


def _escape_control(found: re.Match[bytes]) -> bytes:
    character = found[0]
    if len(character) == 1:
        return rb"\u%04x" % ord(character)
    return rb"\u000b" if character == rb"\v" else character


def _pad_times(times: list[bytes]) -> list[bytes]:
    """Timestamps without the closing quote, padded to six fractional digits."""
    return [time[:-1] if len(time) == FULL_TIME else _pad(time) for time in times]


def _pad(time: bytes) -> bytes:
    seconds, _, fraction = time[:-1].partition(b".")
    return seconds + b"." + fraction.ljust(6, b"0")


def _optional(texts: list[bytes]) -> list[bytes]:
    """The same with quotes, or null."""
    if texts.count(NULL) == len(texts):
        return [b"null"] * len(texts)
    return [b"null" if text == NULL else b'"%b"' % text for text in _escape(texts)]


def _objects(texts: list[bytes]) -> list[bytes]:
    """JSON in which COPY has doubled the backslashes. It has no tabs: JSON escapes them."""
    text = b"\t".join(texts)
    return text.replace(rb"\\", b"\\").split(b"\t") if b"\\" in text else texts


# What precedes and follows a value in NDJSON.
DELIMITERS: Final = {
    Kind.ID: (b"", b""),
    Kind.TEXT: (b'"', b'"'),
    Kind.OPTIONAL_TEXT: (b"", b""),
    Kind.STATUS: (b'"', b'"'),
    Kind.TIME: (b"", b'Z"'),
    Kind.LABELS: (b"", b""),
}


def _line() -> list[bytes]:
    """A line of NDJSON; the empty items are replaced by the values."""
    pieces, text = [], b"{"
    for name, kind, *_ in COLUMNS:
        before, after = DELIMITERS[kind]
        pieces += [b'%b"%b":%b' % (text, name.encode(), before), b""]
        text = after + b","
    return [*pieces, text.removesuffix(b",") + b"}\n"]


LINE: Final = _line()
# For each column, what turns its values as copied into those of a line.
FINISHES: Final = {
    Kind.TEXT: _escape,
    Kind.OPTIONAL_TEXT: _optional,
    Kind.TIME: _pad_times,
    Kind.LABELS: _objects,
}
FINISH: Final = [FINISHES.get(column.kind) for column in COLUMNS]
# They can contain separators, quotes and formulas.
QUOTED: Final = (Kind.TEXT, Kind.OPTIONAL_TEXT, Kind.LABELS)
TEXTS: Final = ", ".join(column.name for column in COLUMNS if column.kind in QUOTED)


def _json_time_sql(column: str) -> str:
    """to_json formats timestamps in a quarter of the time of to_char, but drops trailing zeros."""
    return f"to_json({column} AT TIME ZONE 'UTC')"


def _columns(sql: dict[Kind, Callable[[str], str]]) -> str:
    """The columns for COPY; `sql` has the expressions for the kinds that are not copied as they are."""
    return ", ".join(
        f"{sql[kind](name)} AS {name}" if kind in sql else name for name, kind, *_ in COLUMNS
    )


def ndjson() -> Format:
    columns = _columns({Kind.TIME: _json_time_sql, Kind.LABELS: labels_json_sql})
    return Format("application/x-ndjson; charset=utf-8", columns, "FORMAT text", _to_ndjson)


def csv(separator: str = SEPARATORS["comma"], with_bom: bool = False) -> Format:
    """Spreadsheets in some locales expect another separator; some detect UTF-8 only by its byte order mark."""
    return Format(
        "text/csv; charset=utf-8; header=present",
        _columns(
            {
                Kind.TEXT: guarded_sql,
                Kind.OPTIONAL_TEXT: guarded_sql,
                Kind.TIME: utc_text_sql,
                Kind.LABELS: labels_json_sql,
            }
        ),
        f"FORMAT csv, HEADER, FORCE_QUOTE ({TEXTS}), DELIMITER '{separator}'",
        row_guard(separator),
        BOM if with_bom else b"",
    )


FORMATS: Final = {"ndjson": ndjson(), "csv": csv()}
