"""The status vocabulary: the only list of states, everything else derives from it."""

from django.db.models import TextChoices


class StatusType(TextChoices):
    """A state a job can be in. Any state may follow any other."""

    PENDING = "PENDING", "Pending"
    RUNNING = "RUNNING", "Running"
    COMPLETED = "COMPLETED", "Completed"
    FAILED = "FAILED", "Failed"

    @property
    def is_finished(self) -> bool:
        """Whether the job's work is over, for better or worse."""
        return self in (StatusType.COMPLETED, StatusType.FAILED)
