"""Which jobs an operation is for: a search, a list of ids, or all; less some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db import connection

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.querysets import Count, StatusCounts
from jobs.rows import JOB_ROW, JobRow
from jobs.search import parser
from jobs.search.conditions import conjunction, status_in
from jobs.search.executor import Search
from jobs.search.query import Term
from jobs.search.terms import NAME, STATUS
from jobs.statuses import StatusType
from jobs.timestamps import zone_name

MAX_IDS: Final = 10_000
SAMPLE: Final = 5


@dataclass(frozen=True)
class Selection:
    """Jobs that a filter finds, or those with `ids`; without `excluded`. Always valid.

    A filter without statuses and terms selects everything.
    """

    job_filter: JobFilter = field(default_factory=JobFilter)
    ids: tuple[int, ...] | None = None
    excluded: tuple[int, ...] = ()

    @classmethod
    def stored(
        cls,
        q: str,
        tz: str | None,
        statuses: Sequence[str] | None,
        ids: Sequence[int] | None = None,
        excluded: Sequence[int] = (),
    ) -> Selection:
        """Raises InvalidQuery for a search that is not valid any more."""
        query = parser.parse(q)
        chosen = None if statuses is None else tuple(s for s in StatusType if s.value in statuses)
        zone = zone_name(tz) if tz and query.depends_on_zone else None
        job_filter = JobFilter(statuses=chosen, q=query, tz=zone)
        return cls(job_filter, None if ids is None else tuple(ids), tuple(excluded))

    def condition(self, moment: datetime) -> tuple[str, dict[str, Any]]:
        """SQL and its parameters: whether a job is selected, if its id is. Relative times are relative to `moment`.

        A job is `job`, and its columns are in scope.
        """
        chosen = self.job_filter.selected_statuses
        statuses = status_in(None if len(chosen) == len(StatusType) else chosen)
        criteria = self.job_filter.q.criteria(moment.astimezone(self.job_filter.zone))
        found, values = Search(criteria).condition
        sql, status_values = conjunction(statuses)
        named = {f"value_{n}": value for n, value in enumerate([*status_values, *values])}
        pieces = f"{sql} AND {found}".split("%s")
        placeholders = [*(f"%({name})s" for name in named), ""]
        sql = "".join(map("".join, zip(pieces, placeholders, strict=True)))
        if self.excluded:
            sql += " AND id <> ALL (%(excluded)s::bigint[])"
            named["excluded"] = list(self.excluded)
        return f"coalesce({sql}, FALSE)", named

    def counts(self) -> StatusCounts:
        """The number of selected jobs by status: exact up to a limit, and for ids, statuses and everything."""
        if self.ids is not None:
            ids = [job_id for job_id in self.ids if job_id not in set(self.excluded)]
            return StatusCounts(_count_ids(ids, "TRUE", []))
        counts = self._selected_only(self._jobs.counts_by_status())
        if not self.excluded:
            return counts
        sql, params = self._jobs.condition or ("TRUE", [])
        excluded = _count_ids(self.excluded, sql, params)
        return replace(
            counts,
            by_status={s: max(0, n - excluded[s]) for s, n in counts.by_status.items()},
            better=None,
        )

    def count(self, counts: StatusCounts) -> Count:
        """The number of selected jobs, from `counts`."""
        return counts.total(self.job_filter.selected_statuses)

    def sample(self) -> list[JobRow]:
        """A few of the selected jobs, newest first."""
        if self.ids is None:
            size = min(SAMPLE + len(self.excluded), 200)
            rows = JobList(replace(self.job_filter, page_size=size)).page().rows
            return [row for row in rows if row.id not in set(self.excluded)][:SAMPLE]
        sql = f"""
            SELECT {JOB_ROW} FROM job WHERE id = ANY (%s) AND id <> ALL (%s::bigint[]) ORDER BY id DESC LIMIT {SAMPLE}
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(self.ids), list(self.excluded)])
            return list(map(JobRow._make, cursor.fetchall()))

    @property
    def words(self) -> str:
        """The selection in words: `status failed; name contains turbine; without 3 jobs`."""
        parts = []
        if self.ids is not None:
            parts.append(number_of(len(self.ids), "chosen "))
        else:
            if self.job_filter.statuses is not None:
                labels = [status.label.lower() for status in self.job_filter.statuses]
                parts.append(f"status {' or '.join(labels)}")
            parts += map(_words, self.job_filter.q.terms)
        if self.ids is None and not self.job_filter.is_filtered:
            parts.append("all jobs")
        if self.excluded:
            parts.append(f"without {number_of(len(self.excluded), '')}")
        return "; ".join(parts)

    @cached_property
    def _jobs(self) -> JobList:
        return JobList(self.job_filter)

    def _selected_only(self, counts: StatusCounts) -> StatusCounts:
        selected = self.job_filter.selected_statuses
        numbers = {s: n if s in selected else 0 for s, n in counts.by_status.items()}
        return replace(counts, by_status=numbers)


def number_of(number: int, kind: str) -> str:
    """`1 job`, `3 chosen jobs`."""
    return f"{number:,} {kind}job{'' if number == 1 else 's'}"


def _words(term: Term) -> str:
    if term.field.name == NAME.name:
        verb = "does not contain" if term.is_excluded else "contains"
        return f"name {verb} {term.field.words(term.value)}"
    name = "status" if term.field is STATUS else term.field.name
    return f"{name} {term.words}"


def _count_ids(ids: Sequence[int], sql: str, params: list[Any]) -> dict[StatusType, int]:
    query = f"""
        SELECT current_status, count(*) FROM job WHERE id = ANY (%s::bigint[]) AND ({sql}) GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [list(ids), *params])
        numbers = dict(cursor.fetchall())
    return {status: numbers.get(status.value, 0) for status in StatusType}
