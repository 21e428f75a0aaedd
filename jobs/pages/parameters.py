"""A page's query parameters, and notices about those that it ignores.

The API rejects unknown parameters. A page shows what it can and lists what it ignored: its URL may come from an email
that added tracking parameters, or may have been typed from memory.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, QueryDict

from jobs.filters import PAGE_PARAMETERS, REPEATABLE, TZ
from jobs.listing.paging import PAGING
from jobs.mistakes import quoted
from jobs.timestamps import UTC_NAME, zone_name

LIST_PARAMETERS: Final = frozenset(PAGE_PARAMETERS)
JOB_PARAMETERS: Final = frozenset({"from", *PAGING})
CHART_PARAMETERS: Final = frozenset({"range", "status", "view"})
# Added to links by email campaigns, advertisements and social networks; ignored without a notice.
TRACKING: Final = re.compile(
    r"(utm|hsa|mtm|pk|vero|oly|gad)_\w+|mc_(cid|eid)|_hs\w+|\w*clk?id|[gw]braid|_ga|_gl|igsh(id)?|mkt_tok|s_cid"
)
MAX_NOTICES: Final = 5
# The time zone that the viewer's pages show, an IANA name: written by islands/src/time/search-zone.ts
ZONE_COOKIE: Final = "time-zone"


@dataclass(frozen=True)
class PageParameters:
    """The accepted parameters, and a sentence for each that was ignored or given more than once."""

    query: QueryDict
    notices: tuple[str, ...] = ()


def list_parameters(
    request: HttpRequest, known: Collection[str] = LIST_PARAMETERS
) -> PageParameters:
    """The parameters of a list. The days of a search are those of the viewer's time zone, unless the URL names one."""
    parameters = page_parameters(request.GET, known)
    if TZ not in parameters.query:
        parameters.query[TZ] = viewer_zone(request) or UTC_NAME
    return parameters


def viewer_zone(request: HttpRequest) -> str | None:
    """The time zone that the viewer's pages show; None before a script has said so."""
    return zone_name(request.COOKIES.get(ZONE_COOKIE, ""))


def page_parameters(given: QueryDict, known: Collection[str] = LIST_PARAMETERS) -> PageParameters:
    query = QueryDict(mutable=True, encoding=given.encoding)
    notices = []
    for name, values in given.lists():
        if name in known:
            if name not in REPEATABLE and len(set(values)) > 1:
                notices.append(f"{name} appears {len(values)} times; only the last value is used.")
            query.setlist(name, values if name in REPEATABLE else values[-1:])
        elif not TRACKING.fullmatch(name):
            notices.append(f"{quoted(name)} is not a parameter of this page and was ignored.")
    return PageParameters(query, tuple(_truncated(notices)))


def _truncated(notices: list[str]) -> Iterable[str]:
    yield from notices[:MAX_NOTICES]
    if len(notices) > MAX_NOTICES:
        yield f"And {len(notices) - MAX_NOTICES} more."
