"""Retention: operations that delete the jobs that have had a status for long enough. Off, unless RETENTION says otherwise."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jobs.operations.changes import Request, create_operation
from jobs.operations.preview import Preview, preview
from jobs.operations.rows import Action, OperationRow
from jobs.operations.selection import Selection, number_of
from jobs.operations.tasks import MAINTENANCE
from jobs.sources import Source
from jobs.statuses import StatusType
from jobs.transfer.archive import write_archive

logger = logging.getLogger(__name__)

UNFINISHED: Final = """
SELECT EXISTS (
    SELECT FROM operation WHERE state IN ('pending', 'running') AND source = %s AND reason = %s
)
"""


class Rule(NamedTuple):
    """Jobs with this status go when they have not changed for this many days."""

    status: StatusType
    days: int

    def selection(self, now: datetime) -> Selection:
        """An absolute time: the archive and the deletion, some time later, have the same jobs."""
        limit = (now - timedelta(days=self.days)).astimezone(UTC)
        q = f"status:{self.status.lower()} updated:<{limit:%Y-%m-%dT%H:%M:%S}"
        return Selection.stored(q, None, None)

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


def dry_run() -> Iterator[tuple[Rule, Selection, Preview]]:
    """What each rule would delete now; nothing is changed."""
    for rule in rules():
        selection = rule.selection(timezone.now())
        yield rule, selection, preview(selection, Action.DELETE)


def apply() -> list[OperationRow]:
    """Begins an operation for each rule that finds jobs, unless one for the same rule has not ended yet.

    Writes them into an archive first, if there is a folder for it, and deletes nothing if that raises OSError.
    """
    begun = []
    for rule, selection, found in dry_run():
        # A count that stopped early may not have come to any.
        may_find = found.total.value > 0 or found.total.relation == "at_least"
        if may_find and not _is_unfinished(rule):
            if settings.RETENTION_ARCHIVE:
                _archive(rule, selection)
            request = Request(Action.DELETE, {}, rule.reason, Source.RETENTION)
            begun.append(create_operation(request, selection, everything=False))
    return begun


@app.periodic(cron="7 3 * * *")
@app.task(queue=MAINTENANCE, name="retain", queueing_lock="retain")
def retain(timestamp: int) -> None:
    apply()


def _archive(rule: Rule, selection: Selection) -> None:
    now = timezone.now().astimezone(UTC)
    name = f"{rule.status.lower()}-{now:%Y-%m-%dT%H%M%SZ}.ndjson.gz"
    target = Path(settings.RETENTION_ARCHIVE) / name
    number = write_archive(target, *selection.condition(now))
    logger.info("Retention: %s with %s is written.", target, number_of(number, ""))


def _is_unfinished(rule: Rule) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(UNFINISHED, [Source.RETENTION.value, rule.reason])
        [found] = cursor.fetchone() or [False]
    return bool(found)
