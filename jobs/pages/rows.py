"""The rows of the table: the row template is rendered once, and its values are filled in for each job.

Rendering the template for every row was most of the cost of a list. Rows differ in a few values only, so the template
is rendered a single time, with placeholders for the values.
"""

from collections.abc import Iterable
from functools import cache
from html import escape

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jobs.querysets import JobRow
from jobs.statuses import StatusType

TEMPLATE = "components/job_row.html"
FIELDS = (
    *("id", "name", "status", "label", "query"),
    *("created", "created_exact", "updated", "updated_exact"),
)
LABELS = {status.value: status.label for status in StatusType}


def row_for_template(job: JobRow, query: str = "") -> dict[str, str]:
    """The values of a row, formatted as text.

    `query` is appended to the job's URL and tells its page which list this is; it is percent-encoded, so it needs no
    escaping.
    """
    created, updated = job.created_at, job.updated_at
    return {
        "id": str(job.id),
        "name": job.name,
        "status": job.current_status,
        "label": LABELS[job.current_status],
        "query": query,
        "created": created[:19].replace("T", " "),
        "created_exact": created,
        "updated": updated[:19].replace("T", " "),
        "updated_exact": updated,
    }


def render_rows(rows: Iterable[dict[str, str]]) -> SafeString:
    """The HTML of all rows. Only the name is user input; the other values are safe."""
    row_format = _row_format.__wrapped__() if settings.DEBUG else _row_format()
    html = (row_format % {**row, "name": escape(row["name"])} for row in rows)
    return mark_safe("".join(html))  # noqa: S308  # escaped on the line above


@cache
def _row_format() -> str:
    """The row template as a %-format string."""
    placeholders = {field: f"@@{field}@@" for field in FIELDS}
    row_format = render_to_string(TEMPLATE, {"row": placeholders}).replace("%", "%%")
    for field, placeholder in placeholders.items():
        row_format = row_format.replace(placeholder, f"%({field})s")
    return row_format
