"""Random searches, built from the names in the database and the grammar of searches; reproducible with a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import unquote_plus

from django.db import connection

from jobs.benchmark.app import App
from jobs.benchmark.database import some_ids
from jobs.benchmark.figures import median
from jobs.benchmark.requests import Query, job_list
from jobs.listing.reader import ORDERINGS
from jobs.statuses import StatusType

NAMES: Final = 400
REPEATS: Final = 3
SLOWEST: Final = 10


@dataclass(frozen=True)
class RandomSearch:
    """One search, page and count together. `ms` is the median elapsed time of its requests."""

    query: str
    ms: float
    rows: int
    count: str
    scanned: int | None


def draw(number: int, seed: int) -> list[Query]:
    """Searches for words, phrases, parts of words, digits, alternatives and exclusions; in any ordering, and with any
    statuses, times and durations.
    """
    random = Random(seed)  # noqa: S311  # not used for security
    names = _names()
    return [_query(random, names) for _ in range(number)]


def measure(app: App, queries: Sequence[Query], say: Callable[[str], None]) -> list[RandomSearch]:
    """Measures all searches; the slowest come first."""
    measured = []
    for place, query in enumerate(queries):
        if place % 60 == 0:
            say(f"  {place} of {len(queries)} …")
        request = job_list(*query)
        responses = [app.expect(request) for _ in range(REPEATS)]
        content = responses[0].content
        count = f"{content['count']}{'' if content['count_relation'] == 'exact' else '+'}"
        measured.append(
            RandomSearch(
                unquote_plus(request.path.partition("?")[2]),
                median([response.elapsed for response in responses]),
                len(content["results"]),
                count,
                content.get("scanned"),
            )
        )
    return sorted(measured, key=lambda each: -each.ms)


def _names() -> Sequence[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM job WHERE id = ANY(%s) ORDER BY id", [some_ids(NAMES)])
        return [name for (name,) in cursor.fetchall()]


def _query(random: Random, names: Sequence[str]) -> Query:
    terms = [_term(random, names)]
    if random.random() < 0.25:
        terms.append(_time(random))
    if random.random() < 0.15:
        terms.append(_duration(random))
    query: Query = [("q", " ".join(terms))]
    if random.random() < 0.3:
        statuses = random.sample(list(StatusType), random.randint(1, 3))
        query += [("status", status.value) for status in statuses]
    if random.random() < 0.6:
        query.append(("ordering", random.choice(list(ORDERINGS))))
    return query


def _term(random: Random, names: Sequence[str]) -> str:
    name, other = random.choice(names), random.choice(names)
    words, others = name.split(), other.split()
    match random.randrange(8):
        case 0:
            return _quoted(random.choice(words))
        case 1:
            begin = random.randrange(max(1, len(words) - 1))
            return _quoted(" ".join(words[begin : begin + 2]))
        case 2:
            return f"{_quoted(random.choice(words))} {_quoted(random.choice(others))}"
        case 3:
            begin = random.randrange(max(1, len(name) - 4))
            return _quoted(name[begin : begin + random.randint(3, 7)])
        case 4:
            return _quoted(str(random.randrange(10 ** random.randint(1, 5))))
        case 5:
            return f"{_quoted(random.choice(words))} OR {_quoted(random.choice(others))}"
        case 6:
            return f"{_quoted(random.choice(words))} -{_quoted(random.choice(others))}"
        case _:
            return _quoted(name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _time(random: Random) -> str:
    field, sign = random.choice(["created", "updated"]), random.choice("<>")
    return f"{field}:{sign}{random.randint(1, 90)}{random.choice('hd')}"


def _duration(random: Random) -> str:
    field, sign = random.choice(["duration", "waited"]), random.choice("<>")
    return f"{random.choice(['', '-'])}{field}:{sign}{random.randint(1, 90)}{random.choice('smh')}"
