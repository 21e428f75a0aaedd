"""The job table: its columns, the links that sort it, and its rows as the template reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables

from jobs.filters import JobFilter
from jobs.pages.formats import time_attribute, time_text
from jobs.statuses import StatusType

NEWEST_FIRST = {"created_at", "updated_at"}


@dataclass(frozen=True)
class Heading:
    """A column's head; `query` sorts by it, and turns the order round where it is the sorted one."""

    name: str
    label: str
    unit: str = ""
    query: str | None = None
    sort: str | None = None


class JobTable(tables.Table):  # type: ignore[misc]  # django-tables2 has no types
    """Columns and headings are django-tables2's; cells are ours, since a stock cell costs ten times more."""

    name = tables.Column("Name")
    current_status = tables.Column("Status", orderable=False)
    created_at = tables.Column("Created", attrs={"unit": "UTC"})
    updated_at = tables.Column("Updated", attrs={"unit": "UTC"})
    actions = tables.Column("Actions", empty_values=(), orderable=False)

    def __init__(self, rows: Iterable[Any], job_filter: JobFilter) -> None:
        super().__init__([row_for_template(row) for row in rows])
        self.job_filter = job_filter

    def headings(self) -> Iterator[Heading]:
        sorted_by = self.job_filter.ordering
        for column in self.columns:
            unit = column.column.attrs.get("unit", "")
            if not column.orderable:
                yield Heading(column.name, column.header, unit)
                continue
            first = f"-{column.name}" if column.name in NEWEST_FIRST else column.name
            other = column.name if first.startswith("-") else f"-{column.name}"
            sort = None
            if sorted_by in (first, other):
                sort = "descending" if sorted_by.startswith("-") else "ascending"
            query = self.job_filter.query(ordering=other if sorted_by == first else first)
            yield Heading(column.name, column.header, unit, query, sort)


def row_for_template(job: Any) -> dict[str, str]:
    """Text only, formatted once: template filters on every cell would double the page's cost."""
    return {
        "id": str(job.id),
        "name": job.name,
        "status": job.current_status,
        "label": StatusType(job.current_status).label,
        "created": time_text(job.created_at),
        "created_exact": time_attribute(job.created_at),
        "updated": time_text(job.updated_at),
        "updated_exact": time_attribute(job.updated_at),
    }
