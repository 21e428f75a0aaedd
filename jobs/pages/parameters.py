"""A page's query parameters, and notices about those that it ignores.

The API rejects unknown parameters. A page shows what it can and lists what it ignored: its URL may come from an email
that added tracking parameters, or may have been typed from memory.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from jobs.filters import PARAMETERS, REPEATABLE
from jobs.listing.paging import PAGING
from jobs.mistakes import quoted

LIST_PARAMETERS: Final = frozenset(PARAMETERS)
JOB_PARAMETERS: Final = frozenset({"from", *PAGING})
CHART_PARAMETERS: Final = frozenset({"range", "status", "view"})
# Added to links by email campaigns, advertisements and social networks; ignored without a notice.
TRACKING: Final = re.compile(
    r"(utm|hsa|mtm|pk|vero|oly|gad)_\w+|mc_(cid|eid)|_hs\w+|\w*clk?id|[gw]braid|_ga|_gl|igsh(id)?|mkt_tok|s_cid"
)
MAX_NOTICES: Final = 5


@dataclass(frozen=True)
class PageParameters:
    """The accepted parameters, and a sentence for each that was ignored or given more than once."""

    query: QueryDict
    notices: tuple[str, ...] = ()


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
