"""The list that a job's page was opened from: the link back to it, and the previous and next job in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.mistakes import InvalidQuery
from jobs.pages.descriptions import heading
from jobs.pages.parameters import page_parameters
from jobs.pages.url_length import MAX_QUERY_LENGTH
from jobs.rows import JobRow
from jobs.timeouts import is_statement_timeout

# The parameter of a job's URL that holds the query string of the list
PARAMETER = "from"
# Leaves room for the cursor of the status history.
MAX_PARAMETER_LENGTH = MAX_QUERY_LENGTH - 300


@dataclass(frozen=True)
class Neighbor:
    """The previous or next job in the list; `name` and `url` are empty if there is none."""

    label: str
    rel: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class ListContext:
    """The list to return to: unless the URL says otherwise, what the dashboard shows first."""

    job_filter: JobFilter

    @classmethod
    def parse(cls, query: QueryDict) -> ListContext:
        """Ignores an invalid query string: the job is shown all the same."""
        try:
            given = QueryDict(query.get(PARAMETER, ""))
            job_filter = JobFilter.parse(page_parameters(given).query)
        except (InvalidQuery, SuspiciousOperation):
            return cls(JobFilter())
        is_foreign = JobList(job_filter).has_foreign_cursor
        return cls(replace(job_filter, cursor=None) if is_foreign else job_filter)

    @property
    def label(self) -> str:
        return heading(self.job_filter)

    @property
    def url(self) -> str:
        query = self.job_filter.query_string()
        return f"/?{query}" if query else "/"

    @property
    def parameter(self) -> str:
        """`from=…` for a job's URL; empty for the default list, and if it does not fit."""
        for job_filter in (self.job_filter, replace(self.job_filter, cursor=None)):
            query = job_filter.query_string()
            parameter = urlencode({PARAMETER: query}) if query else ""
            if len(parameter) <= MAX_PARAMETER_LENGTH:
                return parameter
        return ""

    @property
    def job_query(self) -> str:
        """The query string, with its `?`, of a job's URL in this list."""
        return f"?{self.parameter}" if self.parameter else ""

    def neighbors(self, job: JobRow) -> list[Neighbor]:
        """The previous and the next job. Two queries or a few; if they time out, both are empty."""
        try:
            before, after = JobList(self.job_filter).neighbors(job)
        except OperationalError as error:
            if not is_statement_timeout(error):
                raise
            before = after = None
        return [self._neighbor("Previous", "prev", before), self._neighbor("Next", "next", after)]

    def _neighbor(self, label: str, rel: str, job: JobRow | None) -> Neighbor:
        if job is None:
            return Neighbor(label, rel)
        return Neighbor(label, rel, job.name, f"/jobs/{job.id}/{self.job_query}")
