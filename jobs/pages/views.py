"""The pages and their fragments."""

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jobs.access.viewers import viewer_of
from jobs.activity import RANGES, read_buckets
from jobs.job_list import JobList
from jobs.labels import labels_object
from jobs.log_url import log_url
from jobs.mistakes import InvalidQuery
from jobs.models import Job
from jobs.pages.chart import chart
from jobs.pages.chart_options import ChartOptions
from jobs.pages.columns import layout
from jobs.pages.htmx import ACTIVITY, JOB_HISTORY, STATUS_TABS, render_page_or_fragment
from jobs.pages.list_page import ListPage, StatusTabs
from jobs.pages.list_response import (
    explained,
    parse_list,
    redirect_to_zone,
    render_list,
    with_normalized_url,
)
from jobs.pages.parameters import (
    CHART_PARAMETERS,
    JOB_PARAMETERS,
    page_parameters,
)
from jobs.pages.read_only import read_only
from jobs.pages.saved_views import redirect_to_search
from jobs.pages.snippets import snippets
from jobs.pages.story import story
from jobs.pages.trash import trashed_page
from jobs.saved_views.rows import ViewRow, read_views


@read_only
@explained
def job_list(request: HttpRequest, views: Sequence[ViewRow]) -> HttpResponse:
    if response := redirect_to_search(request, views):
        return response
    job_filter, parameters = parse_list(request, views)
    if response := redirect_to_zone(request, job_filter):
        return response
    jobs = JobList(job_filter)
    page = ListPage.read(jobs, request.get_full_path(), parameters.notices, layout(request))
    return with_normalized_url(request, page.job_filter, render_list(request, page, views))


@read_only
def status_tabs(request: HttpRequest) -> HttpResponse:
    """The tabs alone, with fresh counts: a status change must not move the rows that the user is working on."""
    try:
        job_filter, _ = parse_list(request, read_views(viewer_of(request)))
    except InvalidQuery as error:
        raise Http404 from error
    jobs = JobList(job_filter)
    page = StatusTabs(jobs.job_filter, jobs.counts_by_status())
    return render(request, STATUS_TABS.template, {"page": page})


@read_only
def activity(request: HttpRequest) -> HttpResponse:
    """The chart of the last hour, day or week: above the list, or on a page of its own."""
    parameters = page_parameters(request.GET, CHART_PARAMETERS)
    options = ChartOptions.parse(parameters.query, request.COOKIES)
    buckets = read_buckets(RANGES[options.range], timezone.now())
    context = {"activity": chart(options, buckets), "notices": parameters.notices}
    return render_page_or_fragment(request, "jobs/activity.html", ACTIVITY, context)


@read_only
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    job = Job.objects.row(job_id)
    if job is None:
        if response := trashed_page(request, job_id):
            return response
        raise Http404
    parameters = page_parameters(request.GET, JOB_PARAMETERS)
    context = story(job, parameters.query)
    list_context = context["list_context"]
    context |= {
        "notices": parameters.notices,
        # A callable: only the whole page shows the neighbors, so the fragment does not query the list.
        "neighbors": lambda: list_context.neighbors(job),
        "snippets": snippets(request, job_id),
        "log_url": log_url(settings.LOG_URL_TEMPLATE, job.id, job.key, labels_object(job.labels)),
    }
    return render_page_or_fragment(request, "jobs/job_detail.html", JOB_HISTORY, context)
