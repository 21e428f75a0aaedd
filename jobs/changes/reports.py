"""What the entry of a status change tells besides the status: by what and whom it was reported, why, and when it
happened."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from jobs.sources import Source


class Report(NamedTuple):
    """How a status was reported. `occurred_at` is the reporter's own time; the order of a history is that of its ids."""

    source: Source | None = None
    reason: str | None = None
    occurred_at: datetime | None = None
    actor: int | None = None
    """The id of the user."""


NO_REPORT: Final = Report()
# The columns of job_status, and the parameters of a statement, that store a report.
REPORT_COLUMNS: Final = ", ".join(Report._fields)
REPORT_VALUES: Final = ", ".join(f"%({name})s" for name in Report._fields)
