"""Filling in a pre-rendered row gives the same HTML as rendering the row."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from jobs.listing.durations import Duration, Phase
from jobs.pages.columns import COOKIE, DEFAULT, parse_layout
from jobs.pages.rows import TEMPLATE, render_rows, row_for_template
from jobs.rows import COLUMNS, JobRow
from jobs.statuses import StatusType
from jobs.table_columns import LABELS
from jobs.tests.factories import make_job
from jobs.tests.open_tab import Tab
from jobs.tests.pages.html import page, text_of

NAMES = [
    "Fluid Dynamics",
    "<script>alert('x')</script>",
    '"><img src=x onerror=alert(1)>',
    "100 % %(id)s %s {} {{ id }} {% now %}",
    "@@id@@ @@name@@",
    "&amp; &lt; ' \" é 😀 \u202e",
]

SINCE = "2026-11-22T10:04:12.350019Z"
MOVED = "name.-duration.current_status.updated_at.-created_at"


def job_row(**values: Any) -> JobRow:
    return JobRow(**{column.name: column.example for column in COLUMNS} | values)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", StatusType)
def test_a_filled_row_equals_a_rendered_row(name: str, status: StatusType) -> None:
    job = job_row(name=name, current_status=status.value)
    row = row_for_template(job)
    for columns in (DEFAULT, parse_layout(MOVED)):
        rendered = render_to_string(TEMPLATE, {"row": row, "columns": columns})
        assert render_rows([row, row], columns) == 2 * rendered


def test_a_row_links_to_its_job_within_the_list() -> None:
    html = render_rows([row_for_template(job_row(id=7), "?from=search%3D100%2525")])
    assert 'href="/jobs/7/?from=search%3D100%2525"' in html


def test_a_row_shows_seconds_and_keeps_microseconds() -> None:
    row = row_for_template(job_row(created_at="2026-01-02T03:04:05.000000Z"))
    assert row["created"] == "2026-01-02 03:04:05"
    assert row["created_at"] == "2026-01-02T03:04:05.000000Z"


def text_of_duration(html: str) -> str:
    return text_of(html.split('class="duration"')[1].split("</td>")[0].partition(">")[2])


@pytest.mark.parametrize(
    ("status", "duration", "text", "lasting"),
    [
        ("PENDING", (Phase.WAITING, 190.0), "waiting 3 min 10 s", SINCE),
        ("RUNNING", (Phase.RUNNING, 720.9), "running 12 min", SINCE),
        ("FAILED", (Phase.RAN, 2460.0), "ran 41 min", ""),
        ("FAILED", None, "no run –", ""),
    ],
)
def test_a_row_shows_its_duration(
    status: str, duration: tuple[Phase, float] | None, text: str, lasting: str
) -> None:
    found = duration and Duration(StatusType(status), *duration, SINCE)
    html = render_rows([row_for_template(job_row(current_status=status), "", found)])
    assert text_of_duration(html) == text
    assert f'data-lasting="{lasting}"' in html


def test_a_duration_that_was_read_after_a_change_is_not_shown() -> None:
    later = Duration(StatusType.COMPLETED, Phase.RAN, 5.0, SINCE)
    html = render_rows([row_for_template(job_row(current_status="RUNNING"), "", later)])
    assert text_of_duration(html) == "no run –"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name.name.duration.created_at.updated_at",
        "-name.current_status.duration.created_at.updated_at",
        "name.-current_status.duration.created_at.updated_at",
        "name.current_status.duration.created_at.updated_at.select",
        "name.current_status.duration.created_at.--updated_at",
        '"><script>.current_status.duration.created_at.updated_at',
        "." * 10_000,
    ],
)
def test_a_wrong_choice_of_columns_is_ignored(text: str) -> None:
    assert parse_layout(text) == DEFAULT


def test_columns_are_hidden_and_ordered_as_chosen() -> None:
    columns = parse_layout(MOVED)
    assert [column.name for column in columns] == [
        part.removeprefix("-") for part in MOVED.split(".")
    ]
    assert {column.name for column in columns if column.is_hidden} == {"duration", "created_at"}
    assert {column.name for column in columns} == LABELS.keys()


@pytest.mark.django_db
def test_heads_rows_and_live_updates_have_the_same_columns(client: Client) -> None:
    job = make_job()
    client.cookies[COOKIE] = MOVED
    tab = Tab(client)
    html = page(client, "/")
    tab.poll()
    job.record_status(StatusType.RUNNING)
    expected = [(part.removeprefix("-"), part.startswith("-")) for part in MOVED.split(".")]
    for part, cell in (
        (html.split("<tbody")[0], "th"),
        (html.split("<tbody")[1], "td"),
        (tab.update(), "td"),
    ):
        cells = re.findall(rf'<{cell} class="(\w+)[^>]*?( hidden)?>', part)
        assert [(name, bool(hidden)) for name, hidden in cells if name in LABELS] == expected
