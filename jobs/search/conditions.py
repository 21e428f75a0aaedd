"""What the jobs of a list have in common besides their status: as SQL conditions, and as the range of an index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from unicodedata import category, combining

from jobs.names import name_key
from jobs.statuses import StatusType
from jobs.time_range import ALL_TIME, TimeRange

NAME_CONTAINS: Final = "name_key LIKE job_name_key(%s)"
# The categories of characters that the trigram index treats as parts of words, as far as Python can tell, and the
# combining classes of the marks that it does not: nuktas, viramas and accents next to a letter.
WORD_CATEGORIES: Final = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "Mn", "Mc"])
SEPARATING_MARKS: Final = frozenset([6, 7, 8, 9, *range(200, 255)])


class Condition(NamedTuple):
    """SQL, its parameters, and the column that it is about.

    `is_indexed`: whether an index supports it. `name`: the part of a name that it searches for. `more_columns`: the
    other columns of the job that it needs. `cost`: how many other conditions take as long to check for a job.
    `estimated`: what the planner is asked for instead, with the same parameters.
    """

    sql: str
    params: list[Any]
    column: str
    is_indexed: bool = True
    name: str = ""
    more_columns: tuple[str, ...] = ()
    cost: int = 1
    estimated: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return self.column, *self.more_columns


@dataclass(frozen=True)
class Criteria:
    """A job's name contains all of `names`, its id is one of `ids`, both times are within their ranges, and `others`
    are met too. No job with another status than `possible` meets them.
    """

    names: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    created: TimeRange = ALL_TIME
    updated: TimeRange = ALL_TIME
    others: tuple[Condition, ...] = ()
    possible: tuple[StatusType, ...] = tuple(StatusType)

    @property
    def is_empty(self) -> bool:
        return self == Criteria()

    @property
    def conditions(self) -> list[Condition]:
        return [
            *([Condition("id = ANY(%s)", [list(self.ids)], "id")] if self.ids else []),
            *map(name_contains, self.names),
            *_within("created_at", self.created),
            *_within("updated_at", self.updated),
            *self.others,
        ]

    def without(self, conditions: Sequence[Condition]) -> Criteria:
        """The criteria of jobs that meet these, but not all of the conditions."""
        sql, params = conjunction(conditions)
        columns = [column for condition in conditions for column in condition.columns] or ["id"]
        excluded = Condition(
            f"NOT ({sql})",
            params,
            columns[0],
            is_indexed=False,
            more_columns=tuple(columns[1:]),
            cost=sum(condition.cost for condition in conditions),
        )
        return replace(self, others=(*self.others, excluded))

    @property
    def cost(self) -> int:
        """How many times as long as for a plain condition it takes to check a job."""
        return max(1, sum(condition.cost for condition in self.others if condition.cost > 1))

    @property
    def is_unsatisfiable(self) -> bool:
        return (
            not self.possible
            or self.range_for("created_at").is_empty
            or self.range_for("updated_at").is_empty
        )

    def range_for(self, column: str) -> TimeRange:
        """The range of the column that contains all matches.

        No job is updated before it is created, so a bound on one time also bounds the other on that side.
        """
        if column == "created_at":
            return self.created.intersect(TimeRange(end=self.updated.end))
        if column == "updated_at":
            return self.updated.intersect(TimeRange(start=self.created.start))
        return ALL_TIME

    def other_conditions(self, column: str) -> list[Condition]:
        """The conditions that `range_for` does not cover."""
        return [each for each in self.conditions if each.column != column or each in self.others]


def conjunction(conditions: Collection[Condition]) -> tuple[str, list[Any]]:
    """One SQL condition and its parameters."""
    sql = " AND ".join(condition.sql for condition in conditions)
    return sql or "TRUE", [value for condition in conditions for value in condition.params]


def columns_of(conditions: Collection[Condition]) -> set[str]:
    """The columns of the job that they need."""
    return {column for condition in conditions for column in condition.columns}


def status_in(statuses: Collection[StatusType] | None) -> list[Condition]:
    """No condition for None (any status): it would always be true, and cost a third of the time."""
    if statuses is None:
        return []
    values = [status.value for status in statuses]
    return [Condition("current_status = ANY(%s)", [values], "current_status")]


def has_trigram(name: str) -> bool:
    """Whether the name has three letters or digits in a row: the trigram index cannot look up any other."""
    return "www" in "".join("w" if _is_in_word(character) else " " for character in name_key(name))


def _is_in_word(character: str) -> bool:
    return category(character) in WORD_CATEGORIES and combining(character) not in SEPARATING_MARKS


def name_contains(name: str) -> Condition:
    escaped = name.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return Condition(NAME_CONTAINS, [f"%{escaped}%"], "name_key", has_trigram(name), name)


def name_contains_any(names: Sequence[str]) -> Condition:
    return any_of(map(name_contains, names))


def any_of(alternatives: Iterable[Condition]) -> Condition:
    """Conditions on the same column, at least one of which is met. An index supports it if it supports each of them: what
    they find is united.
    """
    parts = list(alternatives)
    return Condition(
        f"({' OR '.join(part.sql for part in parts)})",
        [value for part in parts for value in part.params],
        parts[0].column,
        all(part.is_indexed for part in parts),
        cost=max(1, sum(part.cost for part in parts if part.cost > 1)),
        estimated=f"({' OR '.join(part.estimated or part.sql for part in parts)})",
    )


def _within(column: str, time_range: TimeRange) -> list[Condition]:
    """One condition for both ends: the planner estimates them as one range."""
    if time_range == ALL_TIME:
        return []
    ends = [(">=", time_range.start), ("<", time_range.end)]
    parts = [(f"{column} {sign} %s", end) for sign, end in ends if end is not None]
    return [Condition(" AND ".join(sql for sql, _ in parts), [end for _, end in parts], column)]
