"""What the planner expects a search to find, and by which of its conditions an index is asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from jobs.criteria import Condition, Criteria, one_of, part_of_name
from jobs.estimates import estimates
from jobs.lookups import Lookup, cheapest, pieces_of, shorter, trigrams_of
from jobs.statuses import StatusType

Apart = tuple[list[Condition], list[Condition]]
"""What is looked up in indexes, and what is only looked at in the rows that these find."""


@dataclass(frozen=True)
class Prospects:
    """Of the criteria and of the statuses, all where there are none. Asking the planner takes one query, when needed."""

    criteria: Criteria
    statuses: tuple[StatusType, ...]

    @cached_property
    def conditions(self) -> list[Condition]:
        return [*self.criteria.conditions, *one_of(self.statuses)]

    @property
    def estimate(self) -> float:
        """No more jobs than about this match, whatever their status; unknown where no index helps."""
        return min(self._numbers[: len(self.criteria.conditions)])

    @property
    def narrowest(self) -> tuple[Condition, float]:
        return min(zip(self.conditions, self._numbers, strict=True), key=itemgetter(1))

    @property
    def narrowest_of_all(self) -> Condition:
        """Whatever the status."""
        return self.criteria.conditions[self._numbers.index(self.estimate)]

    @property
    def narrower_time(self) -> str:
        """The column of the narrower of the times that are asked for."""
        sizes = {
            condition.column: estimate
            for condition, estimate in zip(self.criteria.conditions, self._numbers, strict=False)
            if condition.column in {"created_at", "updated_at"}
        }
        return min(sizes, key=sizes.__getitem__, default="created_at")

    @cached_property
    def names(self) -> list[Condition]:
        """The parts of the name that the trigram index can look up."""
        return [part for part in self.criteria.conditions if part.name and part.is_indexed]

    def apart(self, conditions: list[Condition], narrowest: Condition) -> Apart:
        """Ranges of B-trees may be looked up together. Of a phrase only a piece is: the whole of it is looked at."""
        looked_up = [narrowest]
        if narrowest.column != "name_key":
            looked_up = [condition for condition in conditions if condition.column != "name_key"]
        found = [self._lookup(condition) for condition in looked_up]
        return found, _others(conditions, found)

    def met(self) -> Apart:
        """All parts of the name at once, by a trigram of each where hardly another name has it. One query."""
        lookups = [self._lookups[part.name] for part in self.names]
        trigrams = [trigram for lookup in lookups for trigram in trigrams_of(lookup)]
        numbers = dict(zip(trigrams, estimates(list(map(part_of_name, trigrams))), strict=True))
        found = [shorter(lookup, numbers) for lookup in lookups]
        return found, _others(self.criteria.conditions, found)

    def _lookup(self, condition: Condition) -> Condition:
        return self._lookups[condition.name].condition if condition in self.names else condition

    @property
    def _numbers(self) -> list[float]:
        """As the conditions."""
        return self._asked[0]

    @property
    def _lookups(self) -> dict[str, Lookup]:
        """By the part of a name."""
        return self._asked[1]

    @cached_property
    def _asked(self) -> tuple[list[float], dict[str, Lookup]]:
        pieces = {part.name: pieces_of(part.name) for part in self.names}
        asked = [*self.conditions, *(part_of_name(p) for some in pieces.values() for p in some)]
        numbers = estimates(asked)
        known = {c.name: number for c, number in zip(asked, numbers, strict=True) if c.name}
        lookups = {
            name: cheapest({piece: known[piece] for piece in [name, *some]})
            for name, some in pieces.items()
        }
        return numbers[: len(self.conditions)], lookups


def _others(conditions: list[Condition], found: list[Condition]) -> list[Condition]:
    return [condition for condition in conditions if condition not in found]
