"""What has happened to watched jobs and in watched searches since a cursor of the change feed.

One request for everything that a browser watches. It reads the feed once, however much is watched, and each search
evaluates only the jobs that have finished meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict

from jobs.feed import MAX_EVENTS, CursorExpired, Event, Events, read_events
from jobs.feed_cursor import NOW, MalformedCursor
from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.live import ShownJobs
from jobs.mistakes import InvalidQuery
from jobs.models import Job
from jobs.pages.live import InvalidLiveParameters, parse_ids
from jobs.pages.parameters import page_parameters
from jobs.pages.poll_rate import HEADER, poll_after
from jobs.pages.read_only import read_only
from jobs.rows import JobRow
from jobs.statuses import StatusType

MAX_WATCHED_LISTS: Final = 10
FINISHED: Final = tuple(status for status in StatusType if status.is_finished)
FINISHING: Final = ("job.status_changed", "job.created")


@read_only
def watch(request: HttpRequest) -> HttpResponse:
    """`after` is the cursor of the last response, `ids` are watched jobs, each `view` the query string of a list.

    `now` has the statuses of the jobs if events may have been missed: at first, and if the cursor has expired.
    """
    try:
        ids = parse_ids(request.GET.get("ids", ""))
    except InvalidLiveParameters as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    found = _events(request.GET.get("after", ""))
    events = found.events if isinstance(found, Events) else []
    finished = tuple(dict.fromkeys(event.job.id for event in events if _finishes(event)))
    queries = request.GET.getlist("view")[:MAX_WATCHED_LISTS]
    answer: dict[str, Any] = {
        "cursor": found.cursor if isinstance(found, Events) else found,
        "more": isinstance(found, Events) and found.more,
        "jobs": _told(ids, events),
        "views": [_entered(query, finished) for query in queries],
    }
    if not isinstance(found, Events):
        jobs = Job.objects.rows(ids)
        answer["now"] = [
            _job(jobs[job_id]) if job_id in jobs else _deleted(job_id) for job_id in ids
        ]
    response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    response[HEADER] = poll_after(request)
    return response


def _events(after: str) -> Events | str:
    """The events after the cursor; if there may be a gap before them, the cursor to go on from."""
    if not after:
        return read_events(NOW, 1).cursor
    try:
        return read_events(after, MAX_EVENTS)
    except CursorExpired as error:
        return error.cursor
    except MalformedCursor:
        return read_events(NOW, 1).cursor


def _told(ids: Sequence[int], events: Iterable[Event]) -> list[dict[str, str]]:
    """The last end of each of these jobs."""
    wanted = set(ids)
    told = {}
    for event in events:
        if event.job.id not in wanted:
            continue
        if event.type == "job.deleted":
            told[event.job.id] = _deleted(event.job.id) | {"name": event.job.name}
        elif _finishes(event):
            told[event.job.id] = _job(event.job)
    return list(told.values())


def _entered(query: str, ids: tuple[int, ...]) -> list[dict[str, str]]:
    """Those of the jobs that are in the list now. One query, if there are any jobs."""
    if not ids:
        return []
    try:
        job_filter = JobFilter.parse(page_parameters(QueryDict(query)).query)
    except InvalidQuery:
        return []
    shown = ShownJobs(ids, JobList(_finished(job_filter)))
    return [
        _job(change.job)
        for change in shown.changes(ids)
        if change.matches_status and change.matches_search
    ]


def _finished(job_filter: JobFilter) -> JobFilter:
    """The finished jobs of the list; of a list that has none, such as that of running jobs, all that meet its search."""
    finished = tuple(status for status in FINISHED if status in job_filter.selected_statuses)
    if finished:
        return replace(job_filter, statuses=finished)
    return replace(job_filter, statuses=FINISHED, q=job_filter.q.without_statuses())


def _finishes(event: Event) -> bool:
    return event.type in FINISHING and StatusType(event.job.current_status).is_finished


def _job(job: JobRow) -> dict[str, str]:
    """Ids as text: JavaScript numbers cannot hold them. `updated_at` tells an end from an earlier one."""
    return {
        "id": str(job.id),
        "name": job.name,
        "status": job.current_status,
        "updated_at": job.updated_at,
    }


def _deleted(job_id: int) -> dict[str, str]:
    return {"id": str(job_id), "name": "", "status": "DELETED"}
