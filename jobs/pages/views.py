"""The HTML door. It only reads: every change goes through the JSON door."""

from datetime import timedelta
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jobs.activity import RANGES
from jobs.activity import activity as buckets_of
from jobs.budget import budget_text, is_over_budget
from jobs.filters import JobFilter
from jobs.history import history_page, history_totals
from jobs.models import Job
from jobs.pages import activity as drawing
from jobs.pages import navigation
from jobs.pages.asked import OF_A_JOB, OF_THE_CHART, Asked, asked
from jobs.pages.chips import chips, clear_all
from jobs.pages.copies import copies
from jobs.pages.htmx import ACTIVITY, JOB_HISTORY, JOB_TABLE, STATUS_TABS, render_page_or_fragment
from jobs.pages.misunderstood import misunderstood
from jobs.pages.only_read import only_read
from jobs.pages.origin import Origin
from jobs.pages.rows import row_for_template
from jobs.pages.tables import JobTable
from jobs.pages.timeline import Life
from jobs.paging import InvalidFilter, Paging, QueryMistake


@only_read
def job_list(request: HttpRequest) -> HttpResponse:
    context, status = _list_context(request)
    context["here"] = request.get_full_path()
    context["activity"] = drawing.outline(drawing.chosen(request.COOKIES.get(drawing.COOKIE)))
    response = render_page_or_fragment(request, "jobs/job_list.html", JOB_TABLE, context, status)
    if {"q", "search"} & request.GET.keys() and "table" in context:
        # A form sends what is typed, empty fields too; the address shows the question.
        query = context["job_filter"].query()
        if query != request.META["QUERY_STRING"]:
            response["HX-Replace-Url"] = f"/?{query}" if query else "/"
    return response


def _list_context(request: HttpRequest) -> tuple[dict[str, Any], int]:
    """What the list shows, or why it cannot be shown; and the answer's status."""
    wish = asked(request.GET)
    notices = wish.notices
    try:
        job_filter = JobFilter.parse(wish.query)
        page = job_filter.page()
        if end := navigation.other_end(job_filter, page):
            job_filter, page, notice = end
            notices = (*notices, notice)
        counts = job_filter.counts_by_status()
    except InvalidFilter as error:
        return _mistaken(wish, error), 400
    except OperationalError as error:
        if not is_over_budget(error):
            raise
        return {
            "job_filter": job_filter,
            "search_text": str(job_filter.q),
            "title": navigation.heading(job_filter),
            "announcement": f"Stopped after {budget_text()}",
            "budget": budget_text(),
            "question": navigation.question(job_filter),
            "narrower": navigation.narrower(job_filter),
            "notices": notices,
        }, 503
    count = job_filter.count_beside(page, counts)
    return {
        "job_filter": job_filter,
        "notices": notices,
        "search_text": str(job_filter.q),
        "chips": chips(job_filter),
        "clear_all": clear_all(job_filter),
        "table": JobTable(page.rows, job_filter),
        "tabs": navigation.status_tabs(job_filter, counts),
        "pages": navigation.page_links(job_filter, page),
        "exports": navigation.exports(job_filter),
        "spreadsheets": navigation.spreadsheets(job_filter),
        "page_sizes": navigation.page_sizes(job_filter),
        "nothing": navigation.empty_text(job_filter),
        "ways_out": navigation.ways_out(job_filter),
        "search_on": navigation.search_on(job_filter, page),
        "title": navigation.heading(job_filter),
        "tab_title": navigation.tab_title(job_filter, counts),
        "announcement": navigation.shown_text(len(page.rows), count, page.looked_through),
    }, 200


def _mistaken(wish: Asked, error: InvalidFilter) -> dict[str, Any]:
    in_search = [mistake for mistake in error.mistakes if isinstance(mistake, QueryMistake)]
    context = misunderstood(wish.query, in_search) if in_search else {}
    elsewhere = [mistake for mistake in error.mistakes if mistake not in in_search]
    return context | {
        "mistakes": elsewhere,
        "notices": wish.notices,
        "title": "Jobs",
        "announcement": str(error),
    }


@only_read
def status_tabs(request: HttpRequest) -> HttpResponse:
    """The tabs alone, with fresh counts: after a status change the table stays as it is under the hand."""
    try:
        job_filter = JobFilter.parse(asked(request.GET).query)
    except InvalidFilter as error:
        raise Http404 from error
    counts = job_filter.counts_by_status()
    context = {
        "tabs": navigation.status_tabs(job_filter, counts),
        "tab_title": navigation.tab_title(job_filter, counts),
        "job_filter": job_filter,
    }
    return render(request, STATUS_TABS.template, context)


@only_read
def activity(request: HttpRequest) -> HttpResponse:
    """The picture of the last hour, day or week; which of them is remembered, as is that none is wanted."""
    wish = request.GET.get("range")
    if wish is not None and wish not in drawing.CHOICES:
        raise Http404
    name = drawing.chosen(wish, request.COOKIES.get(drawing.COOKIE))
    picture = drawing.outline(name)
    if name in RANGES:
        picture = drawing.picture(name, buckets_of(RANGES[name], timezone.now()))
    context = {"activity": picture, "notices": asked(request.GET, OF_THE_CHART).notices}
    response = render_page_or_fragment(request, "jobs/activity.html", ACTIVITY, context)
    if wish:
        response.set_cookie(
            drawing.COOKIE, wish, timedelta(days=365), httponly=True, samesite="Lax"
        )
    return response


@only_read
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    job = Job.objects.row(job_id)
    if job is None:
        raise Http404
    wish = asked(request.GET, OF_A_JOB)
    try:
        page = history_page(job_id, Paging.parse(wish.query))
    except InvalidFilter:
        # a stale link into a history is no reason to hide the job: show its newest entries
        page = history_page(job_id, Paging())
    now = timezone.now()
    life = Life(job, history_totals(job_id, now), now)
    origin = Origin.parse(wish.query)
    context = {
        "notices": wish.notices,
        "job": row_for_template(job, origin.suffix),
        "life": life,
        "history": life.entries(page.rows),
        "older": page.next,
        "newer": page.previous,
        "origin": origin,
        # called by the page alone: the fragment asks the list nothing
        "neighbours": lambda: origin.neighbours(job),
        "copies": copies(request, job_id),
    }
    return render_page_or_fragment(request, "jobs/job_detail.html", JOB_HISTORY, context)
