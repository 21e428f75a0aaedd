"""The rows of the table."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from jobs.listing.durations import Details, Duration, Phase
from jobs.names import isolated
from jobs.pages.columns import DEFAULT, Layout
from jobs.pages.format_strings import format_string
from jobs.pages.formats import seconds_text
from jobs.rows import COLUMNS, NAMES, JobRow, Kind
from jobs.statuses import StatusType

TEMPLATE = "components/job_row.html"
TEXTS = ["name_in_text", *(column.name for column in COLUMNS if column.kind is Kind.TEXT)]
DURATION = ("phase", "lasted", "lasting")
FIELDS = (
    *NAMES,
    "name_in_text",
    "icon",
    "label",
    "query",
    "created",
    "updated",
    "reason",
    *DURATION,
)
SHOWN_LABELS = 3
ICONS = {status.value: status.icon for status in StatusType}
LABELS = {status.value: status.label for status in StatusType}


# Of a finished job whose previous status was not Running, and of one that has changed since its row was read.
NO_DURATION = {"phase": "no run", "lasted": "–", "lasting": ""}


def row_for_template(
    job: JobRow, query: str = "", duration: Duration | None = None, reason: str = ""
) -> dict[str, str]:
    """The columns of a job, and what is shown of its status, its times and its duration.

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
        "labels": labels_html(job.labels) if job.labels else "",
        # Of a job that has changed since, it is not the reason any more.
        "reason": reason_html(reason) if reason and job.current_status == StatusType.FAILED else "",
    }
    if duration is None or duration.status != job.current_status:
        return row | NO_DURATION
    return row | {
        "phase": duration.phase.value,
        "lasted": seconds_text(duration.seconds),
        "lasting": "" if duration.phase is Phase.RAN else duration.since,
    }


def labels_html(labels: Sequence[str]) -> SafeString:
    """The first labels, and the number of the others: `team=fluid`, `+2`."""
    texts = [escape(label) for label in labels[:SHOWN_LABELS]]
    if more := len(labels) - SHOWN_LABELS:
        texts += [f"+{more}"] if more > 0 else []
    html = "".join(f' <span class="label">{text}</span>' for text in texts)
    return mark_safe(html)  # noqa: S308  # escaped above


def reason_html(reason: str) -> SafeString:
    """One line, which the style sheet cuts."""
    text = escape(" ".join(reason.split()))
    return mark_safe(f' <span class="reason">{text}</span>')  # noqa: S308  # escaped above


def rows_for_template(
    jobs: Iterable[JobRow], query: str, details: Details
) -> Iterable[dict[str, str]]:
    durations, reasons = details
    # `in` is no function call, as get() is, and most jobs have no reason.
    return (
        row_for_template(
            job,
            query,
            durations.get(job.id),
            reasons[job.id] if job.id in reasons else "",  # noqa: SIM401
        )
        for job in jobs
    )


def render_rows(rows: Iterable[dict[str, str]], columns: Layout = DEFAULT) -> SafeString:
    """The HTML of all rows. Only text columns are still to be escaped; the other values are safe."""
    row_format = format_string(TEMPLATE, "row", FIELDS, columns=columns)
    html = []
    for row in rows:
        values = row.copy()
        for name in TEXTS:
            values[name] = escape(values[name])
        html.append(row_format % values)
    return mark_safe("".join(html))  # noqa: S308  # escaped above
