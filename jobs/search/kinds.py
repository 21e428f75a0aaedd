"""Fields of the search language with other values than text: statuses, ids and times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final

from jobs.ids import LARGEST_ID
from jobs.search.conditions import Criteria
from jobs.search.field import Days, Field, InvalidValue, Offer
from jobs.search.suggestions import suggest_statuses
from jobs.search.times import NAMED, InvalidTime, NamedDays, TimeFilter, parse_time_filter
from jobs.statuses import StatusType
from jobs.time_range import TimeRange

SHOWN_IDS: Final = 5


class SearchStatusField(Field[tuple[StatusType, ...]]):
    """Alternative statuses, in the order of StatusType. `SearchQuery.statuses` applies them, not Criteria."""

    takes_list: ClassVar[bool] = True

    def read(self, text: str) -> tuple[StatusType, ...]:
        words = _alternatives(text)
        invalid = [word for word in words if word.upper() not in StatusType.values]
        if not invalid:
            return self.merge(tuple(StatusType(word.upper()) for word in words), ())
        likely = {word: [status.lower() for status in suggest_statuses(word)] for word in invalid}
        choices = likely[invalid[0]] if all(likely.values()) else []
        first = {word: found[0] for word, found in likely.items() if found}
        raise InvalidValue(
            "unknown_status",
            "is not a valid status.",
            part=invalid[0],
            remedy=f"Allowed: {self.expects}.",
            suggestions=[_replaced(words, first | {invalid[0]: choice}) for choice in choices],
        )

    def narrow(self, criteria: Criteria, value: tuple[StatusType, ...], now: datetime) -> Criteria:
        return criteria

    def exclude(self, criteria: Criteria, value: tuple[StatusType, ...], now: datetime) -> Criteria:
        return criteria

    def words(self, value: tuple[StatusType, ...]) -> str:
        return " or ".join(status.label.lower() for status in value)

    def offers(self) -> Iterator[Offer]:
        for status in StatusType:
            yield Offer(status.lower(), "", status.traits.synonyms, status.value)

    def write(self, value: tuple[StatusType, ...]) -> str:
        return f"{self.name}:{','.join(status.lower() for status in value)}"

    def key(self, value: tuple[StatusType, ...]) -> None:
        """All statuses are alternatives."""

    def merge(
        self, one: tuple[StatusType, ...], other: tuple[StatusType, ...]
    ) -> tuple[StatusType, ...]:
        return tuple(status for status in StatusType if status in {*one, *other})


class SearchIdField(Field[tuple[int, ...]]):
    """Alternative ids, in ascending order."""

    takes_list: ClassVar[bool] = True

    def read(self, text: str) -> tuple[int, ...]:
        words = _alternatives(text)
        invalid = [word for word in words if not _is_id(word)]
        if not invalid:
            return self.merge(tuple(map(int, words)), ())
        # Characters around the digits, and between thousands. Not a dot: 1.0 does not mean 10.
        digits = {word: re.sub("^[^0-9]+|[^0-9]+$|[_'’]", "", word) for word in invalid}
        suggestions = [_replaced(words, digits)] if all(map(_is_id, digits.values())) else []
        problem = "is not a valid job ID."
        raise InvalidValue("unknown_id", problem, part=invalid[0], suggestions=suggestions)

    def narrow(self, criteria: Criteria, value: tuple[int, ...], now: datetime) -> Criteria:
        return replace(criteria, ids=value)

    def words(self, value: tuple[int, ...]) -> str:
        words = [str(number) for number in value]
        if len(words) > SHOWN_IDS + 1:
            words = [*words[:SHOWN_IDS], f"{len(words) - SHOWN_IDS} more"]
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

    def write(self, value: tuple[int, ...]) -> str:
        return f"{self.name}:{','.join(map(str, value))}"

    def key(self, value: tuple[int, ...]) -> None:
        """All ids are alternatives."""

    def merge(self, one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted({*one, *other}))


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchTimeField(Field[TimeFilter]):
    """A time of the job, named as the range in Criteria that it narrows."""

    expects: str = (
        "a date (2026-11-20, today, this-week), a time (2026-11-20T14:05Z), a relative time (<2h, >7d)"
        " or a range (2026-11-01..2026-11-20)"
    )
    noun: str = "time"
    values: tuple[str, ...] = (*NAMED, "<1h", "<1d", "<1w", ">1w")

    def read(self, text: str) -> TimeFilter:
        try:
            return parse_time_filter(text)
        except InvalidTime as error:
            raise InvalidValue(
                "unknown_time",
                error.problem,
                part=error.part,
                remedy=f"Use {self.expects}.",
                suggestions=[error.suggestion] if error.suggestion else [],
            ) from error

    def narrow(self, criteria: Criteria, value: TimeFilter, now: datetime) -> Criteria:
        times = getattr(criteria, self.name).intersect(value.range(now))
        return replace(criteria, **{self.name: times})

    def exclude(self, criteria: Criteria, value: TimeFilter, now: datetime) -> Criteria:
        """A range that is open at one end leaves a range."""
        start, end = value.range(now)
        if (start is None) == (end is None):
            return super().exclude(criteria, value, now)
        times = getattr(criteria, self.name).intersect(TimeRange(start=end, end=start))
        return replace(criteria, **{self.name: times})

    def offers(self) -> Iterator[Offer]:
        """The dates that a named day or week means today are shown instead of its words, which repeat its name."""
        for offer in super().offers():
            point = self.read(offer.value).first
            if isinstance(point, NamedDays):
                days = Days(point.first, point.length, point.is_week)
                offer = replace(offer, words="", days=days)
            yield offer

    def depends_on_zone(self, value: TimeFilter) -> bool:
        return value.depends_on_zone

    def depends_on_now(self, value: TimeFilter) -> bool:
        return value.depends_on_now

    def words(self, value: TimeFilter) -> str:
        return value.words


def _alternatives(text: str) -> list[str]:
    """The words of a list."""
    return [word for word in (w.strip() for w in text.split(",")) if word] or [text]


def _replaced(words: list[str], replacements: dict[str, str]) -> str:
    """The list with some of its words replaced."""
    return ",".join(dict.fromkeys(replacements.get(word, word) for word in words))


def _is_id(word: str) -> bool:
    return bool(re.fullmatch("[0-9]{1,19}", word)) and 0 < int(word) <= LARGEST_ID
