"""The statuses of a job. Everything that lists them derives from StatusType, or is compared with it by a test."""

from dataclasses import dataclass
from typing import Self

from django.db.models import TextChoices


@dataclass(frozen=True, kw_only=True)
class Traits:
    """How a status is shown and searched for.

    `tone` names its color, the custom property `--{tone}`. `synonyms` are what people type for it in a search.
    `time_spent` labels the total time in it, and a total that is still growing; None for a status that ends a job.
    """

    tone: str
    synonyms: tuple[str, ...]
    time_spent: tuple[str, str] | None = None


class StatusType(TextChoices):
    """A job's status: value, traits and label, in lifecycle order. Every transition is allowed."""

    PENDING = (
        "PENDING",
        Traits(
            tone="pending",
            synonyms=("queued", "waiting", "new", "open"),
            time_spent=("Waited", "Waiting for"),
        ),
        "Pending",
    )
    RUNNING = (
        "RUNNING",
        Traits(
            tone="running",
            synonyms=("active", "started", "busy"),
            time_spent=("Ran", "Running for"),
        ),
        "Running",
    )
    COMPLETED = (
        "COMPLETED",
        Traits(
            tone="completed",
            synonyms=("done", "finished", "succeeded", "success", "ok"),
        ),
        "Completed",
    )
    FAILED = (
        "FAILED",
        Traits(tone="failed", synonyms=("error", "errored", "broken", "crashed")),
        "Failed",
    )

    traits: Traits

    # Each member has exactly one Traits. Variadic for the type checker: a lookup, StatusType("FAILED"), passes none.
    def __new__(cls, value: str, *traits: Traits) -> Self:
        status = str.__new__(cls, value)
        status._value_ = value
        [status.traits] = traits
        return status

    @property
    def icon(self) -> str:
        """The id of its symbol in components/sprite.html."""
        return f"status-{self.value}"

    @property
    def is_finished(self) -> bool:
        """Whether the job has ended, successfully or not."""
        return self.traits.time_spent is None
