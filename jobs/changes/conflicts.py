"""Why the database refuses values of a job that are valid by themselves."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, OperationalError

from jobs.labels import MAX_LABELS

DEADLOCK: Final = "40P01"
TOO_MANY_LABELS: Final = f"The job would have more than {MAX_LABELS} labels. Nothing was changed. To remove a label, set it to null."


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the constraint that was violated."""
    diagnostic = getattr(error.__cause__, "diag", None)
    return diagnostic and diagnostic.constraint_name


def is_deadlock(error: OperationalError) -> bool:
    """Whether the statement was canceled so that another session can go on. Once that has ended, it can be repeated."""
    return getattr(error.__cause__, "sqlstate", None) == DEADLOCK


class KeyTaken(Exception):
    """Another job has the key; `job_id` is its id."""

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Job {job_id} has this key. Nothing was changed.")
        self.job_id = job_id


class TooManyLabels(Exception):
    """The job would have more than MAX_LABELS labels together with those that it has."""

    def __init__(self) -> None:
        super().__init__(TOO_MANY_LABELS)
