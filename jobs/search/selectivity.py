"""How selective the planner expects each condition of a search to be, and which of them to look up in an index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from jobs.search.conditions import Condition, Criteria, name_contains, status_in
from jobs.search.estimates import estimates
from jobs.search.lookups import Lookup, cheapest, sample_trigrams, shortened, subphrases
from jobs.statuses import StatusType

IndexSplit = tuple[list[Condition], list[Condition]]
"""The conditions to look up in indexes, and those that filter the rows found."""


@dataclass(frozen=True)
class Selectivity:
    """The selectivity of the criteria and of the statuses; None means any status.

    One query asks the planner, the first time that an estimate is needed.
    """

    criteria: Criteria
    statuses: tuple[StatusType, ...] | None

    @cached_property
    def conditions(self) -> list[Condition]:
        return [*self.criteria.conditions, *status_in(self.statuses)]

    @property
    def estimate(self) -> float:
        """An estimated upper bound on the matches of any status; infinite if no index applies."""
        return min(self._rows[: len(self.criteria.conditions)])

    @property
    def most_selective(self) -> tuple[Condition, float]:
        """The condition, including those on statuses, with its estimate."""
        return min(zip(self.conditions, self._rows, strict=True), key=itemgetter(1))

    @property
    def most_selective_criterion(self) -> Condition:
        """The condition, excluding those on statuses."""
        return self.criteria.conditions[self._rows.index(self.estimate)]

    @property
    def most_selective_time(self) -> str:
        """The column of the more selective time range of the search; `created_at` if it has none."""
        sizes = {
            condition.column: estimate
            for condition, estimate in zip(self.criteria.conditions, self._rows, strict=False)
            if condition.column in {"created_at", "updated_at"}
        }
        return min(sizes, key=sizes.__getitem__, default="created_at")

    @cached_property
    def names(self) -> list[Condition]:
        """The conditions on the name that the trigram index supports."""
        return [part for part in self.criteria.conditions if part.name and part.is_indexed]

    def split_indexed(self, conditions: list[Condition], most_selective: Condition) -> IndexSplit:
        """Splits the conditions: ranges of B-trees are looked up together, a name alone.

        If only a part of a phrase is looked up, the whole phrase is a filter.
        """
        looked_up = [most_selective]
        if most_selective.column != "name_key":
            looked_up = [condition for condition in conditions if condition.column != "name_key"]
        indexed = [self._lookup(condition) for condition in looked_up]
        return indexed, _without(conditions, indexed)

    def intersect_names(self) -> IndexSplit:
        """Looks up all parts of the name together, each by a single trigram if hardly more names have it.

        One query.
        """
        lookups = [self._lookups[part.name] for part in self.names]
        trigrams = [trigram for lookup in lookups for trigram in sample_trigrams(lookup)]
        rows = dict(zip(trigrams, estimates(list(map(name_contains, trigrams))), strict=True))
        indexed = [shortened(lookup, rows) for lookup in lookups]
        return indexed, _without(self.criteria.conditions, indexed)

    def _lookup(self, condition: Condition) -> Condition:
        return self._lookups[condition.name].condition if condition in self.names else condition

    @property
    def _rows(self) -> list[float]:
        """The estimates, in the order of `conditions`."""
        return self._estimated[0]

    @property
    def _lookups(self) -> dict[str, Lookup]:
        """By the part of the name that is searched for."""
        return self._estimated[1]

    @cached_property
    def _estimated(self) -> tuple[list[float], dict[str, Lookup]]:
        candidates = {part.name: subphrases(part.name) for part in self.names}
        conditions = [
            *self.conditions,
            *(name_contains(text) for texts in candidates.values() for text in texts),
        ]
        rows = estimates(conditions)
        by_name = {c.name: number for c, number in zip(conditions, rows, strict=True) if c.name}
        lookups = {
            name: cheapest({text: by_name[text] for text in [name, *texts]})
            for name, texts in candidates.items()
        }
        return rows[: len(self.conditions)], lookups


def _without(conditions: list[Condition], indexed: list[Condition]) -> list[Condition]:
    return [condition for condition in conditions if condition not in indexed]
