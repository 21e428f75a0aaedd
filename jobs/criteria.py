"""What a job must be to belong to a list, its status apart: as conditions, and as the range of an index."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from unicodedata import category, combining

from jobs.names import name_key
from jobs.statuses import StatusType
from jobs.when import ALWAYS, Span

MATCHES: Final = "name_key LIKE job_name_key(%s)"
# The kinds of characters that the trigram index takes for parts of words, as far as Python can tell; and which marks
# are not among them: nuktas, viramas and accents beside a letter, by their combining class.
IN_WORDS: Final = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "Mn", "Mc"])
APART: Final = frozenset([6, 7, 8, 9, *range(200, 255)])


class Condition(NamedTuple):
    """SQL, its parameters, and the column it looks at. `is_indexed`: whether an index finds what it asks for.

    `name` is the part of a name that it looks for.
    """

    sql: str
    params: list[Any]
    column: str
    is_indexed: bool = True
    name: str = ""


@dataclass(frozen=True)
class Criteria:
    """All of these: every name a part of the job's, one of the ids, both times within their spans."""

    names: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    created: Span = ALWAYS
    updated: Span = ALWAYS

    @property
    def is_empty(self) -> bool:
        return self == Criteria()

    @property
    def conditions(self) -> list[Condition]:
        return [
            *([Condition("id = ANY(%s)", [list(self.ids)], "id")] if self.ids else []),
            *map(part_of_name, self.names),
            *_inside("created_at", self.created),
            *_inside("updated_at", self.updated),
        ]

    @property
    def is_impossible(self) -> bool:
        return self.along("created_at").is_empty or self.along("updated_at").is_empty

    def along(self, column: str) -> Span:
        """Where the jobs lie along the column.

        No job is updated before it is created: what bounds the one time bounds the other on that side.
        """
        if column == "created_at":
            return self.created.meet(Span(end=self.updated.end))
        if column == "updated_at":
            return self.updated.meet(Span(start=self.created.start))
        return ALWAYS

    def beside(self, column: str) -> list[Condition]:
        """The conditions that being within `along` does not fulfil."""
        return [condition for condition in self.conditions if condition.column != column]


def all_of(conditions: Collection[Condition]) -> tuple[str, list[Any]]:
    """One SQL condition and its parameters."""
    sql = " AND ".join(condition.sql for condition in conditions)
    return sql or "TRUE", [value for condition in conditions for value in condition.params]


def one_of(statuses: Collection[StatusType]) -> list[Condition]:
    """No condition where none is given: it would always hold, and be a third of the work."""
    values = [status.value for status in statuses]
    return [Condition("current_status = ANY(%s)", [values], "current_status")] if values else []


def has_trigram(name: str) -> bool:
    """Whether three letters or digits stand in a row: else the trigram index tells no name from another."""
    return "www" in "".join("w" if _is_in_word(character) else " " for character in name_key(name))


def _is_in_word(character: str) -> bool:
    return category(character) in IN_WORDS and combining(character) not in APART


def part_of_name(name: str) -> Condition:
    escaped = name.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return Condition(MATCHES, [f"%{escaped}%"], "name_key", has_trigram(name), name)


def _inside(column: str, span: Span) -> list[Condition]:
    """One condition for both ends, since the planner knows them as one range."""
    if span == ALWAYS:
        return []
    ends = [(">=", span.start), ("<", span.end)]
    parts = [(f"{column} {sign} %s", end) for sign, end in ends if end is not None]
    return [Condition(" AND ".join(sql for sql, _ in parts), [end for _, end in parts], column)]
