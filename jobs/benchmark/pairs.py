"""Every filter with every ordering and every kind of search, at the list's start and far from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from time import perf_counter
from typing import Final

from jobs.benchmark import calls
from jobs.benchmark.app import Answer, App
from jobs.benchmark.deep import last_page, neighbour
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
    f"only the oldest ({calls.OLDEST})": calls.OLDEST,
    f"two letters, common ({calls.TWO_LETTERS})": calls.TWO_LETTERS,
    f"two letters, no match ({calls.TWO_LETTERS_NONE})": calls.TWO_LETTERS_NONE,
}
PAGES_ON: Final = 2
SLOW_MS: Final = 200
REPEATS_WHEN_SLOW: Final = 3


@dataclass(frozen=True)
class Pair:
    """A filter and an ordering, both directions, the slower of them. Times in ms.

    `deep_ms` is the slowest of the last page, the one before it, and those that follow the first.
    """

    search: str
    status: str
    field: str
    first_ms: float
    deep_ms: float | None
    queries: int
    indexes: frozenset[str]
    unexpected: int

    @property
    def worst_ms(self) -> float:
        return max(self.first_ms, self.deep_ms or 0)


def measure(app: App, limits: Limits, say: Callable[[str], None]) -> list[Pair]:
    """All pairs, or as many as there is time for."""
    end = perf_counter() + limits.pairs_seconds
    found = []
    for search in SEARCHES:
        say(f"  {search} …")
        for status, field in product(FILTERS, FIELDS):
            if perf_counter() < end:
                found.append(_pair(app, limits.pair_repeats, search, status, field))
    return found


def _pair(app: App, repeats: int, search: str, status: str, field: str) -> Pair:
    directions = [_question(search, status, sign + field) for sign in ("", "-")]
    firsts: list[float] = []
    deeps: list[float] = []
    unexpected = queries = 0
    indexes: frozenset[str] = frozenset()
    for query in directions:
        for place, (request, warm) in enumerate(_places(app, query)):
            wrong, elapsed = _timed(app, request, warm, repeats)
            (deeps if place else firsts).append(elapsed)
            unexpected += wrong
            if place < 2:  # the first page, and the farthest
                work = work_of(app, Call("", (request,)))
                queries, indexes = max(queries, work.queries), indexes | work.indexes
    return Pair(
        search, status, field, max(firsts), max(deeps, default=None), queries, indexes, unexpected
    )


def _question(search: str, status: str, ordering: str) -> Query:
    query = [("status", str(status)) for status in FILTERS[status]]
    query += [("search", SEARCHES[search])] if SEARCHES[search] else []
    return [*query, ("ordering", ordering)]


def _places(app: App, query: Query) -> Iterator[tuple[Request, Answer]]:
    """The first page; and, where there are more, the last, the one before it, and those after the first."""
    first = job_list(*query)
    answer = app.answer(first)
    yield first, answer
    if last := last_page(app, query, answer):
        yield last, (farthest := app.answer(last))
        if before := neighbour(farthest, "previous"):
            yield before, app.answer(before)
    for _ in range(PAGES_ON):
        if not (following := neighbour(answer, "next")):
            break
        answer = app.answer(following)
        yield following, answer


def _timed(app: App, request: Request, warm: Answer, repeats: int) -> tuple[int, float]:
    """Of a few requests, fewer where one takes long: how many were not answered, and the median time."""
    number = min(repeats, REPEATS_WHEN_SLOW) if warm.elapsed > SLOW_MS else repeats
    answers = [app.answer(request) for _ in range(number)]
    wrong = sum(answer.status != request.expected for answer in answers)
    return wrong, median([answer.elapsed for answer in answers])
