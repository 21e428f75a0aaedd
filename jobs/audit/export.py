"""The audit as a file: NDJSON, or CSV that is safe in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import orjson

from jobs.audit.rows import AuditRow
from jobs.transfer.csv_guards import FORMULA_STARTS, SEPARATORS, row_guard

COLUMNS: Final = (
    "at",
    "kind",
    "actor",
    "user",
    "name",
    "address",
    "detail",
    "source",
    "job_id",
    "operation_id",
    "dropped",
)
# They can contain separators, quotes and formulas.
TEXTS: Final = frozenset({"actor", "user", "name", "detail"})
FORMULA: Final = re.compile(f"'*[{FORMULA_STARTS}]")
guard: Final = row_guard(SEPARATORS["comma"])


class Format(NamedTuple):
    """`encode` turns entries into the bytes to send; `prefix` precedes the first of them."""

    media_type: str
    encode: Callable[[list[AuditRow]], bytes]
    prefix: bytes = b""


def _to_ndjson(rows: list[AuditRow]) -> bytes:
    return b"".join(orjson.dumps(row.content()) + b"\n" for row in rows)


def _to_csv(rows: list[AuditRow]) -> bytes:
    return guard("".join(_line(row.content()) for row in rows).encode())


def _line(content: dict[str, Any]) -> str:
    return ",".join(_cell(name, content[name]) for name in COLUMNS) + "\n"


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name not in TEXTS:
        return str(value)
    text = f"'{value}" if FORMULA.match(value) else value
    return '"' + text.replace('"', '""') + '"'


FORMATS: Final = {
    "ndjson": Format("application/x-ndjson; charset=utf-8", _to_ndjson),
    "csv": Format(
        "text/csv; charset=utf-8; header=present", _to_csv, f"{','.join(COLUMNS)}\n".encode()
    ),
}
