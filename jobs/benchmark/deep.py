"""Reaching far pages as a reader does: by the "Last" link of the page, and by `previous` and `next` from there."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from jobs.benchmark.app import Answer, App
from jobs.benchmark.requests import Query, Request, get, job_list

CURSOR_LINK = re.compile(r'href="([^"]*[?&;]cursor=[^"]*)"')
PAGES_BACK = 3


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


def deep_page(app: App, query: Query) -> Request | None:
    """The deepest page that is full and has neighbours on both sides, by the key of the row before it."""
    page = last_page(app, query, app.answer(job_list(*query)))
    for _ in range(PAGES_BACK):
        page = page and neighbour(app.answer(page), "previous")
    return page and neighbour(app.answer(page), "next")


def neighbour(answer: Answer, side: str) -> Request | None:
    """What the answer's `next` or `previous` asks for; None where there is none, or no page at all."""
    link = answer.content[side] if answer.status == 200 else None
    if link is None:
        return None
    address = urlsplit(link)
    return get(f"{address.path}?{address.query}")


def _cursor(link: str) -> str:
    return parse_qs(urlsplit(link).query)["cursor"][0]
