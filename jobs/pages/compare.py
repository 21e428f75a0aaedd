"""Two jobs side by side: their fields, how long they waited and ran, and their histories since their creation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jobs.ids import LARGEST_ID
from jobs.listing.history import history_totals
from jobs.listing.steps import MAX_STEPS, first_steps
from jobs.models import Job
from jobs.pages.comparison import Comparison, Life
from jobs.pages.parameters import page_parameters
from jobs.pages.read_only import read_only
from jobs.pages.return_link import PARAMETER, ListContext
from jobs.rows import JobRow

IDS: Final = re.compile(r"\d{1,19}(,\d{1,19})*", re.ASCII)
COMPARE_PARAMETERS: Final = frozenset({"ids", PARAMETER})
HOW: Final = "A comparison needs the IDs of two jobs, as in /compare/?ids=12,34."


class NotComparable(ValueError):
    """`ids` does not name two jobs. The text is for the user."""


@read_only
def compare(request: HttpRequest) -> HttpResponse:
    """Five queries, two more if anything was undone, each bounded: `/compare/?ids=12,34`."""
    parameters = page_parameters(request.GET, COMPARE_PARAMETERS)
    context = {
        "notices": parameters.notices,
        "list_context": ListContext.parse(parameters.query),
        "max_steps": MAX_STEPS,
    }
    try:
        ids = parse_ids(parameters.query.get("ids", ""))
    except NotComparable as error:
        return render(request, "jobs/compare.html", context | {"problem": str(error)}, status=400)
    jobs = Job.objects.rows(ids)
    missing = [job_id for job_id in ids if job_id not in jobs]
    if missing:
        context |= {"problem": _missing(missing), "found": list(jobs.values())}
        return render(request, "jobs/compare.html", context, status=404)
    now = timezone.now()
    lives = (_life(jobs[one], now) for one in ids)
    response = render(request, "jobs/compare.html", context | {"comparison": Comparison(*lives)})
    # Back must show what has changed since.
    response["Cache-Control"] = "no-store"
    return response


def _life(job: JobRow, now: datetime) -> Life:
    totals = history_totals(job.id, now)
    return Life(job, totals, now, first_steps(job.id, totals.spans))


def parse_ids(text: str) -> tuple[int, int]:
    """Raises NotComparable."""
    if not text:
        raise NotComparable(HOW)
    if not IDS.fullmatch(text):
        raise NotComparable(f"“ids” is not a list of numbers. {HOW}")
    ids = [int(part) for part in text.split(",")]
    if max(ids) > LARGEST_ID:
        raise NotComparable(f"An ID is larger than that of any job. {HOW}")
    if len(ids) != 2:
        raise NotComparable(f"{len(ids)} {'ID was' if len(ids) == 1 else 'IDs were'} given. {HOW}")
    if ids[0] == ids[1]:
        raise NotComparable(f"Both IDs are {ids[0]}: a job is compared with another one.")
    return ids[0], ids[1]


def _missing(ids: Sequence[int]) -> str:
    if len(ids) > 1:
        return f"Jobs {ids[0]} and {ids[1]} don’t exist. They may have been deleted."
    return f"Job {ids[0]} doesn’t exist. It may have been deleted."
