"""The job table: its columns, the links that sort it, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import django_tables2 as tables
from django.utils.safestring import SafeString

from jobs.filters import JobFilter
from jobs.listing.durations import NO_DETAILS, Details
from jobs.pages.columns import DEFAULT, Layout
from jobs.pages.return_link import ListContext
from jobs.pages.rows import render_rows, rows_for_template
from jobs.pages.url_length import fitting_query
from jobs.rows import JobRow

DESCENDING_FIRST = {"created_at", "updated_at"}


@dataclass(frozen=True)
class Heading:
    """A column's heading. `query` sorts by the column, or reverses the order if it is the sorted one."""

    name: str
    label: str
    unit: str = ""
    query: str | None = None
    sort: str | None = None
    is_hidden: bool = False


class Columns(tables.Table):  # type: ignore[misc]  # django-tables2 has no types
    current_status = tables.Column("Status", orderable=False)
    name = tables.Column("Name")
    duration = tables.Column("Duration", empty_values=(), orderable=False)
    created_at = tables.Column("Created", attrs={"unit": "UTC"})
    updated_at = tables.Column("Updated", attrs={"unit": "UTC"})


@dataclass(frozen=True)
class JobTable:
    """django-tables2 provides columns and headings. Rows are rendered by rows.py: its cells cost ten times as much."""

    rows: Sequence[JobRow]
    job_filter: JobFilter
    details: Details = NO_DETAILS
    columns: Layout = DEFAULT

    def body(self) -> SafeString:
        query = ListContext(self.job_filter).job_query
        return render_rows(rows_for_template(self.rows, query, self.details), self.columns)

    def headings(self) -> Iterator[Heading]:
        """Those between the checkboxes and the actions, in the chosen order."""
        sorted_by = self.job_filter.ordering
        for column in self.columns:
            name, hidden = column.name, column.is_hidden
            label, unit, is_orderable = _columns()[name]
            if not is_orderable:
                yield Heading(name, label, unit, is_hidden=hidden)
                continue
            first = f"-{name}" if name in DESCENDING_FIRST else name
            other = name if first.startswith("-") else f"-{name}"
            sort = None
            if sorted_by in (first, other):
                sort = "descending" if sorted_by.startswith("-") else "ascending"
            ordering = other if sorted_by == first else first
            query = fitting_query(self.job_filter, ordering=ordering)
            yield Heading(name, label, unit, query, sort, hidden)


@cache
def _columns() -> dict[str, tuple[str, str, bool]]:
    """Label, unit, and whether it sorts the list. Cached: binding columns was a twelfth of a request."""
    return {
        column.name: (column.header, column.column.attrs.get("unit", ""), column.orderable)
        for column in Columns([]).columns
    }
