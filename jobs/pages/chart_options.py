"""What the chart shows: its range, its view and its statuses, from a URL, or from cookies and the list below it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Self

from django.http import Http404, QueryDict

from jobs.activity import RANGES
from jobs.statuses import StatusType

# Written by islands/src/page/activity.ts.
RANGE_COOKIE: Final = "activity"
VIEW_COOKIE: Final = "activity_view"
# One line, or opened, in the list; opened, on a page of its own.
LINE, CHART, PAGE = "line", "chart", "page"
VIEWS: Final = (LINE, CHART, PAGE)
CHOICES: Final = {"hour": "Hour", "day": "Day", "week": "Week"}
PERIODS: Final = {"hour": "last hour", "day": "last day", "week": "last 7 days"}


@dataclass(frozen=True)
class ChartOptions:
    """What to show. `statuses` are those of the list's tabs; empty means all."""

    range: str = "hour"
    view: str = LINE
    statuses: tuple[StatusType, ...] = ()

    @classmethod
    def of_list(
        cls, cookies: Mapping[str, str], statuses: tuple[StatusType, ...] | None = None
    ) -> Self:
        """The chart above a list. Cookies with unknown values are ignored."""
        view = CHART if cookies.get(VIEW_COOKIE) == CHART else LINE
        return cls(_remembered_range(cookies), view, _selected(statuses or ()))

    @classmethod
    def parse(cls, query: QueryDict, cookies: Mapping[str, str]) -> Self:
        """The chart of a URL; without a range, that of the cookie. Raises Http404 for unknown values."""
        range_ = query.get("range", _remembered_range(cookies))
        view = query.get("view", PAGE)
        statuses = query.getlist("status")
        if range_ not in RANGES or view not in VIEWS or not {*statuses} <= {*StatusType.values}:
            raise Http404
        return cls(range_, view, _selected(statuses))

    def url(self, **changes: str) -> str:
        """The URL of this chart, with changes. `view=""` is the page of its own, as a link to share."""
        values = {"range": self.range, "view": self.view, **changes}
        pairs = [f"{name}={value}" for name, value in values.items() if value]
        return "/activity/?" + "&".join([*pairs, *(f"status={s.value}" for s in self.statuses)])

    @property
    def shown(self) -> tuple[StatusType, ...]:
        return self.statuses or tuple(StatusType)

    @property
    def scope(self) -> str:
        """`to Failed`; empty if all statuses are shown."""
        labels = " or ".join(status.label for status in self.statuses)
        return f"to {labels}" if labels else ""

    @property
    def words(self) -> str:
        """`in the last hour`, `to Failed in the last hour`."""
        return f"{self.scope} in the {PERIODS[self.range]}".strip()


def _selected(statuses: Collection[str]) -> tuple[StatusType, ...]:
    """In the order of StatusType, so that a chart has one URL; none if all are selected."""
    selected = tuple(status for status in StatusType if status.value in statuses)
    return selected if len(selected) < len(StatusType) else ()


def _remembered_range(cookies: Mapping[str, str]) -> str:
    remembered = cookies.get(RANGE_COOKIE, "")
    return remembered if remembered in RANGES else "hour"
