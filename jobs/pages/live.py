"""What has changed on a screen since the browser last heard: the rows that did, and the numbers around them.

Most answers are 304. The others are put together without a template: this is asked more often than anything else.
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
from jobs.keyset import Key
from jobs.pages import navigation
from jobs.pages.asked import asked
from jobs.pages.formats import count_text
from jobs.pages.only_read import only_read
from jobs.pages.origin import Origin
from jobs.pages.pace import HEADER, poll_after
from jobs.pages.rows import render_rows, row_for_template
from jobs.paging import PAGE_SIZES, InvalidFilter
from jobs.querysets import StatusCounts
from jobs.statuses import StatusType
from jobs.watching import MOST_NEW, NEWEST_FIRST, Change, Screen, State

IDS: Final = re.compile(r"[0-9]{1,19}(,[0-9]{1,19})*", re.ASCII)
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
MOST_IDS: Final = PAGE_SIZES[-1]


class InvalidScreen(ValueError):
    """No list of ids, or no place in a list."""


@only_read
def live(request: HttpRequest) -> HttpResponse:
    """The list's: `ids` and `beyond` (time and id of the last row, or `end`) say what is in view, the rest is its query."""
    try:
        job_filter = JobFilter.parse(asked(request.GET).query)
        ids = _ids(request.GET.get("ids", ""))
        beyond = _beyond(request.GET.get("beyond"), job_filter)
    except (InvalidScreen, InvalidFilter) as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    return _answer(request, Screen(ids, job_filter, beyond))


@only_read
def live_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """A job's own page's."""
    return _answer(request, Screen((job_id,)))


def _answer(request: HttpRequest, screen: Screen) -> HttpResponse:
    state = screen.state()
    seen = request.headers.get("If-None-Match", "")
    response: HttpResponse
    if seen == state.tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(_fragment(screen, state, seen))
    response["ETag"] = state.tag
    response["Cache-Control"] = "no-store"
    response[HEADER] = poll_after()
    return response


def _fragment(screen: Screen, state: State, seen: str) -> str:
    """One table: its rows are those that changed, its attributes the rest."""
    versions = seen.removeprefix("W/").strip('"').partition(";")[0].split(".")
    if not screen.ids or len(versions) != len(screen.ids):
        versions = ["unknown"] * len(screen.ids)
    differing = [
        job_id
        for job_id, now, then in zip(screen.ids, state.versions, versions, strict=True)
        if now and now != then
    ]
    gone = [job_id for job_id, now in zip(screen.ids, state.versions, strict=True) if not now]
    changes = screen.changes(differing)
    attributes = {
        "gone": _words(gone),
        "left": _words(change.job.id for change in changes if _left(change)),
        "left-text": _left_text(screen.job_filter, changes),
    }
    if counts := _counts(screen.job_filter, state, list(state.versions) != versions):
        assert screen.job_filter is not None
        numbers = [counts.total(), *(counts.total([status]) for status in StatusType)]
        attributes["counts"] = " ".join(map(count_text, numbers))
        attributes["title"] = f"{navigation.tab_title(screen.job_filter, counts)} · Job dashboard"
        if state.counts:
            shown = len(screen.ids) - len(gone)
            attributes["shown"] = navigation.shown_text(shown, screen.job_filter.count(counts))
    if state.new is not None:
        attributes["new"] = f"{MOST_NEW - 1}+" if state.new >= MOST_NEW else str(state.new)
    pairs = "".join(f' data-{name}="{escape(value)}"' for name, value in attributes.items())
    return f'<table id="live"{pairs}><tbody>{_rows(screen, changes)}</tbody></table>'


def _counts(job_filter: JobFilter | None, state: State, changed: bool) -> StatusCounts | None:
    """A search is counted again only where something has changed: that costs more than all else here."""
    if state.counts or not job_filter or not (changed or state.new):
        return state.counts
    return job_filter.counts_by_status()


def _rows(screen: Screen, changes: list[Change]) -> SafeString:
    origin = Origin(screen.job_filter).suffix if screen.job_filter else ""
    return render_rows(row_for_template(change.job, origin) for change in changes)


def _left(change: Change) -> bool:
    return not (change.matches_status and change.matches_search)


def _left_text(job_filter: JobFilter | None, changes: list[Change]) -> str:
    """`no longer failed`; `no longer matches` where the search is what it fell out of."""
    by_status = all(change.matches_search for change in changes)
    if job_filter and job_filter.statuses and by_status:
        return f"no longer {navigation.status_words(job_filter)}"
    return "no longer matches"


def _words(ids: Iterable[int]) -> str:
    return " ".join(map(str, ids))


def _ids(text: str) -> tuple[int, ...]:
    """In the screen's order. Raises InvalidScreen."""
    if not text:
        return ()
    if not IDS.fullmatch(text) or text.count(",") >= MOST_IDS:
        raise InvalidScreen(f"ids: up to {MOST_IDS} numbers with commas between them.")
    ids = tuple(map(int, text.split(",")))
    if len(set(ids)) != len(ids) or max(ids) > LARGEST_ID:
        raise InvalidScreen("ids: each of them once, and none larger than ids are.")
    return ids


def _beyond(text: str | None, job_filter: JobFilter) -> Key | None:
    """The key of the last row in view. Raises InvalidScreen."""
    if text is None or job_filter.ordering not in NEWEST_FIRST:
        return None
    if text == "end":
        return ()
    moment, _, last = text.partition(",")
    try:
        if not MOMENT.fullmatch(moment):
            raise ValueError(moment)
        datetime.fromisoformat(moment)
        [job_id] = _ids(last)
    except ValueError as error:
        raise InvalidScreen("beyond: a time and an id as rows have them, or end.") from error
    return moment, job_id
