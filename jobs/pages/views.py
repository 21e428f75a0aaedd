"""The pages and their fragments."""

from datetime import timedelta
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jobs.activity import RANGES
from jobs.activity import activity as buckets_of
from jobs.filters import JobFilter
from jobs.listing.history import history_page, history_totals
from jobs.listing.paging import InvalidFilter, Paging, QueryError
from jobs.models import Job
from jobs.pages import activity as chart
from jobs.pages import navigation
from jobs.pages.chips import chips, clear_all
from jobs.pages.htmx import ACTIVITY, JOB_HISTORY, JOB_TABLE, STATUS_TABS, render_page_or_fragment
from jobs.pages.parameters import (
    CHART_PARAMETERS,
    JOB_PARAMETERS,
    PageParameters,
    page_parameters,
)
from jobs.pages.query_errors import query_error_context
from jobs.pages.read_only import read_only
from jobs.pages.return_link import ListContext
from jobs.pages.rows import row_for_template
from jobs.pages.snippets import snippets
from jobs.pages.tables import JobTable
from jobs.pages.timeline import Timeline
from jobs.timeouts import is_statement_timeout, timeout_text


@read_only
def job_list(request: HttpRequest) -> HttpResponse:
    context, status = _list_context(request)
    context["here"] = request.get_full_path()
    name = chart.selected_range(request.COOKIES.get(chart.COOKIE))
    context["activity"] = chart.placeholder(name)
    response = render_page_or_fragment(request, "jobs/job_list.html", JOB_TABLE, context, status)
    if {"q", "search"} & request.GET.keys() and "table" in context:
        # The form submits the text as typed, and empty fields; the address bar shows the normalized query.
        query = context["job_filter"].query()
        if query != request.META["QUERY_STRING"]:
            response["HX-Replace-Url"] = f"/?{query}" if query else "/"
    return response


def _list_context(request: HttpRequest) -> tuple[dict[str, Any], int]:
    """The context of the list, or of the error shown in its place; and the response's status."""
    parameters = page_parameters(request.GET)
    notices = parameters.notices
    try:
        job_filter = JobFilter.parse(parameters.query)
        page = job_filter.page()
        if nearest := navigation.nearest_page(job_filter, page):
            job_filter, page, notice = nearest
            notices = (*notices, notice)
        counts = job_filter.counts_by_status()
    except InvalidFilter as error:
        return _error_context(parameters, error), 400
    except OperationalError as error:
        if not is_statement_timeout(error):
            raise
        return {
            "job_filter": job_filter,
            "search_text": str(job_filter.q),
            "title": navigation.heading(job_filter),
            "announcement": f"Search timed out after {timeout_text()}",
            "timeout": timeout_text(),
            "description": navigation.description(job_filter),
            "cheaper_queries": navigation.cheaper_queries(job_filter),
            "notices": notices,
        }, 503
    count = job_filter.count_for_page(page, counts)
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
        "empty_text": navigation.empty_text(job_filter),
        "relaxations": navigation.relaxations(job_filter),
        "continue_links": navigation.continue_links(job_filter, page),
        "title": navigation.heading(job_filter),
        "tab_title": navigation.tab_title(job_filter, counts),
        "announcement": navigation.shown_text(len(page.rows), count, page.scanned),
    }, 200


def _error_context(parameters: PageParameters, error: InvalidFilter) -> dict[str, Any]:
    query_errors = [one for one in error.errors if isinstance(one, QueryError)]
    context = query_error_context(parameters.query, query_errors) if query_errors else {}
    return context | {
        "filter_errors": [one for one in error.errors if one not in query_errors],
        "notices": parameters.notices,
        "title": "Jobs",
        "announcement": str(error),
    }


@read_only
def status_tabs(request: HttpRequest) -> HttpResponse:
    """The tabs alone, with fresh counts: a status change must not move the rows that the user is working on."""
    try:
        job_filter = JobFilter.parse(page_parameters(request.GET).query)
    except InvalidFilter as error:
        raise Http404 from error
    counts = job_filter.counts_by_status()
    context = {
        "tabs": navigation.status_tabs(job_filter, counts),
        "tab_title": navigation.tab_title(job_filter, counts),
        "job_filter": job_filter,
    }
    return render(request, STATUS_TABS.template, context)


@read_only
def activity(request: HttpRequest) -> HttpResponse:
    """The chart of the last hour, day or week. A cookie remembers the selected range, or that the chart is hidden."""
    requested = request.GET.get("range")
    if requested is not None and requested not in chart.CHOICES:
        raise Http404
    name = chart.selected_range(requested, request.COOKIES.get(chart.COOKIE))
    shown = chart.placeholder(name)
    if name in RANGES:
        shown = chart.chart(name, buckets_of(RANGES[name], timezone.now()))
    notices = page_parameters(request.GET, CHART_PARAMETERS).notices
    context = {"activity": shown, "notices": notices}
    response = render_page_or_fragment(request, "jobs/activity.html", ACTIVITY, context)
    if requested:
        response.set_cookie(
            chart.COOKIE, requested, timedelta(days=365), httponly=True, samesite="Lax"
        )
    return response


@read_only
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    job = Job.objects.row(job_id)
    if job is None:
        raise Http404
    parameters = page_parameters(request.GET, JOB_PARAMETERS)
    try:
        page = history_page(job_id, Paging.parse(parameters.query))
    except InvalidFilter:
        # A stale cursor must not hide the job: show the newest entries.
        page = history_page(job_id, Paging())
    now = timezone.now()
    timeline = Timeline(job, history_totals(job_id, now), now)
    list_context = ListContext.parse(parameters.query)
    context = {
        "notices": parameters.notices,
        "job": row_for_template(job, list_context.job_query),
        "timeline": timeline,
        "history": timeline.entries(page.rows),
        "older": page.next,
        "newer": page.previous,
        "list_context": list_context,
        # A callable: only the whole page shows the neighbours, so the fragment does not query the list.
        "neighbours": lambda: list_context.neighbours(job),
        "snippets": snippets(request, job_id),
    }
    return render_page_or_fragment(request, "jobs/job_detail.html", JOB_HISTORY, context)
