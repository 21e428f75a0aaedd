"""`manage.py sizes`: what each table and index occupies, in all and for a million jobs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from jobs.sizes import LAST_XID, Sizes, sizes

MEGABYTE: Final = 1_000_000
MILLION: Final = 1_000_000
# Smaller ones matter to nobody; --json has them.
SMALLEST: Final = MEGABYTE // 10
TABLES: Final = (
    "table",
    "rows",
    "heap",
    "indexes",
    "total",
    "per million",
    "dead rows",
    "vacuumed",
)
INDEXES: Final = ("index", "of", "method", "size", "per million")


class Command(BaseCommand):
    help = (
        "Show what each table and index occupies, in all and for a million jobs, in MB. Reads the catalog alone: rows are"
        " what the last vacuum has seen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="everything, in bytes")

    def handle(self, *, json: bool, **options: Any) -> None:
        found = sizes()
        self.stdout.write(_document(found) if json else _text(found))


def _document(found: Sizes) -> str:
    content = found._asdict() | {
        "tables": [table._asdict() for table in found.tables],
        "indexes": [index._asdict() for index in found.indexes],
    }
    return json.dumps(content, indent=2, default=_plain)


def _text(found: Sizes) -> str:
    tables = [
        (
            table.name,
            f"{table.rows:,}",
            *map(_megabytes, (table.heap, table.indexes, table.total)),
            _share(table.total, found.jobs),
            f"{table.dead_rows:,}",
            _minute(table.vacuumed),
        )
        for table in found.tables
        if table.total >= SMALLEST
    ]
    indexes = [
        (
            index.name,
            index.table,
            index.method,
            _megabytes(index.size),
            _share(index.size, found.jobs),
        )
        for index in found.indexes
        if index.size >= SMALLEST
    ]
    per_million = f", {_share(found.size, found.jobs)} MB for a million" if found.jobs else ""
    ids = "not to be seen" if found.ids_used is None else f"{found.ids_used:.2%} used"
    return "\n".join(
        [
            f"{found.jobs:,} job{'s' if found.jobs != 1 else ''}; the database has {_megabytes(found.size)} MB{per_million}.",
            "",
            *_columns([TABLES, *tables], left=1),
            "",
            *_columns([INDEXES, *indexes], left=3),
            "",
            f"Ids: {ids}. Transactions since the oldest that is not frozen: {found.xid_age:,};"
            f" autovacuum freezes from {found.freeze_at:,} on, the limit is {LAST_XID:,}.",
        ]
    )


def _columns(lines: list[tuple[str, ...]], left: int) -> list[str]:
    """The lines with aligned columns, the first `left` of them at the left."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(
            word.ljust(width) if number < left else word.rjust(width)
            for number, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f}"


def _share(size: int, jobs: int) -> str:
    """MB for a million jobs; a dash without jobs."""
    return f"{size / MEGABYTE / jobs * MILLION:,.1f}" if jobs else "–"


def _minute(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if isinstance(at, datetime) else "never"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
