"""The table's rows: the row template, rendered once, filled in for each job.

A template rendered row by row is most of a list's cost. Its text is the same in every row but for a few values,
so it is rendered a single time, with marks in their places.
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
    *("id", "name", "status", "label", "origin"),
    *("created", "created_exact", "updated", "updated_exact"),
)
LABELS = {status.value: status.label for status in StatusType}


def row_for_template(job: JobRow, origin: str = "") -> dict[str, str]:
    """What a row says of a job, as text: nothing is left for the template to format.

    `origin` ends the job's address and tells its page which list this is: percent-encoded, so that it needs no
    escaping.
    """
    created, updated = job.created_at, job.updated_at
    return {
        "id": str(job.id),
        "name": job.name,
        "status": job.current_status,
        "label": LABELS[job.current_status],
        "origin": origin,
        "created": created[:19].replace("T", " "),
        "created_exact": created,
        "updated": updated[:19].replace("T", " "),
        "updated_exact": updated,
    }


def render_rows(rows: Iterable[dict[str, str]]) -> SafeString:
    """The HTML of all rows. Only a name is anybody's own text; the other values are ours."""
    form = _form.__wrapped__() if settings.DEBUG else _form()
    html = (form % {**row, "name": escape(row["name"])} for row in rows)
    return mark_safe("".join(html))  # noqa: S308  # escaped on the line above


@cache
def _form() -> str:
    """The row template as a %-format."""
    marks = {field: f"@@{field}@@" for field in FIELDS}
    form = render_to_string(TEMPLATE, {"row": marks}).replace("%", "%%")
    for field, mark in marks.items():
        form = form.replace(mark, f"%({field})s")
    return form
