"""Requests for pages far from the start: the last through the page's link, the middle through a job's cursor."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from jobs.benchmark.app import App, Response
from jobs.benchmark.requests import Query, Request, get, job_list
from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.models import Job

CURSOR_LINK = re.compile(r'href="([^"]*[?&;]cursor=[^"]*)"')


def last_page(app: App, query: Query, first: Response) -> Request | None:
    """The last page of the JSON list; None if the first page has no link to it."""
    ahead = neighbor(first, "next")
    if ahead is None:
        return None
    page = app.send(get(reverse("pages:job_list"), query))
    links = [unescape(link) for link in CURSOR_LINK.findall(page.body.decode())]
    if not links or _cursor(links[-1]) == _cursor(ahead.path):
        return None
    return job_list(*query, ("cursor", _cursor(links[-1])))


def middle_page(query: Query, job_id: int) -> Request | None:
    """The page that starts after the job; None if the job does not exist."""
    job = Job.objects.row(job_id)
    if job is None:
        return None
    jobs = JobList(JobFilter.parse(QueryDict(urlencode(query))))
    return job_list(*query, ("cursor", jobs.cursor_after(job)))


def neighbor(response: Response, side: str) -> Request | None:
    """The request of the response's `next` or `previous` link; None if there is none, or the response is an error."""
    link = response.content[side] if response.status == 200 else None
    if link is None:
        return None
    address = urlsplit(link)
    return get(f"{address.path}?{address.query}")


def _cursor(link: str) -> str:
    return parse_qs(urlsplit(link).query)["cursor"][0]
