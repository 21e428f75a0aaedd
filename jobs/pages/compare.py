"""Two jobs side by side: their fields, how long they waited and ran, and their histories since their creation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jobs.ids import LARGEST_ID
from jobs.listing.history import Totals, history_totals
from jobs.listing.steps import MAX_STEPS, Step, Steps, first_steps
from jobs.models import Job
from jobs.pages.formats import duration_text, time_attribute, time_text
from jobs.pages.parameters import page_parameters
from jobs.pages.read_only import read_only
from jobs.pages.return_link import PARAMETER, ListContext
from jobs.pages.timeline import TOTALS
from jobs.rows import JobRow
from jobs.statuses import StatusType

IDS: Final = re.compile(r"\d{1,19}(,\d{1,19})*", re.ASCII)
COMPARE_PARAMETERS: Final = frozenset({"ids", PARAMETER})
HOW: Final = "A comparison needs the IDs of two jobs, as in /compare/?ids=12,34."


class NotComparable(ValueError):
    """`ids` does not name two jobs. The text is for the user."""


@dataclass(frozen=True)
class Cell:
    """A value as text, and its moment if it is a time."""

    text: str
    moment: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the comparison: what it is, and the values of both jobs. `difference` says how they differ."""

    label: str
    cells: tuple[Cell, Cell]
    difference: str = ""


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
class Life:
    """A job from its creation until it finished, or until now."""

    job: JobRow
    history: Steps
    totals: Totals
    now: datetime

    @property
    def status(self) -> StatusType:
        return StatusType(self.job.current_status)

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.job.created_at)

    @property
    def length(self) -> timedelta:
        end = (self.totals.since or self.now) if self.status.is_finished else self.now
        return max(end - self.start, timedelta())

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
                yield Bar(
                    StatusType(step.status),
                    f"{100 * (begin / whole):.2f}",
                    f"{max(100 * ((end - begin) / whole), 0.3):.2f}",
                )

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
        return Line(label, (first, second), "" if is_unknown or first == second else words)


@read_only
def compare(request: HttpRequest) -> HttpResponse:
    """Four queries, each bounded: `/compare/?ids=12,34`."""
    parameters = page_parameters(request.GET, COMPARE_PARAMETERS)
    context = {
        "notices": parameters.notices,
        "list_context": ListContext.parse(parameters.query),
        "max_steps": MAX_STEPS,
    }
    try:
        ids = parse_ids(parameters.query.get("ids", ""))
    except NotComparable as error:
        return render(request, "jobs/compare.html", context | {"problem": str(error)}, status=400)
    jobs = Job.objects.rows(ids)
    missing = [job_id for job_id in ids if job_id not in jobs]
    if missing:
        context |= {"problem": _missing(missing), "found": list(jobs.values())}
        return render(request, "jobs/compare.html", context, status=404)
    histories = first_steps(ids)
    now = timezone.now()
    lives = (Life(jobs[one], histories[one], history_totals(one, now), now) for one in ids)
    response = render(request, "jobs/compare.html", context | {"comparison": Comparison(*lives)})
    # Back must show what has changed since.
    response["Cache-Control"] = "no-store"
    return response


def parse_ids(text: str) -> tuple[int, int]:
    """Raises NotComparable."""
    if not text:
        raise NotComparable(HOW)
    if not IDS.fullmatch(text):
        raise NotComparable(f"“ids” is not a list of numbers. {HOW}")
    ids = [int(part) for part in text.split(",")]
    if max(ids) > LARGEST_ID:
        raise NotComparable(f"An ID is larger than that of any job. {HOW}")
    if len(ids) != 2:
        raise NotComparable(f"{len(ids)} {'ID was' if len(ids) == 1 else 'IDs were'} given. {HOW}")
    if ids[0] == ids[1]:
        raise NotComparable(f"Both IDs are {ids[0]}: a job is compared with another one.")
    return ids[0], ids[1]


def _missing(ids: Sequence[int]) -> str:
    if len(ids) > 1:
        return f"Jobs {ids[0]} and {ids[1]} don’t exist. They may have been deleted."
    return f"Job {ids[0]} doesn’t exist. It may have been deleted."
