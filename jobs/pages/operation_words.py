"""Operations in words."""

from __future__ import annotations

from typing import Final

from jobs.operations.rows import Action, OperationRow, State
from jobs.pages.formats import count_text, seconds_text
from jobs.querysets import Count
from jobs.statuses import StatusType

LABELS: Final = {
    State.PENDING: "Waiting",
    State.RUNNING: "Running",
    State.COMPLETED: "Completed",
    State.CANCELLED: "Canceled",
    State.FAILED: "Failed",
}
# The status whose icon and color a state has; none for a canceled one.
LOOKS: Final = {
    State.PENDING: StatusType.PENDING,
    State.RUNNING: StatusType.RUNNING,
    State.COMPLETED: StatusType.COMPLETED,
    State.FAILED: StatusType.FAILED,
}


def state_words(operation: OperationRow) -> str:
    """`Running`, `Completed`, `Completed, 12 failed`."""
    label = LABELS[State(operation.state)]
    return f"{label}, {operation.failed:,} failed" if operation.failed else label


def look_of(operation: OperationRow) -> StatusType | None:
    """The status whose icon and color it has: that of a failure if any job has failed."""
    state = State(operation.state)
    if operation.failed and state == State.COMPLETED:
        return StatusType.FAILED
    return LOOKS.get(state)


def title_of(operation: OperationRow) -> str:
    """What it does: `Set to Failed`, `Rename “v1” to “v2”`, `Undo of operation 12`."""
    values = operation.parameters
    match operation.action:
        case Action.SET_STATUS:
            return f"Set to {StatusType(values['status_type']).label}"
        case Action.RENAME:
            return f"Rename “{values['find']}” to “{values['replace']}”"
        case Action.LABEL:
            return f"Label {labels_text(values['labels'])}"
        case Action.UNDO:
            return f"Undo of operation {operation.undoes}"
        case _:
            return operation.action.capitalize()


def labels_text(labels: dict[str, str | None]) -> str:
    """`team=fluid, remove owner`."""
    added = [f"{key}={value}" for key, value in labels.items() if value is not None]
    removed = [f"remove {key}" for key, value in labels.items() if value is None]
    return ", ".join(added + removed)


def total_text(operation: OperationRow) -> str:
    """`600,021 jobs`, `10,000+ jobs`."""
    return jobs_text(Count(operation.total, operation.total_relation))


def jobs_text(count: Count) -> str:
    return f"{count_text(count)} job{'' if count == Count(1) else 's'}"


def progress_text(operation: OperationRow) -> str:
    """How far it is: `412,000 of 600,021 jobs changed, 3 left alone, 9,800 per second, about 20 s left`."""
    parts = [f"{operation.done:,} of {total_text(operation)} changed"]
    if operation.skipped:
        parts.append(f"{operation.skipped:,} left alone")
    if operation.failed:
        parts.append(f"{operation.failed:,} failed")
    if operation.state == State.RUNNING and operation.rate:
        parts.append(f"{operation.rate:,.0f} per second")
    if operation.seconds_left is not None:
        parts.append(f"about {seconds_text(max(1, operation.seconds_left))} left")
    return ", ".join(parts)


def percent_of(operation: OperationRow) -> int:
    """How much of it is done, from 0 to 100."""
    if operation.state == State.COMPLETED:
        return 100
    is_counted = operation.total_relation == "exact" and operation.total > 0
    part = operation.handled / operation.total if is_counted else operation.progress
    return min(100, int(part * 100))
