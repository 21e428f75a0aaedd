"""Retention: operations that delete the jobs that have had a status for long enough. Off, unless RETENTION says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from procrastinate.contrib.django import app

from jobs.operations.changes import Request, create_operation
from jobs.operations.preview import Preview, preview
from jobs.operations.rows import Action, OperationRow
from jobs.operations.selection import Selection
from jobs.operations.tasks import MAINTENANCE
from jobs.sources import Source
from jobs.statuses import StatusType

UNFINISHED: Final = """
SELECT EXISTS (
    SELECT FROM operation WHERE state IN ('pending', 'running') AND source = %s AND q = %s
)
"""


class Rule(NamedTuple):
    """Jobs with this status go when they have not changed for this many days."""

    status: StatusType
    days: int

    @property
    def selection(self) -> Selection:
        return Selection.stored(f"status:{self.status.lower()} updated:>{self.days}d", None, None)

    @property
    def reason(self) -> str:
        return f"Retention: {self.status.label.lower()}, and not changed for {self.days:,} days."


def rules() -> list[Rule]:
    """Those of the setting RETENTION, as `COMPLETED:90`. Raises ImproperlyConfigured."""
    return [_rule(text) for text in settings.RETENTION]


def _rule(text: str) -> Rule:
    name, _, days = text.partition(":")
    is_number = days.isascii() and days.isdigit() and 0 < int(days) <= settings.MAX_RETENTION_DAYS
    if name in StatusType.values and is_number:
        return Rule(StatusType(name), int(days))
    raise ImproperlyConfigured(
        f"RETENTION must be a list of a status and a number of days, as in COMPLETED:90,FAILED:365; {text!r} is not."
    )


def dry_run() -> Iterator[tuple[Rule, Preview]]:
    """What each rule would delete now; nothing is changed."""
    for rule in rules():
        yield rule, preview(rule.selection, Action.DELETE)


def apply() -> list[OperationRow]:
    """Begins an operation for each rule that finds jobs, unless one for the same rule has not ended yet."""
    begun = []
    for rule, found in dry_run():
        # A count that stopped early may not have come to any.
        may_find = found.total.value > 0 or found.total.relation == "at_least"
        if may_find and not _is_unfinished(rule):
            request = Request(Action.DELETE, {}, rule.reason, Source.RETENTION)
            begun.append(create_operation(request, rule.selection, everything=False))
    return begun


@app.periodic(cron="7 3 * * *")
@app.task(queue=MAINTENANCE, name="retain", queueing_lock="retain")
def retain(timestamp: int) -> None:
    apply()


def _is_unfinished(rule: Rule) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(UNFINISHED, [Source.RETENTION.value, str(rule.selection.job_filter.q)])
        [found] = cursor.fetchone() or [False]
    return bool(found)
