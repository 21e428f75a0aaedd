"""What a page's address asks for, as far as the page knows it; and what it says of the rest.

The API refuses what it does not know. A page shows what it can, and names what it passed over: its address may come out
of a mail that added its own parameters, or from somebody's memory.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from jobs.filters import PARAMETERS
from jobs.grammar import UNSTORABLE
from jobs.paging import PAGING, shown

# May be there several times.
REPEATABLE: Final = frozenset({"status"})
OF_THE_LIST: Final = frozenset(PARAMETERS)
OF_A_JOB: Final = frozenset({"from", *PAGING})
OF_THE_CHART: Final = frozenset({"range"})
# What mails, advertisements and social networks add to every link; nobody who follows one has asked for it.
TRACKING: Final = re.compile(
    r"(utm|hsa|mtm|pk|vero|oly|gad)_\w+|mc_(cid|eid)|_hs\w+|\w*clk?id|[gw]braid|_ga|_gl|igsh(id)?|mkt_tok|s_cid"
)
MOST_NOTICES: Final = 5


@dataclass(frozen=True)
class Asked:
    """The parameters that count, each once; and a sentence for each other that was passed over."""

    query: QueryDict
    notices: tuple[str, ...] = ()


def asked(given: QueryDict, known: Collection[str] = OF_THE_LIST) -> Asked:
    query = QueryDict(mutable=True, encoding=given.encoding)
    notices = []
    for name, values in given.lists():
        if name in known:
            if name not in REPEATABLE and len(set(values)) > 1:
                notices.append(f"{name} was given {len(values)} times; the last value is used.")
            query.setlist(name, values if name in REPEATABLE else values[-1:])
        elif not TRACKING.fullmatch(name):
            notices.append(f"{_quoted(name)} is not a parameter of this page and was ignored.")
    return Asked(query, tuple(_few(notices)))


def _quoted(name: str) -> str:
    return shown(UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", name))


def _few(notices: list[str]) -> Iterable[str]:
    yield from notices[:MOST_NOTICES]
    if len(notices) > MOST_NOTICES:
        yield f"And {len(notices) - MOST_NOTICES} more."
