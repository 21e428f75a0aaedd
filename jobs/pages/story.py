"""What is told of one job, on its own page and beside the list: its status, its history and its times."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from jobs.listing.durations import read_durations
from jobs.listing.history import history_page, history_totals, spans_without_effect
from jobs.listing.paging import Paging
from jobs.mistakes import InvalidQuery
from jobs.pages.return_link import ListContext
from jobs.pages.rows import row_for_template
from jobs.pages.timeline import Timeline
from jobs.rows import JobRow


def story(job: JobRow, query: QueryDict) -> dict[str, Any]:
    """The context of components/job_story.html: four queries. `query` has the page of the history, and the list."""
    spans = spans_without_effect(job.id)
    try:
        page = history_page(job.id, Paging.parse(query), spans)
    except InvalidQuery:
        # A stale cursor must not hide the job: show the newest entries.
        page = history_page(job.id, Paging(), spans)
    now = timezone.now()
    duration = read_durations([job.id]).get(job.id)
    timeline = Timeline(job, history_totals(job.id, now, spans), now, duration)
    list_context = ListContext.parse(query)
    return {
        "job": row_for_template(job, list_context.job_query),
        "timeline": timeline,
        "history": timeline.entries(page.rows),
        "older": page.next,
        "newer": page.previous,
        "list_context": list_context,
    }
