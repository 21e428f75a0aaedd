"""The job table: its columns, the links that sort it, and its rows as the template reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import django_tables2 as tables
from django.utils.safestring import SafeString

from jobs.filters import JobFilter
from jobs.pages.origin import Origin
from jobs.pages.rows import render_rows, row_for_template
from jobs.querysets import JobRow

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
    """Columns and headings are django-tables2's; the rows are ours, since a stock cell costs ten times more."""

    pick = tables.Column("Select", empty_values=(), orderable=False)
    name = tables.Column("Name")
    current_status = tables.Column("Status", orderable=False)
    created_at = tables.Column("Created", attrs={"unit": "UTC"})
    updated_at = tables.Column("Updated", attrs={"unit": "UTC"})
    actions = tables.Column("Actions", empty_values=(), orderable=False)

    def __init__(self, rows: Iterable[JobRow], job_filter: JobFilter) -> None:
        origin = Origin(job_filter).suffix
        super().__init__([row_for_template(row, origin) for row in rows])
        self.job_filter = job_filter

    def body(self) -> SafeString:
        return render_rows(self.data.data)

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
