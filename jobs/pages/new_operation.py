"""The page on which a new operation is looked at before it begins. It reads; the API begins it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jobs.filters import JobFilter
from jobs.mistakes import InvalidQuery
from jobs.operations.preview import preview
from jobs.operations.rows import Action
from jobs.operations.selection import Selection
from jobs.pages.formats import count_text, seconds_text
from jobs.pages.operation_words import jobs_text
from jobs.pages.parameters import list_parameters
from jobs.pages.read_only import read_only
from jobs.pages.rows import row_for_template
from jobs.statuses import StatusType

INVALID: Final = "The search is not valid, so nothing can be changed. Correct it in the list."


def selection_query(job_filter: JobFilter) -> str:
    """The parameters of the page for the jobs of a list."""
    if not job_filter.is_filtered:
        return ""
    return JobFilter(job_filter.statuses, job_filter.q, job_filter.tz).query_string()


@read_only
def new_operation(request: HttpRequest) -> HttpResponse:
    """Jobs are chosen as in the list. Three or four queries, each with a time limit."""
    parameters = list_parameters(request)
    try:
        job_filter = JobFilter.parse(parameters.query)
    except InvalidQuery:
        invalid = {"error": INVALID, "list_query": request.GET.urlencode()}
        return render(request, "jobs/new_operation.html", invalid, status=400)
    selection = Selection(replace(job_filter, cursor=None))
    found = preview(selection, Action.SET_STATUS)
    count = jobs_text(found.total)
    context = {
        "notices": parameters.notices,
        "list_query": selection_query(job_filter),
        "which": selection.words,
        "count": count,
        "total": found.total,
        "by_status": [
            (status.value, status.icon, status.label, count_text(found.total._replace(value=n)))
            for status, n in found.by_status.by_status.items()
            if n
        ],
        "sample": [row_for_template(row) for row in found.sample],
        "rest": f"{rest:,}" if (rest := found.total.value - len(found.sample)) > 0 else "",
        "takes": seconds_text(max(1, found.seconds)),
        "selection": json.dumps(_selection(job_filter)),
        "statuses": [(status.value, status.label) for status in StatusType],
        # What is to be typed before more jobs than CONFIRM_ABOVE are deleted
        "confirmation": f"{number:,}"
        if (number := found.total.value) > settings.CONFIRM_ABOVE
        else "",
    }
    response = render(request, "jobs/new_operation.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _selection(job_filter: JobFilter) -> dict[str, object]:
    """As the API takes it."""
    if not job_filter.is_filtered:
        return {"all": True}
    values: dict[str, object] = {}
    if job_filter.statuses is not None:
        values["status"] = [status.value for status in job_filter.statuses]
    if job_filter.q.terms:
        values["q"] = str(job_filter.q)
    if job_filter.tz:
        values["tz"] = job_filter.tz
    return values
