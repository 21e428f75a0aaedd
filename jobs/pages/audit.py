"""The page of the audit: who did what. For admins; it works without scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jobs.audit.export import FORMATS
from jobs.audit.filters import ACTOR, DAY, KIND, PARAMETERS, TZ, AuditFilter, parse
from jobs.audit.kinds import Kind
from jobs.audit.rows import AuditRow, audit_page
from jobs.listing.paging import Paging
from jobs.mistakes import InvalidQuery
from jobs.names import isolated
from jobs.pages.audit_words import detail_of, who_did
from jobs.pages.formats import stored_time_text
from jobs.pages.navigation import Link, links_beside
from jobs.pages.parameters import page_parameters, viewer_zone
from jobs.pages.read_only import read_only
from jobs.timestamps import UTC_NAME

STALE: Final = "The link to this page of the audit is no longer valid. This is the first page."


@read_only
def audit(request: HttpRequest) -> HttpResponse:
    """The newest entries first, of one user, kind or day, or of all. One query, and one more for the name of a user."""
    parameters = page_parameters(request.GET, PARAMETERS)
    query, notices = parameters.query, list(parameters.notices)
    for name in (KIND, DAY):
        if not query.get(name, "given"):
            del query[name]  # as the form sends what is not chosen
    if DAY in query and TZ not in query:
        query[TZ] = viewer_zone(request) or UTC_NAME
    context: dict[str, Any] = {
        "given": {name: query.get(name, "") for name in (ACTOR, KIND, DAY)},
        "kinds": [(kind.value, kind.label) for kind in Kind],
        "notices": notices,
        "days": settings.AUDIT_DAYS,
        "is_open": settings.ACCESS == "open",
    }
    try:
        wanted = parse(query)
    except InvalidQuery as error:
        context["mistakes"] = {each.field: each.detail for each in error.errors}
        return _page(request, context, 400)
    try:
        paging = Paging.parse(query)
        page = audit_page(wanted, paging)
    except InvalidQuery:
        paging = Paging()
        page = audit_page(wanted, paging)
        notices.append(STALE)
    context |= {
        "rows": [_row(row) for row in page.rows],
        "links": [_within(wanted, link) for link in links_beside(page, paging, "Newer", "Older")],
        "exports": [
            Link(name.upper(), urlencode(wanted.query | {"format": name})) for name in FORMATS
        ],
        "is_filtered": bool(wanted.query),
        "title": _title(wanted),
    }
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "jobs/audit.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _within(wanted: AuditFilter, link: Link) -> Link:
    return replace(link, query=f"{urlencode(wanted.query)}&{link.query}".lstrip("&"))


def _title(wanted: AuditFilter) -> str:
    """`Login failed, anna, 2026-11-30`."""
    parts = [
        wanted.kind.label if wanted.kind else "",
        wanted.actor_name and isolated(wanted.actor_name),
        wanted.day,
    ]
    return ", ".join(filter(None, parts))


def _row(row: AuditRow) -> dict[str, Any]:
    return {
        "at": row.at,
        "time": stored_time_text(row.at),
        "label": Kind(row.kind).label if row.kind in list(Kind) else row.kind,
        "who": who_did(row),
        "address": row.address,
        **detail_of(row),
    }
