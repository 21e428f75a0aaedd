"""Two jobs as compare.html shows them: lines that may differ, and their histories on a common timeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from jobs.listing.steps import Step, Steps
from jobs.pages.formats import duration_text, time_attribute, time_text
from jobs.pages.lifetime import Lifetime, place
from jobs.pages.timeline import TOTALS
from jobs.statuses import StatusType

# In percent: short steps stay visible, and fifty of them leave room for the others.
MIN_BAR_WIDTH = 0.3


@dataclass(frozen=True)
class Cell:
    """A value as text, and its moment if it is a time."""

    text: str
    moment: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the comparison: what it is, and the values of both jobs.

    `difference` says how they differ; it is None if that is unknown, as of two lower bounds.
    """

    label: str
    cells: tuple[Cell, Cell]
    difference: str | None = ""


@dataclass(frozen=True)
class Bar:
    """A status on the common timeline, in percent of the longer of both lives."""

    status: StatusType
    x: str
    width: str


@dataclass(frozen=True)
class Moment:
    """A step of a history: its status, how long after the creation it began, and how long it lasted.

    `after` is empty for the first one: it is the creation.
    """

    status: StatusType
    after: str
    lasted: str
    is_current: bool


@dataclass(frozen=True)
class Life(Lifetime):
    """What a comparison shows of one job's lifetime."""

    history: Steps

    @property
    def length(self) -> timedelta:
        return max(self.end - self.start, timedelta())

    @property
    def url(self) -> str:
        return f"/jobs/{self.job.id}/"

    def moments(self) -> Iterator[Moment]:
        for number, (status, since, until) in enumerate(self.history.steps):
            after = duration_text(since - self.start) if number else ""
            lasted = duration_text((until or self.now) - since)
            yield Moment(StatusType(status), after, lasted, until is None)

    def bars(self, whole: timedelta) -> Iterator[Bar]:
        """Without the time after the job had finished, and without what lies beyond the steps that were read."""
        if whole <= timedelta():
            return
        for step in self.history.steps:
            begin, end = self._span(step)
            if begin < self.length:
                yield Bar(StatusType(step.status), *place(begin, end, whole, MIN_BAR_WIDTH))

    def _span(self, step: Step) -> tuple[timedelta, timedelta]:
        end = self.length if step.until is None else step.until - self.start
        return max(step.since - self.start, timedelta()), min(end, self.length)

    def total(self, status: StatusType) -> timedelta | None:
        return self.totals.by_status.get(status)

    @property
    def is_lower_bound(self) -> bool:
        return self.totals.relation == "at_least"


@dataclass(frozen=True)
class Comparison:
    """What compare.html shows."""

    one: Life
    other: Life

    @property
    def lives(self) -> tuple[Life, Life]:
        return self.one, self.other

    @property
    def whole(self) -> timedelta:
        return max(self.one.length, self.other.length)

    @property
    def scale(self) -> list[str]:
        """The labels of the common axis: its beginning, its middle and its end."""
        return [
            "created",
            f"after {duration_text(self.whole / 2)}",
            f"after {duration_text(self.whole)}",
        ]

    @property
    def tracks(self) -> list[tuple[Life, list[Bar]]]:
        return [(life, list(life.bars(self.whole))) for life in self.lives]

    def lines(self) -> Iterator[Line]:
        one, other = self.one, self.other
        yield self._texts("Name", one.job.name, other.job.name)
        yield self._texts("Status", one.status.label, other.status.label)
        yield self._times("Created", one.job.created_at, other.job.created_at)
        yield self._times("Updated", one.job.updated_at, other.job.updated_at)
        for status, (label, _) in TOTALS.items():
            if one.total(status) is not None or other.total(status) is not None:
                yield self._spans(label, status)

    def steps(self) -> Iterator[tuple[Moment | None, Moment | None, bool]]:
        """The steps side by side, in order, and whether their statuses differ."""
        for pair in zip_longest(self.one.moments(), self.other.moments()):
            one, other = pair
            yield one, other, one is None or other is None or one.status != other.status

    def differing(self) -> int:
        return sum(differs for *_, differs in self.steps())

    @property
    def is_whole(self) -> bool:
        """Whether the steps are those of the whole histories."""
        return not any(life.history.has_more for life in self.lives)

    @staticmethod
    def _texts(label: str, one: str, other: str) -> Line:
        return Line(label, (Cell(one), Cell(other)), "" if one == other else "different")

    @staticmethod
    def _times(label: str, one: str, other: str) -> Line:
        moments = datetime.fromisoformat(one), datetime.fromisoformat(other)
        first, second = (Cell(time_text(m), time_attribute(m)) for m in moments)
        gap = moments[1] - moments[0]
        words = f"{duration_text(abs(gap))} {'later' if gap > timedelta() else 'earlier'}"
        return Line(label, (first, second), words if gap else "")

    def _spans(self, label: str, status: StatusType) -> Line:
        spans = [life.total(status) for life in self.lives]
        first, second = (
            Cell(
                "–" if span is None else f"{'at least ' * life.is_lower_bound}{duration_text(span)}"
            )
            for life, span in zip(self.lives, spans, strict=True)
        )
        gap = (spans[1] or timedelta()) - (spans[0] or timedelta())
        words = f"{duration_text(abs(gap))} {'longer' if gap > timedelta() else 'shorter'}"
        is_unknown = any(life.is_lower_bound for life in self.lives)
        return Line(
            label, (first, second), None if is_unknown else words if first != second else ""
        )
