"""Filling in a pre-rendered row gives the same HTML as rendering the row."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from jobs.pages.rows import TEMPLATE, render_rows, row_for_template
from jobs.rows import COLUMNS, JobRow
from jobs.statuses import StatusType

NAMES = [
    "Fluid Dynamics",
    "<script>alert('x')</script>",
    '"><img src=x onerror=alert(1)>',
    "100 % %(id)s %s {} {{ id }} {% now %}",
    "@@id@@ @@name@@",
    "&amp; &lt; ' \" é 😀 \u202e",
]


def job_row(**values: Any) -> JobRow:
    return JobRow(**{column.name: column.example for column in COLUMNS} | values)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", StatusType)
def test_a_filled_row_equals_a_rendered_row(name: str, status: StatusType) -> None:
    job = job_row(name=name, current_status=status.value)
    row = row_for_template(job)
    assert render_rows([row, row]) == 2 * render_to_string(TEMPLATE, {"row": row})


def test_a_row_links_to_its_job_within_the_list() -> None:
    html = render_rows([row_for_template(job_row(id=7), "?from=search%3D100%2525")])
    assert 'href="/jobs/7/?from=search%3D100%2525"' in html


def test_a_row_shows_seconds_and_keeps_microseconds() -> None:
    row = row_for_template(job_row(created_at="2026-01-02T03:04:05.000000Z"))
    assert row["created"] == "2026-01-02 03:04:05"
    assert row["created_at"] == "2026-01-02T03:04:05.000000Z"
