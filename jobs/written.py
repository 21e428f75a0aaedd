"""How jobs are written into files: the columns, the text of a row, and what keeps a spreadsheet from running it.

PostgreSQL escapes and spells out the values. What is the same in every row is put between them here, a buffer at a
time: this runs beside the database at its work, and costs a fraction of what it does in SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from jobs.querysets import utc_text_sql

COLUMNS: Final = ("id", "name", "current_status", "created_at", "updated_at")
# What spreadsheets take for the beginning of a formula, and what they drop before one (OWASP, CSV injection).
FORMULA_STARTS: Final = "=+\\-@\\t\\n\\r＝＋－＠"
GUARD: Final = "'"
GUARDED: Final = re.compile(f"{GUARD}+[{FORMULA_STARTS}]")
TIMES: Final = (
    f"{utc_text_sql('created_at')} AS created_at, {utc_text_sql('updated_at')} AS updated_at"
)
# A look at the first character spares most names the pattern: letters begin no formula.
GUARDED_NAME: Final = f"""
    CASE WHEN ascii(name) BETWEEN 65 AND 65280 THEN name
    WHEN name ~ '^''*[{FORMULA_STARTS}]' THEN '''' || name ELSE name END
"""


# A line of NDJSON, with places for the values.
LINE: Final = [
    *(b'{"id":', b"", b',"name":', b"", b',"current_status":"', b"", b'","created_at":"', b""),
    *(b'","updated_at":"', b"", b'"}\n'),
]


class Format(NamedTuple):
    """`columns` and `options` for COPY; `finished` makes whole rows of it the text that is sent."""

    media_type: str
    columns: str
    options: str
    finished: Callable[[bytes], bytes]


def _with_keys(rows: bytes) -> bytes:
    """`1⇥"Wing"⇥PENDING⇥…Z⇥…Z⏎` as JSON, in which no tab and no line's end stands for itself: each is one of ours."""
    values = rows.removesuffix(b"\n").replace(b"\n", b"\t").split(b"\t")
    pieces = LINE * (len(values) // len(COLUMNS))
    for place in range(
        len(COLUMNS)
    ):  # all ids, then all names …: no loop of ours goes over the rows
        pieces[2 * place + 1 :: len(LINE)] = values[place :: len(COLUMNS)]
    return b"".join(pieces)


FORMATS: Final = {
    "ndjson": Format(
        "application/x-ndjson",
        f"id, to_json(name) AS name, current_status, {TIMES}",
        r"FORMAT csv, DELIMITER E'\t', QUOTE E'\x02'",  # no JSON holds either: nothing is quoted
        _with_keys,
    ),
    "csv": Format(
        "text/csv; charset=utf-8; header=present",
        f"id, {GUARDED_NAME} AS name, current_status, {TIMES}",
        "FORMAT csv, HEADER, FORCE_QUOTE (name)",
        bytes,  # as they are
    ),
}


def guarded(name: str) -> bool:
    """Whether a cell of our CSV carries a guard before what the name is."""
    return GUARDED.match(name) is not None
