"""Questions that nobody has chosen: drawn from the names that there are and from the grammar, the same for a seed."""

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
from jobs.listing import ORDERINGS
from jobs.statuses import StatusType

NAMES: Final = 400
REPEATS: Final = 3
SLOWEST: Final = 10


@dataclass(frozen=True)
class Asked:
    """One question, page and count together. `ms` is the median of its turns, of the clock."""

    query: str
    ms: float
    rows: int
    count: str
    looked_through: int | None


def draw(number: int, seed: int) -> list[Query]:
    """Words, phrases, letters in the middle of words, digits, words that never met; in any order, of any status and time."""
    random = Random(seed)  # noqa: S311  # nobody gains by guessing it
    names = _names()
    return [_question(random, names) for _ in range(number)]


def measure(app: App, number: int, seed: int, say: Callable[[str], None]) -> list[Asked]:
    """All of them, the slowest first."""
    asked = []
    for place, query in enumerate(draw(number, seed)):
        if place % 60 == 0:
            say(f"  {place} of {number} …")
        request = job_list(*query)
        answers = [app.expect(request) for _ in range(REPEATS)]
        content = answers[0].content
        count = f"{content['count']}{'' if content['count_relation'] == 'exact' else '+'}"
        asked.append(
            Asked(
                unquote_plus(request.path.partition("?")[2]),
                median([answer.elapsed for answer in answers]),
                len(content["results"]),
                count,
                content.get("looked_through"),
            )
        )
    return sorted(asked, key=lambda each: -each.ms)


def _names() -> Sequence[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM job WHERE id = ANY(%s) ORDER BY id", [some_ids(NAMES)])
        return [name for (name,) in cursor.fetchall()]


def _question(random: Random, names: Sequence[str]) -> Query:
    terms = [_term(random, names)]
    if random.random() < 0.25:
        terms.append(_time(random))
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
    match random.randrange(6):
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
        case _:
            return _quoted(name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _time(random: Random) -> str:
    field, sign = random.choice(["created", "updated"]), random.choice("<>")
    return f"{field}:{sign}{random.randint(1, 90)}{random.choice('hd')}"
