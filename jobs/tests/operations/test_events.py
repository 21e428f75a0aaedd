"""Events of operations: each names the operation that made the change, and others name none."""

from typing import Any

import pytest
from pytest_django import Settings

from jobs.models import Job
from jobs.operations.changes import undo_operation
from jobs.operations.rows import OperationRow
from jobs.tests.consumer import events_after
from jobs.tests.factories import make_job
from jobs.tests.operations.conftest import create, finished

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def seven_days(settings: Settings, no_operations: None) -> None:
    settings.TRASH_DAYS = 7


def undo(operation: OperationRow) -> OperationRow:
    undone = undo_operation(operation.id)
    assert undone
    return finished(undone)


def told() -> list[tuple[str, Any]]:
    """The type of each event, and the operation that the API shows."""
    return [(event.type, event.content().get("operation_id")) for event in events_after()]


def test_each_change_by_an_operation_names_it() -> None:
    make_job("Wing")
    expected: list[tuple[str, Any]] = [("job.created", None)]
    for action, parameters, event, event_of_undo in (
        ("set_status", {"status_type": "FAILED"}, "job.status_changed", "job.status_changed"),
        ("label", {"labels": {"team": "fluid"}}, "job.updated", "job.updated"),
        ("rename", {"find": "Wing", "replace": "Fin"}, "job.renamed", "job.renamed"),
        ("delete", {}, "job.deleted", "job.created"),
    ):
        operation = finished(create(action, **parameters))
        expected += [(event, operation.id), (event_of_undo, undo(operation).id)]
    assert told() == expected


def test_a_change_after_an_operation_on_the_same_connection_names_none() -> None:
    job = make_job("Wing")
    finished(create("label", labels={"team": "fluid"}))
    Job.objects.edit(job.pk, name="Fin")
    Job.objects.remove(job.pk)
    assert told()[2:] == [("job.renamed", None), ("job.deleted", None)]
