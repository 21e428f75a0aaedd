"""The page on which a new operation is looked at before it begins. It reads; the API begins it.

It is for the jobs of a list, or for some of them: `ids`, which were selected in it.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jobs.filters import JobFilter
from jobs.ids import LARGEST_ID
from jobs.mistakes import InvalidQuery
from jobs.operations.preview import preview
from jobs.operations.rows import Action, worker_is_alive
from jobs.operations.selection import MAX_IDS, Selection, number_of
from jobs.pages.formats import count_text, seconds_text
from jobs.pages.operation_words import jobs_text
from jobs.pages.parameters import LIST_PARAMETERS, list_parameters
from jobs.pages.read_only import read_only
from jobs.pages.rows import row_for_template
from jobs.statuses import StatusType

INVALID: Final = "The search is not valid, so nothing can be changed. Correct it in the list."
INVALID_IDS: Final = "The link does not say which jobs: ids must be numbers, separated by commas. Select the jobs again."
# The parameter with the selected jobs
IDS: Final = "ids"


def selection_query(job_filter: JobFilter) -> str:
    """The parameters of the page for the jobs of a list."""
    if not job_filter.is_filtered:
        return ""
    return JobFilter(job_filter.statuses, job_filter.q, job_filter.tz).query_string()


@read_only
def new_operation(request: HttpRequest) -> HttpResponse:
    """Jobs are chosen as in the list. Up to five queries, each with a time limit."""
    parameters = list_parameters(request, {IDS, *LIST_PARAMETERS})
    try:
        job_filter = JobFilter.parse(parameters.query)
    except InvalidQuery:
        invalid = {"error": INVALID, "list_query": request.GET.urlencode()}
        return render(request, "jobs/new_operation.html", invalid, status=400)
    matching = Selection(replace(job_filter, cursor=None))
    ids = parse_ids(parameters.query.get(IDS))
    if ids == ():
        invalid = {"error": INVALID_IDS, "list_query": selection_query(job_filter)}
        return render(request, "jobs/new_operation.html", invalid, status=400)
    selection = matching if ids is None else Selection(ids=ids)
    found = preview(selection, Action.SET_STATUS)
    count = jobs_text(found.total)
    context = {
        "notices": parameters.notices,
        "list_query": selection_query(job_filter),
        "which": selection.words,
        "matching": matching.words if ids else "",
        "gone": gone_text(len(ids) - found.total.value) if ids else "",
        "count": count,
        "total": found.total,
        "by_status": [
            (status.value, status.icon, status.label, count_text(found.total._replace(value=n)))
            for status, n in found.by_status.by_status.items()
            if n
        ],
        "sample": [row_for_template(row) for row in found.sample],
        "rest": f"{rest:,}" if (rest := found.total.value - len(found.sample)) > 0 else "",
        "is_waiting": not worker_is_alive(),
        "takes": seconds_text(max(1, found.seconds)),
        "selection": json.dumps({IDS: ids} if ids else _selection(job_filter)),
        "statuses": [(status.value, status.label) for status in StatusType],
        # What is to be typed before more jobs than CONFIRM_ABOVE are deleted
        "confirmation": f"{number:,}"
        if (number := found.total.value) > settings.CONFIRM_ABOVE
        else "",
    }
    response = render(request, "jobs/new_operation.html", context)
    response["Cache-Control"] = "no-store"
    return response


def gone_text(number: int) -> str:
    if not number:
        return ""
    return f"{number_of(number, 'selected ')} {'was' if number == 1 else 'were'} deleted meanwhile."


def parse_ids(text: str | None) -> tuple[int, ...] | None:
    """`3,12`, each once; None without a text, and empty if it is not a list of ids."""
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) > MAX_IDS or not all(re.fullmatch("[0-9]{1,19}", part) for part in parts):
        return ()
    ids = tuple(dict.fromkeys(map(int, parts)))
    return ids if all(1 <= job_id <= LARGEST_ID for job_id in ids) else ()


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
