"""`manage.py check_counts`: hold the counters against the jobs themselves."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from jobs.statuses import StatusType

# One statement is one snapshot: a change is in both numbers or in neither, however busy the database is.
COMPARE: Final = """
    SELECT status, coalesce(counter.n, 0) AS counted, coalesce(truth.n, 0) AS truth
    FROM job_counts AS counter
    FULL JOIN (SELECT current_status AS status, count(*) AS n FROM job GROUP BY 1) AS truth
    USING (status)
"""
# What is missing is appended and nothing is set, so it stays exact while others append their changes.
REPAIR: Final = f"""
    WITH compared AS MATERIALIZED ({COMPARE}), appended AS (
        INSERT INTO job_count SELECT status, truth - counted FROM compared WHERE counted <> truth
    )
    SELECT status, counted, truth FROM compared
"""  # noqa: S608  # constants
# Two repairs at once would both append what both found missing. The second takes its snapshot after the first.
REPAIR_ALONE: Final = """
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SELECT pg_advisory_xact_lock(7001002)
"""


class Counter(NamedTuple):
    """A status as it is counted, beside the jobs that are really in it."""

    status: str
    counted: int
    truth: int

    @property
    def difference(self) -> int:
        return self.counted - self.truth


class Command(BaseCommand):
    help = "Compare the counters with the jobs; fail when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="correct what differs, also while others write"
        )

    def handle(self, *, repair: bool, **options: Any) -> None:
        counters = _repaired() if repair else _compared()
        wrong = [counter for counter in counters if counter.difference]
        self.stdout.write(_table(counters))
        if not wrong:
            self.stdout.write("The counters are exact.")
            return
        number = "1 counter" if len(wrong) == 1 else f"{len(wrong)} counters"
        if not repair:
            raise CommandError(
                f"{number} {'is' if len(wrong) == 1 else 'are'} wrong;"
                f" check_counts --repair corrects {'it' if len(wrong) == 1 else 'them'}."
            )
        changes = ", ".join(
            f"{status} from {counted:,} to {truth:,}" for status, counted, truth in wrong
        )
        self.stdout.write(f"Repaired {number}: {changes}.")


def _compared() -> list[Counter]:
    with connection.cursor() as cursor:
        cursor.execute(COMPARE)
        return _in_order(cursor.fetchall())


def _repaired() -> list[Counter]:
    """As they were before what is missing was appended."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPAIR_ALONE)
        cursor.execute(REPAIR)
        return _in_order(cursor.fetchall())


def _in_order(rows: list[tuple[str, int, int]]) -> list[Counter]:
    """Every status, and whatever else has been counted."""
    found = {status: Counter(status, counted, truth) for status, counted, truth in rows}
    statuses = dict.fromkeys([*StatusType.values, *sorted(found)])
    return [found.get(status, Counter(status, 0, 0)) for status in statuses]


def _table(counters: list[Counter]) -> str:
    lines = [("status", "counted", "true", "difference")] + [
        (status, f"{counted:,}", f"{truth:,}", f"{counted - truth:+,}" if counted != truth else "0")
        for status, counted, truth in counters
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in lines
    )
