"""The page of the trash, and what the page of a deleted job says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jobs.listing.paging import PAGING, Paging
from jobs.mistakes import InvalidQuery
from jobs.pages.formats import count_text, stored_time_text
from jobs.pages.htmx import TRASH_TABLE, is_for_fragment, render_page_or_fragment
from jobs.pages.navigation import links_beside
from jobs.pages.parameters import page_parameters
from jobs.pages.read_only import read_only
from jobs.pages.rows import row_for_template
from jobs.sources import Source
from jobs.trash.rows import TrashedJob, trash_count, trash_page, trashed_job

STALE: Final = "The link to this page of the trash is no longer valid. This is the first page."
EMPTIED: Final = "The page you were on is now empty. This is the first page."


@read_only
def trash(request: HttpRequest) -> HttpResponse:
    """What was deleted, the newest first. Two queries, or three if the page of the link is empty."""
    parameters = page_parameters(request.GET, PAGING)
    notices = list(parameters.notices)
    paging = Paging()
    try:
        paging = Paging.parse(parameters.query)
        page = trash_page(paging)
    except InvalidQuery:
        paging, page = Paging(), trash_page(Paging())
        notices.append(STALE)
    if paging.cursor and not page.rows:
        paging = Paging(paging.page_size)
        page = trash_page(paging)
        notices.append(EMPTIED)
    now = timezone.now()
    count = trash_count()
    context = {
        "rows": [_row(trashed, now) for trashed in page.rows],
        "count": count_text(count),
        "is_one": count.value == 1,
        "links": links_beside(page, paging, "Newer", "Older"),
        "url": request.get_full_path(),
        "notices": notices,
    }
    return render_page_or_fragment(request, "jobs/trash.html", TRASH_TABLE, context)


def trashed_page(request: HttpRequest, job_id: int) -> HttpResponse | None:
    """The page of a job in the trash, which is still a 404; None if the job is not there."""
    trashed = None if is_for_fragment(request) else trashed_job(job_id)
    if trashed is None:
        return None
    context = {"job": _row(trashed, timezone.now())}
    response = render(request, "jobs/trashed_job.html", context, status=404)
    response["Cache-Control"] = "no-store"
    return response


def left_text(left: timedelta) -> str:
    """When a job is gone for good: `in 7 days`, `in 5 hours`, or `soon`, as emptying may be late."""
    hours = round(left / timedelta(hours=1))
    if hours < 1:
        return "soon"
    number, unit = (hours, "hour") if hours < 36 else (round(hours / 24), "day")
    return f"in {number} {unit}{'' if number == 1 else 's'}"


def _by(trashed: TrashedJob) -> dict[str, Any]:
    """Who deleted it, as far as that is known: a user, an operation, or retention."""
    is_retention = trashed.source == Source.RETENTION
    return {
        "name": trashed.actor,
        "operation": trashed.operation_id if trashed.source else None,
        "retention": is_retention,
    }


def _row(trashed: TrashedJob, now: datetime) -> dict[str, Any]:
    return row_for_template(trashed.job) | {
        "holder": trashed.holder,
        "deleted_at": trashed.deleted_at,
        "deleted": stored_time_text(trashed.deleted_at),
        "by": _by(trashed),
        "left": left_text(datetime.fromisoformat(trashed.expires_at) - now),
    }
