"""A job's columns, declared once: everything that lists them derives from COLUMNS or is tested against it."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any, Final, NamedTuple

from jobs.labels import labels_object


class Kind(Enum):
    """How the values of a column are stored, escaped and formatted."""

    ID = auto()
    TEXT = auto()
    OPTIONAL_TEXT = auto()
    STATUS = auto()
    TIME = auto()
    LABELS = auto()


class Column(NamedTuple):
    """A column of a job. Only an optional text can be NULL.

    A request that creates, changes or imports a job can set a writable column. It may also contain the others, because
    clients send jobs as they have received them; they have no effect.
    """

    name: str
    kind: Kind
    example: int | str | list[str]
    is_writable: bool = False
    help: str = ""


# The id is first: in an export as CSV, a line that does not begin with a digit continues the row before it.
COLUMNS: Final = (
    Column("id", Kind.ID, 12),
    Column("name", Kind.TEXT, "Fluid Dynamics Simulation", is_writable=True),
    Column("current_status", Kind.STATUS, "RUNNING", help="The latest status."),
    Column("created_at", Kind.TIME, "2026-11-22T09:58:31.204711Z"),
    Column(
        "updated_at",
        Kind.TIME,
        "2026-11-22T10:04:12.350019Z",
        help="When the job last changed. Keep it as a string.",
    ),
    Column(
        "key",
        Kind.OPTIONAL_TEXT,
        "run-17",
        is_writable=True,
        help="The id that another system gives the job, unique among all jobs, or null.",
    ),
    Column(
        "labels", Kind.LABELS, ["solver=lbm", "team=fluid"], is_writable=True, help="Texts by key."
    ),
)


class JobRow(NamedTuple):
    """A job as the API and the pages show it: a field for each of COLUMNS, in their order.

    Timestamps are text as the API sends them: ISO 8601 in UTC, with microseconds and Z. Labels are as they are stored:
    `key=value`, sorted.
    """

    id: int
    name: str
    current_status: str
    created_at: str
    updated_at: str
    key: str | None
    labels: list[str]

    def content(self) -> dict[str, Any]:
        """The job as the API sends it, by column."""
        content: dict[str, Any] = dict(zip(NAMES, self, strict=True))
        content["labels"] = labels_object(self.labels) if self.labels else {}
        return content


NAMES: Final = tuple(column.name for column in COLUMNS)
WRITABLE: Final = tuple(column.name for column in COLUMNS if column.is_writable)
LABELS: Final = tuple(column.name for column in COLUMNS if column.kind is Kind.LABELS)
READ_ONLY: Final = tuple(column.name for column in COLUMNS if not column.is_writable)


def utc_text_sql(column: str) -> str:
    """A timestamp formatted by the database: parsing and formatting it in Python would be most of a page's cost."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


def row_sql(job: str, renamed: dict[str, str] | None = None) -> str:
    """The values of a JobRow from the FROM item `job`, in which some columns may have other names."""
    stored = [(f"{job}.{(renamed or {}).get(name, name)}", kind) for name, kind, *_ in COLUMNS]
    return ", ".join(utc_text_sql(sql) if kind is Kind.TIME else sql for sql, kind in stored)


# For any FROM item with the alias job: the columns as they are stored, and the values of a JobRow.
JOB_COLUMNS: Final = ", ".join(f"job.{name}" for name in NAMES)
JOB_ROW: Final = row_sql("job")
