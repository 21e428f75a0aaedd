"""Operations in words."""

from __future__ import annotations

from typing import Any, Final

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


# What has happened to a job, by action
VERBS: Final = {
    Action.SET_STATUS: "changed",
    Action.LABEL: "labeled",
    Action.RENAME: "renamed",
    Action.DELETE: "deleted",
    Action.RESTORE: "restored",
}


def state_words(operation: OperationRow, is_waiting: bool = False) -> str:
    """`Running`, `Waiting for a worker`, `Completed`, `Completed, 12 failed`."""
    label = "Waiting for a worker" if is_waiting else LABELS[State(operation.state)]
    return f"{label}, {operation.failed:,} failed" if operation.failed else label


def look_of(operation: OperationRow, is_waiting: bool = False) -> StatusType | None:
    """The status whose icon and color it has: that of a failure if any job has failed."""
    state = State.PENDING if is_waiting else State(operation.state)
    if operation.failed and state == State.COMPLETED:
        return StatusType.FAILED
    return LOOKS.get(state)


def title_of(operation: OperationRow) -> str:
    """What it does: `Set to Failed`, `Rename “v1” to “v2”`, `Undo operation 12`."""
    if operation.action == Action.UNDO:
        return f"Undo operation {operation.undoes}"
    return action_title(operation.action, operation.parameters)


def action_title(action: str, values: dict[str, Any]) -> str:
    """What is done to each job: `Set to Failed`, `Delete`."""
    match action:
        case Action.SET_STATUS:
            return f"Set to {StatusType(values['status_type']).label}"
        case Action.RENAME:
            if not values["replace"]:
                return f"Remove “{values['find']}” from names"
            return f"Rename “{values['find']}” to “{values['replace']}”"
        case Action.LABEL:
            return f"Label {labels_text(values['labels'])}"
        case _:
            return action.capitalize()


def order_text(action: str, values: dict[str, Any], jobs: str) -> str:
    """What is done to so many jobs: `set 3 jobs to Failed`, `delete 3 jobs`."""
    if action == Action.SET_STATUS:
        return f"set {jobs} to {StatusType(values['status_type']).label}"
    return f"{action} {jobs}"


def tab_title(operation: OperationRow, is_waiting: bool) -> str:
    """`43% · Set to Failed #12`, `Completed · Set to Failed #12`."""
    is_moving = operation.state == State.RUNNING and not is_waiting
    state = f"{percent_of(operation)}%" if is_moving else state_words(operation, is_waiting)
    return f"{state} · {title_of(operation)} #{operation.id}"


def verb_of(operation: OperationRow) -> str:
    """`deleted`; of an undo, `restored` or `changed back`."""
    if operation.action == Action.UNDO:
        is_restoration = operation.parameters["undone"] == Action.DELETE
        return VERBS[Action.RESTORE] if is_restoration else "changed back"
    return VERBS[Action(operation.action)]


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


def progress_text(operation: OperationRow, is_waiting: bool = False) -> str:
    """How far it is: `412,000 of 600,021 jobs changed, 3 left alone, 9,800 per second, about 20 s left`.

    While it waits for a worker it has no pace.
    """
    if operation.state == State.COMPLETED and not operation.total:
        return "No job matched, so nothing was changed"
    parts = [f"{operation.done:,} of {total_text(operation)} {verb_of(operation)}"]
    if operation.skipped:
        parts.append(f"{operation.skipped:,} left alone")
    if operation.failed:
        parts.append(f"{operation.failed:,} failed")
    if is_waiting:
        return ", ".join(parts)
    if operation.state == State.RUNNING and operation.rate:
        parts.append(f"{max(1, operation.rate):,.0f} per second")
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
