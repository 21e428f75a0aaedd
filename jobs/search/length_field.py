"""A field of the search language with a length of time as its value: `duration:`, `waited:`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils import timezone

from jobs.listing.durations import effective_entries_sql
from jobs.search import limits
from jobs.search.conditions import Condition, Criteria
from jobs.search.field import Field, InvalidValue
from jobs.search.lengths import InvalidLength, LengthFilter, parse_length_filter
from jobs.statuses import StatusType
from jobs.time_range import TimeRange

CLOCK_DIFFERENCE: Final = timedelta(minutes=1)
"""The clocks of the application and of the database differ by less."""
NOW: Final = "%s::timestamptz"
EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchLengthField(Field[LengthFilter]):
    """A length of time from the job's history: an SQL expression of jobs.listing.durations, and how many entries it needs.

    It grows while a job has the status `ongoing`, and exists only for jobs that have one of the statuses `possible`.
    Excluding a value also finds the jobs without one.
    """

    expects: str = "a comparison with a duration (>1h, <=90s, <1h30m) or a range (10m..2h)"
    noun: str = "duration"
    length_sql: Callable[[str], str]
    entries: int
    ongoing: StatusType
    possible: tuple[StatusType, ...]

    def read(self, text: str) -> LengthFilter:
        try:
            return parse_length_filter(text)
        except InvalidLength as error:
            raise InvalidValue(
                "unknown_duration",
                error.problem,
                part=error.part,
                remedy=f"Use {self.expects}. Units: ms s m h d w.",
                suggestions=error.suggestions,
            ) from error

    def narrow(self, criteria: Criteria, value: LengthFilter, now: datetime) -> Criteria:
        """A job is at least as old as any time in its history is long."""
        narrowed = replace(
            criteria,
            others=(*criteria.others, self._condition(value, now)),
            possible=tuple(status for status in criteria.possible if status in self.possible),
        )
        if value.least is None:
            return narrowed
        # Not only until `now`, which may be that of an earlier page: jobs have finished since then.
        latest = max(now, timezone.now()) + CLOCK_DIFFERENCE
        created = criteria.created.intersect(TimeRange(end=_before(latest, value.least)))
        return replace(narrowed, created=created)

    def exclude(self, criteria: Criteria, value: LengthFilter, now: datetime) -> Criteria:
        return criteria.without([self._condition(value, now)])

    def words(self, value: LengthFilter) -> str:
        return value.words

    def depends_on_now(self, value: LengthFilter) -> bool:
        return True

    def _condition(self, value: LengthFilter, now: datetime) -> Condition:
        """The history is looked up only if the job's row allows for a match. Never NULL."""
        row_sql, row_params = self._row_condition(value, now)
        length = self.length_sql(NOW)
        entries = effective_entries_sql("job.id", self.entries)
        compared = " AND ".join(f"length {sign} %s" for sign, _ in value.comparisons)
        sql = f"""({row_sql} AND coalesce((
            SELECT {compared} FROM (SELECT {length} AS length FROM {entries} AS entries) AS measured
        ), FALSE))"""
        lengths, moments = [time for _, time in value.comparisons], [now] * length.count(NOW)
        return Condition(
            sql,
            [*row_params, *lengths, *moments],
            "id",
            is_indexed=False,
            more_columns=("current_status", "created_at", "updated_at"),
            cost=limits.HISTORY_COST,
        )

    def _row_condition(
        self, value: LengthFilter, now: datetime
    ) -> tuple[str, list[datetime | timedelta]]:
        """A length that has ended lies between the job's creation and its last change; one that grows began no later than
        the last change.
        """
        parts: list[str] = []
        params: list[datetime | timedelta] = []
        if self.possible != tuple(StatusType):
            statuses = ", ".join(f"'{status}'" for status in self.possible)
            parts.append(f"current_status IN ({statuses})")
        is_ongoing = f"current_status = '{self.ongoing}'"
        if value.least is not None:
            parts.append(f"({is_ongoing} OR updated_at - created_at >= %s)")
            params.append(value.least)
        if value.most is not None:
            parts.append(f"(NOT {is_ongoing} OR updated_at >= %s)")
            params.append(_before(now, value.most))
        return " AND ".join(parts), params


def _before(moment: datetime, length: timedelta) -> datetime:
    try:
        return moment.astimezone(UTC) - length
    except OverflowError:
        return EARLIEST
