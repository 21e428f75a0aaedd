"""One job's status history, newest first, page by page, for both doors."""

from typing import Any

from jobs.filters import Paging
from jobs.keyset import Ordering, Page, merged
from jobs.models import JobStatus

# The id, not the time: ids are taken under the job's row lock, so their order is the order of the changes.
NEWEST_FIRST = Ordering(("id",), descending=True)


def history_page(job_id: int, paging: Paging) -> Page[Any]:
    """Rows with id, status_type, timestamp and until (None while it lasts). One query.

    Raises InvalidFilter for a cursor of another history.
    """
    history = JobStatus.objects.of_job(job_id).with_end()
    columns = ("id", "status_type", "timestamp", "until")
    rows = history.values_list(*columns, named=True)
    return paging.page_of(merged([rows]), NEWEST_FIRST, f"history {job_id}")
