"""The response with the job list: a page of it, or an explanation in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jobs.access.viewers import viewer_of
from jobs.filters import TZ, JobFilter
from jobs.mistakes import InvalidQuery
from jobs.pages.chart import placeholder
from jobs.pages.chart_options import ChartOptions
from jobs.pages.columns import layout
from jobs.pages.htmx import JOB_TABLE, is_for_fragment, render_page_or_fragment
from jobs.pages.list_page import InvalidLink, ListPage, StaleLink, TimedOut
from jobs.pages.parameters import PageParameters, list_parameters, page_parameters, viewer_zone
from jobs.pages.saved_views import SavedViews, within_view
from jobs.pages.search_errors import InvalidSearch
from jobs.pages.search_help import search_help
from jobs.saved_views.rows import ViewRow, read_views
from jobs.statuses import StatusType
from jobs.timeouts import is_statement_timeout

Content = ListPage | InvalidSearch | InvalidLink | StaleLink | TimedOut
View = Callable[[HttpRequest], HttpResponse]
ListView = Callable[[HttpRequest, Sequence[ViewRow]], HttpResponse]


def render_list(
    request: HttpRequest, page: Content, views: Sequence[ViewRow], status: int = 200
) -> HttpResponse:
    job_filter = None if isinstance(page, InvalidSearch | InvalidLink) else page.job_filter
    context = {
        "page": page,
        "saved_views": SavedViews(views, job_filter, request.GET, request),
        "activity": placeholder(ChartOptions.of_list(request.COOKIES, _statuses(page))),
        "search_help": search_help(),
        "columns": layout(request),
        "is_zone_assumed": TZ not in request.GET and not viewer_zone(request),
    }
    return render_page_or_fragment(request, "jobs/job_list.html", JOB_TABLE, context, status)


def _statuses(page: Content) -> tuple[StatusType, ...] | None:
    """The statuses of the tabs; those of an invalid query are unknown."""
    return None if isinstance(page, InvalidSearch | InvalidLink) else page.job_filter.statuses


def explained(view: ListView) -> View:
    """Passes the saved views. Explains in place of the list what is wrong with its query string, or that it timed out."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        views = read_views(viewer_of(request))
        try:
            return view(request, views)
        except InvalidQuery as error:
            return render_list(request, _invalid(request, error, views), views, 400)
        except OperationalError as error:
            if not is_statement_timeout(error):
                raise
            job_filter, parameters = parse_list(request, views)
            page = TimedOut(job_filter, request.get_full_path(), parameters.notices)
            return render_list(request, page, views, 503)

    return wrapper


def parse_list(request: HttpRequest, views: Sequence[ViewRow]) -> tuple[JobFilter, PageParameters]:
    """The list that is asked for, within its view. Raises InvalidQuery."""
    parameters = list_parameters(request)
    job_filter, notices = within_view(JobFilter.parse(parameters.query), views)
    return job_filter, replace(parameters, notices=(*parameters.notices, *notices))


def _invalid(
    request: HttpRequest, error: InvalidQuery, views: Sequence[ViewRow]
) -> InvalidSearch | InvalidLink | StaleLink:
    parameters = page_parameters(request.GET)
    if error.search_errors:
        return InvalidSearch(parameters.query, error, parameters.notices)
    if {each.code for each in error.errors} == {"invalid_cursor"}:
        job_filter, parameters = parse_list(request, views)
        return StaleLink(job_filter, parameters.notices)
    return InvalidLink(error, parameters.notices)


def redirect_to_zone(request: HttpRequest, job_filter: JobFilter) -> HttpResponse | None:
    """A page whose days are the viewer's gets their time zone into its URL, so that it means the same days to others."""
    if TZ in request.GET or job_filter.tz is None or is_for_fragment(request):
        return None
    return redirect(f"/?{job_filter.query_string()}") if viewer_zone(request) else None


def with_normalized_url(
    request: HttpRequest, job_filter: JobFilter, response: HttpResponse
) -> HttpResponse:
    """The form submits the text as typed, and empty fields; the address bar shows the normalized query."""
    query = job_filter.query_string()
    if {"q", "search"} & request.GET.keys() and query != request.META["QUERY_STRING"]:
        response["HX-Replace-Url"] = f"/?{query}" if query else "/"
    return response
