"""Reaching far pages: the last one by the link of the page, as a reader does; the middle by the key of a job there."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from jobs.benchmark.app import Answer, App
from jobs.benchmark.requests import Query, Request, get, job_list
from jobs.filters import JobFilter
from jobs.models import Job

CURSOR_LINK = re.compile(r'href="([^"]*[?&;]cursor=[^"]*)"')


def last_page(app: App, query: Query, first: Answer) -> Request | None:
    """The last page of the JSON list; None where its first page has no link to it."""
    ahead = neighbour(first, "next")
    if ahead is None:
        return None
    page = app.answer(get(reverse("pages:job_list"), query))
    links = [unescape(link) for link in CURSOR_LINK.findall(page.body.decode())]
    if not links or _cursor(links[-1]) == _cursor(ahead.path):
        return None
    return job_list(*query, ("cursor", _cursor(links[-1])))


def middle_page(query: Query, job_id: int) -> Request | None:
    """The page that begins after a job; None where it has gone."""
    job = Job.objects.row(job_id)
    if job is None:
        return None
    question = JobFilter.parse(QueryDict(urlencode(query)))
    return job_list(*query, ("cursor", question.cursor_after(job)))


def neighbour(answer: Answer, side: str) -> Request | None:
    """What the answer's `next` or `previous` asks for; None where there is none, or no page at all."""
    link = answer.content[side] if answer.status == 200 else None
    if link is None:
        return None
    address = urlsplit(link)
    return get(f"{address.path}?{address.query}")


def _cursor(link: str) -> str:
    return parse_qs(urlsplit(link).query)["cursor"][0]
