"""Every filter with every ordering and every kind of search, at the start of the list and far from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from time import perf_counter
from typing import Final

from jobs.benchmark import calls
from jobs.benchmark.app import App, Response
from jobs.benchmark.deep_pages import last_page, middle_page, neighbor
from jobs.benchmark.figures import median
from jobs.benchmark.limits import Limits
from jobs.benchmark.plans import work_of
from jobs.benchmark.requests import Call, Query, Request, job_list
from jobs.statuses import StatusType

FILTERS: Final[dict[str, tuple[StatusType, ...]]] = {
    "any": (),
    "COMPLETED": (StatusType.COMPLETED,),
    "RUNNING": (StatusType.RUNNING,),
    "two": (StatusType.PENDING, StatusType.FAILED),
    "three": (StatusType.PENDING, StatusType.RUNNING, StatusType.COMPLETED),
}
FIELDS: Final = ("created_at", "updated_at", "name")
SEARCHES: Final = {
    "no search": "",
    f"a common word ({calls.COMMON})": calls.COMMON,
    f"a medium word ({calls.MEDIUM})": calls.MEDIUM,
    f"a rare number ({calls.RARE})": calls.RARE,
    f"no match ({calls.NONE})": calls.NONE,
    f"oldest jobs only ({calls.OLDEST})": calls.OLDEST,
    f"two letters, common ({calls.TWO_LETTERS})": calls.TWO_LETTERS,
    f"two letters, no match ({calls.TWO_LETTERS_NONE})": calls.TWO_LETTERS_NONE,
}
NEXT_PAGES: Final = 2
SLOW_MS: Final = 200
REPEATS_WHEN_SLOW: Final = 3


@dataclass(frozen=True)
class Pair:
    """A filter and an ordering, in the slower of both directions. Times in ms.

    `default_ms` is the first page in the default direction of the ordering: newest first, or A to Z. `deep_ms` is the
    slowest of the middle page, the last, the one before it, and those that follow the first.
    """

    search: str
    status: str
    field: str
    default_ms: float
    first_ms: float
    deep_ms: float | None
    queries: int
    indexes: frozenset[str]
    unexpected: int

    @property
    def worst_ms(self) -> float:
        return max(self.first_ms, self.deep_ms or 0)


def measure(app: App, middle: int, limits: Limits, say: Callable[[str], None]) -> list[Pair]:
    """All pairs, or as many as the time limit allows; `middle` is the id of a job far from both ends."""
    end = perf_counter() + limits.pairs_seconds
    found = []
    for search in SEARCHES:
        say(f"  {search} …")
        for status, field in product(FILTERS, FIELDS):
            if perf_counter() < end:
                found.append(_pair(app, middle, limits.pair_repeats, search, status, field))
    return found


def _pair(app: App, middle: int, repeats: int, search: str, status: str, field: str) -> Pair:
    directions = [_query(search, status, sign + field) for sign in ("", "-")]
    firsts: list[float] = []
    deeps: list[float] = []
    unexpected = queries = 0
    indexes: frozenset[str] = frozenset()
    for query in directions:
        for place, (request, warm) in enumerate(_pages(app, middle, query)):
            errors, elapsed = _timed(app, request, warm, repeats)
            (deeps if place else firsts).append(elapsed)
            unexpected += errors
            if place < 2:  # the first page and the farthest
                work = work_of(app, Call("", (request,)))
                queries, indexes = max(queries, work.queries), indexes | work.indexes
    deep = max(deeps, default=None)
    default = firsts[0 if field == "name" else 1]
    return Pair(search, status, field, default, max(firsts), deep, queries, indexes, unexpected)


def _query(search: str, status: str, ordering: str) -> Query:
    query = [("status", str(status)) for status in FILTERS[status]]
    query += [("search", SEARCHES[search])] if SEARCHES[search] else []
    return [*query, ("ordering", ordering)]


def _pages(app: App, middle: int, query: Query) -> Iterator[tuple[Request, Response]]:
    """The first page; if there are more, also the middle, the last, the one before it, and those after the first."""
    first = job_list(*query)
    response = app.send(first)
    yield first, response
    if neighbor(response, "next") and (far := middle_page(query, middle)):
        yield far, app.send(far)
    if last := last_page(app, query, response):
        yield last, (farthest := app.send(last))
        if before := neighbor(farthest, "previous"):
            yield before, app.send(before)
    for _ in range(NEXT_PAGES):
        if not (following := neighbor(response, "next")):
            break
        response = app.send(following)
        yield following, response


def _timed(app: App, request: Request, warm: Response, repeats: int) -> tuple[int, float]:
    """The number of errors and the median time of a few requests, of fewer if they are slow."""
    number = min(repeats, REPEATS_WHEN_SLOW) if warm.elapsed > SLOW_MS else repeats
    responses = [app.send(request) for _ in range(number)]
    errors = sum(response.status != request.expected for response in responses)
    return errors, median([response.elapsed for response in responses])
