"""The rows of the table."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from jobs.names import isolated
from jobs.pages.format_strings import format_string
from jobs.rows import COLUMNS, NAMES, JobRow, Kind
from jobs.statuses import StatusType

TEMPLATE = "components/job_row.html"
TEXTS = ["name_in_text", *(column.name for column in COLUMNS if column.kind is Kind.TEXT)]
FIELDS = (*NAMES, "name_in_text", "icon", "label", "query", "created", "updated")
ICONS = {status.value: status.icon for status in StatusType}
LABELS = {status.value: status.label for status in StatusType}


def row_for_template(job: JobRow, query: str = "") -> dict[str, str]:
    """The columns of a job, and what is shown of its status and its times.

    `query` is appended to the job's URL and tells its page which list this is; it is percent-encoded, so it needs no
    escaping.
    """
    row: dict[str, Any] = dict(zip(NAMES, job, strict=True))
    row |= {
        "id": str(job.id),
        "name_in_text": isolated(job.name),
        "icon": ICONS[job.current_status],
        "label": LABELS[job.current_status],
        "query": query,
        "created": job.created_at[:19].replace("T", " "),
        "updated": job.updated_at[:19].replace("T", " "),
    }
    return row


def render_rows(rows: Iterable[dict[str, str]]) -> SafeString:
    """The HTML of all rows. Only text columns are user input; the other values are safe."""
    row_format = format_string(TEMPLATE, "row", FIELDS)
    html = []
    for row in rows:
        values = row.copy()
        for name in TEXTS:
            values[name] = escape(values[name])
        html.append(row_format % values)
    return mark_safe("".join(html))  # noqa: S308  # escaped above
