"""The statuses of a job. Everything that lists them derives from StatusType."""

from django.db.models import TextChoices


class StatusType(TextChoices):
    """A job's status. Every transition is allowed."""

    PENDING = "PENDING", "Pending"
    RUNNING = "RUNNING", "Running"
    COMPLETED = "COMPLETED", "Completed"
    FAILED = "FAILED", "Failed"

    @property
    def is_finished(self) -> bool:
        """Whether the job has ended, successfully or not."""
        return self in (StatusType.COMPLETED, StatusType.FAILED)
