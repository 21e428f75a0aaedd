"""`manage.py check_counts`: compare the counters with the jobs."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from jobs.advisory_locks import REPAIR_COUNTS
from jobs.statuses import StatusType

# One statement, so one snapshot: a concurrent change is in both numbers or in neither.
COMPARE: Final = """
    SELECT status, coalesce(counter.n, 0) AS counted, coalesce(actual.n, 0) AS actual
    FROM job_counts AS counter
    FULL JOIN (SELECT current_status AS status, count(*) AS n FROM job GROUP BY 1) AS actual
    USING (status)
"""
# Appends the differences as delta rows, so the result is exact while other sessions append their changes.
REPAIR: Final = f"""
    WITH compared AS MATERIALIZED ({COMPARE}), appended AS (
        INSERT INTO job_count SELECT status, actual - counted FROM compared WHERE counted <> actual
    )
    SELECT status, counted, actual FROM compared
"""  # noqa: S608  # constants
# Two concurrent repairs would both append the same differences. This way the second has a later snapshot.
SERIALIZE_REPAIRS: Final = f"""
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SELECT pg_advisory_xact_lock({REPAIR_COUNTS})
"""


class Counter(NamedTuple):
    """A status with its counter and the actual number of jobs in it."""

    status: str
    counted: int
    actual: int

    @property
    def difference(self) -> int:
        return self.counted - self.actual


class Command(BaseCommand):
    help = "Compare the counters with the jobs; fail if they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="correct the counters; safe during writes"
        )

    def handle(self, *, repair: bool, **options: Any) -> None:
        counters = _repair() if repair else _compare()
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
            f"{status} from {counted:,} to {actual:,}" for status, counted, actual in wrong
        )
        self.stdout.write(f"Repaired {number}: {changes}.")


def _compare() -> list[Counter]:
    with connection.cursor() as cursor:
        cursor.execute(COMPARE)
        return _in_order(cursor.fetchall())


def _repair() -> list[Counter]:
    """Repairs the counters; returns them as they were before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SERIALIZE_REPAIRS)
        cursor.execute(REPAIR)
        return _in_order(cursor.fetchall())


def _in_order(rows: list[tuple[str, int, int]]) -> list[Counter]:
    """All statuses, then any other values that have counters."""
    found = {status: Counter(status, counted, actual) for status, counted, actual in rows}
    statuses = dict.fromkeys([*StatusType.values, *sorted(found)])
    return [found.get(status, Counter(status, 0, 0)) for status in statuses]


def _table(counters: list[Counter]) -> str:
    lines = [("status", "counted", "true", "difference")] + [
        (
            status,
            f"{counted:,}",
            f"{actual:,}",
            f"{counted - actual:+,}" if counted != actual else "0",
        )
        for status, counted, actual in counters
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in lines
    )
