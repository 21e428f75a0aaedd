"""The list a job's page was opened from: the way back to it, and the jobs beside this one in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import QueryDict

from jobs.budget import is_over_budget
from jobs.filters import JobFilter
from jobs.pages.asked import asked
from jobs.pages.lengths import LONGEST_QUERY
from jobs.pages.navigation import heading
from jobs.paging import InvalidFilter
from jobs.querysets import JobRow

# The parameter of a job's address that carries the list's own query string
PARAMETER = "from"
# Beside it there may be the cursor of a history.
LONGEST_PAIR = LONGEST_QUERY - 300


@dataclass(frozen=True)
class Neighbour:
    """A job beside this one in the list; `name` is empty where there is none."""

    label: str
    rel: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Origin:
    """A list as a job's page remembers it: all jobs, newest first, where the address names no other."""

    job_filter: JobFilter

    @classmethod
    def parse(cls, query: QueryDict) -> Origin:
        """What is no list's query string is ignored: a slip in it is no reason to hide the job."""
        try:
            job_filter = JobFilter.parse(asked(QueryDict(query.get(PARAMETER, ""))).query)
        except (InvalidFilter, SuspiciousOperation):
            return cls(JobFilter())
        return cls(job_filter.with_own_cursor())

    @property
    def label(self) -> str:
        return heading(self.job_filter)

    @property
    def url(self) -> str:
        query = self.job_filter.query()
        return f"/?{query}" if query else "/"

    @property
    def pair(self) -> str:
        """`from=…` for a job's address; empty for the list that needs no mention, or does not fit."""
        for job_filter in (self.job_filter, replace(self.job_filter, cursor=None)):
            query = job_filter.query()
            pair = urlencode({PARAMETER: query}) if query else ""
            if len(pair) <= LONGEST_PAIR:
                return pair
        return ""

    @property
    def suffix(self) -> str:
        """What a job's address ends with, in this list."""
        return f"?{self.pair}" if self.pair else ""

    def neighbours(self, job: JobRow) -> list[Neighbour]:
        """The job before and the job after. Two queries or a few; both unknown where they took too long."""
        try:
            before, after = self.job_filter.neighbours(job)
        except OperationalError as error:
            if not is_over_budget(error):
                raise
            before = after = None
        return [self._neighbour("Previous", "prev", before), self._neighbour("Next", "next", after)]

    def _neighbour(self, label: str, rel: str, job: JobRow | None) -> Neighbour:
        if job is None:
            return Neighbour(label, rel)
        return Neighbour(label, rel, job.name, f"/jobs/{job.id}/{self.suffix}")
