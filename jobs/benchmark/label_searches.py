"""Random searches for labels and keys, alone and with everything else that a search can have."""

from collections.abc import Sequence
from random import Random
from typing import Final

from jobs.benchmark import random_searches
from jobs.benchmark.database import command, rows
from jobs.benchmark.requests import Query

SHAPE: Final = "labels"
# One of so many jobs has labels and a key.
SHARE: Final = 20
TEAMS: Final = ("fluid", "solid", "thermal")
PROJECTS: Final = 5_000
# From a label of a sixtieth of all jobs to one of a handful
ADD: Final = f"""
UPDATE job SET key = 'run-' || id, labels = ARRAY[
    'project=p' || id / {SHARE} % {PROJECTS}, 'team=' || (ARRAY{list(TEAMS)})[1 + id / {SHARE} % {len(TEAMS)}]
] WHERE id % {SHARE} = 0
"""  # noqa: S608  # constants
KEYS: Final = "SELECT key FROM job WHERE key IS NOT NULL ORDER BY id DESC LIMIT 1000"


def add() -> None:
    """Gives jobs labels and keys."""
    command(ADD)
    command("VACUUM (ANALYZE)")  # as autovacuum would eventually


def draw(number: int, seed: int) -> list[Query]:
    """Each second search has another term beside, as drawn for names; each has any statuses and ordering."""
    random = Random(seed)  # noqa: S311  # not used for security
    keys = [key for (key,) in rows(KEYS)]
    others = random_searches.draw(number, seed)
    return [_query(random, keys, other) for other in others]


def _query(random: Random, keys: Sequence[str], other: Query) -> Query:
    [(_, q), *rest] = other
    term = _term(random, keys)
    return [("q", f"{term} {q}" if random.random() < 0.5 else term), *rest]


def _term(random: Random, keys: Sequence[str]) -> str:
    team = f"label:team={random.choice(TEAMS)}"
    project = f"label:project=p{random.randrange(PROJECTS + 1)}"
    key = random.choice(keys)
    match random.randrange(8):
        case 0:
            return team
        case 1:
            return project
        case 2:
            return f"{team} {project}"
        case 3:
            return f"-{team}"
        case 4:
            return random.choice(["label:team", "-label:team", "label:none"])
        case 5:
            return f"key:{key}"
        case 6:
            return f"key:{key[: random.randint(5, len(key))]}*"
        case _:
            return f"{team} -{project}"
