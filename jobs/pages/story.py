"""What is told of one job, on its own page and beside the list: its status, its history and its times."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from jobs.listing.durations import NO_DETAILS, read_details
from jobs.listing.history import history_page, history_totals
from jobs.listing.paging import Paging
from jobs.mistakes import InvalidQuery
from jobs.models import MAX_REASON_LENGTH
from jobs.operations.rows import existing
from jobs.pages.return_link import ListContext
from jobs.pages.rows import row_for_template
from jobs.pages.timeline import Timeline
from jobs.rows import JobRow
from jobs.statuses import StatusType


def story(job: JobRow, query: QueryDict) -> dict[str, Any]:
    """The context of components/job_story.html. `query` has the page of the history, and the list.

    Two queries, a third one for the run of a finished job, up to two more if anything was undone, and one if an operation
    has changed it.
    """
    now = timezone.now()
    totals = history_totals(job.id, now)
    try:
        page = history_page(job.id, Paging.parse(query), totals.spans)
    except InvalidQuery:
        # A stale cursor must not hide the job: show the newest entries.
        page = history_page(job.id, Paging(), totals.spans)
    is_finished = StatusType(job.current_status).is_finished
    details = read_details([job.id], MAX_REASON_LENGTH) if is_finished else NO_DETAILS
    timeline = Timeline(job, totals, now, details.durations.get(job.id))
    operations = {entry.operation_id for entry in page.rows if entry.operation_id is not None}
    list_context = ListContext.parse(query)
    return {
        "job": row_for_template(job, list_context.job_query),
        "labels": job.labels,
        "reason": details.reasons.get(job.id, ""),
        "timeline": timeline,
        "history": timeline.entries(page.rows, existing(operations)),
        "older": page.next,
        "newer": page.previous,
        "list_context": list_context,
    }
