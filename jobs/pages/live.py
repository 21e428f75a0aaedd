"""Live updates of an open page: the rows that changed since the browser's last poll, the counts and the title.

Most responses are 304. The others are built without a template: no other URL is requested as often.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotModified
from django.utils.safestring import SafeString

from jobs.filters import JobFilter
from jobs.ids import LARGEST_ID
from jobs.job_list import JobList
from jobs.listing.durations import NO_DETAILS, read_details
from jobs.listing.keyset import Key
from jobs.listing.paging import MAX_PAGE_SIZE
from jobs.live import MAX_NEW, NEWEST_FIRST, ChangedRow, ShownJobs, State
from jobs.mistakes import InvalidQuery
from jobs.pages import descriptions
from jobs.pages.columns import Layout, layout
from jobs.pages.formats import count_text
from jobs.pages.parameters import list_parameters
from jobs.pages.poll_rate import HEADER, poll_after
from jobs.pages.read_only import read_only
from jobs.pages.return_link import ListContext
from jobs.pages.rows import render_rows, rows_for_template
from jobs.querysets import StatusCounts
from jobs.statuses import StatusType

IDS: Final = re.compile(r"[0-9]{1,19}(,[0-9]{1,19})*", re.ASCII)
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


class InvalidLiveParameters(ValueError):
    """`ids` or `beyond` is malformed."""


@read_only
def live(request: HttpRequest) -> HttpResponse:
    """Updates of the list. `ids` and `beyond` (time and id of the last row, or `end`) describe the rows in view.

    The other parameters are the list's own.
    """
    try:
        job_filter = JobFilter.parse(list_parameters(request).query)
        ids = parse_ids(request.GET.get("ids", ""))
        anchor_key = _anchor_key(request.GET.get("beyond"), job_filter)
    except (InvalidLiveParameters, InvalidQuery) as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    return _respond(request, ShownJobs(ids, JobList(job_filter), anchor_key))


@read_only
def live_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Updates of a job's page."""
    return _respond(request, ShownJobs((job_id,)))


def _respond(request: HttpRequest, jobs: ShownJobs) -> HttpResponse:
    state = jobs.state()
    seen = request.headers.get("If-None-Match", "")
    response: HttpResponse
    if seen == state.tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(_fragment(jobs, state, seen, layout(request)))
    response["ETag"] = state.tag
    response["Cache-Control"] = "no-store"
    response[HEADER] = poll_after(request)
    return response


def _fragment(jobs: ShownJobs, state: State, seen: str, columns: Layout) -> str:
    """A table whose rows are those that changed; its data attributes hold everything else."""
    versions = seen.removeprefix("W/").strip('"').partition(";")[0].split(".")
    if not jobs.ids or len(versions) != len(jobs.ids):
        versions = ["unknown"] * len(jobs.ids)
    changed = [
        job_id
        for job_id, now, then in zip(jobs.ids, state.versions, versions, strict=True)
        if now and now != then
    ]
    gone = [job_id for job_id, now in zip(jobs.ids, state.versions, strict=True) if not now]
    changes = jobs.changes(changed)
    attributes = {
        "gone": _joined(gone),
        "left": _joined(change.job.id for change in changes if _has_left(change)),
        "left-text": _left_text(jobs.job_list, changes),
    }
    if counts := _counts(jobs.job_list, state, list(state.versions) != versions):
        assert jobs.job_list is not None
        numbers = [counts.total(), *(counts.total([status]) for status in StatusType)]
        attributes["counts"] = " ".join(map(count_text, numbers))
        title = descriptions.tab_title(jobs.job_list.job_filter, counts)
        attributes["title"] = f"{title} · Job dashboard"
        shown = len(jobs.ids) - len(gone)
        attributes["shown"] = descriptions.shown_text(shown, jobs.job_list.count(counts))
    if state.new is not None:
        attributes["new"] = f"{MAX_NEW - 1}+" if state.new >= MAX_NEW else str(state.new)
    pairs = "".join(f' data-{name}="{escape(value)}"' for name, value in attributes.items())
    return f'<table id="live"{pairs}><tbody>{_rows(jobs, changes, columns)}</tbody></table>'


def _counts(job_list: JobList | None, state: State, changed: bool) -> StatusCounts | None:
    """Counts a search again only if something has changed: that is the most expensive step here."""
    if state.counts or not job_list or not (changed or state.new):
        return state.counts
    return job_list.counts_by_status()


def _rows(jobs: ShownJobs, changes: list[ChangedRow], columns: Layout) -> SafeString:
    """A job's own page shows no duration in a row; its history refetches itself."""
    query, details = "", NO_DETAILS
    if jobs.job_list:
        query = ListContext(jobs.job_list.job_filter).job_query
        details = read_details([change.job.id for change in changes])
    return render_rows(
        rows_for_template((change.job for change in changes), query, details), columns
    )


def _has_left(change: ChangedRow) -> bool:
    return not (change.matches_status and change.matches_search)


def _left_text(job_list: JobList | None, changes: list[ChangedRow]) -> str:
    """`no longer failed`; `no longer matches` if a job has stopped matching the search."""
    by_status = all(change.matches_search for change in changes)
    if job_list and job_list.job_filter.statuses is not None and by_status:
        return f"no longer {descriptions.status_words(job_list.job_filter)}"
    return "no longer matches"


def _joined(ids: Iterable[int]) -> str:
    return " ".join(map(str, ids))


def parse_ids(text: str) -> tuple[int, ...]:
    """The ids in the order of the rows. Raises InvalidLiveParameters."""
    if not text:
        return ()
    if not IDS.fullmatch(text) or text.count(",") >= MAX_PAGE_SIZE:
        raise InvalidLiveParameters(
            f"ids: must be up to {MAX_PAGE_SIZE} numbers, separated by commas."
        )
    ids = tuple(map(int, text.split(",")))
    if len(set(ids)) != len(ids) or max(ids) > LARGEST_ID:
        raise InvalidLiveParameters("ids: must be unique, and within the range of job IDs.")
    return ids


def _anchor_key(text: str | None, job_filter: JobFilter) -> Key | None:
    """The key of the last row in view, from `beyond`. Raises InvalidLiveParameters."""
    if text is None or job_filter.ordering not in NEWEST_FIRST:
        return None
    if text == "end":
        return ()
    moment, _, last = text.partition(",")
    try:
        if not MOMENT.fullmatch(moment):
            raise ValueError(moment)
        datetime.fromisoformat(moment)
        [job_id] = parse_ids(last)
    except ValueError as error:
        raise InvalidLiveParameters("beyond: must be the time and ID of a row, or end.") from error
    return moment, job_id
