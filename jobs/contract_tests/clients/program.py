"""Uses every operation through `dashboard_client`, which openapi-python-client generated.

Prints each request with the status of its response. mypy checks the types of what it sends and reads.
"""

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
from dashboard_client import Client
from dashboard_client.api.audit import export_audit, list_audit
from dashboard_client.api.jobs import (
    change_job,
    change_jobs,
    create_job,
    create_jobs,
    create_or_get_job,
    delete_job,
    delete_jobs,
    export_jobs,
    get_counts,
    get_export_receipt,
    get_job,
    get_job_by_key,
    import_jobs,
    list_events,
    list_jobs,
    list_statuses,
    undo_status,
    undo_statuses,
)
from dashboard_client.api.operations import (
    approve_proposal,
    cancel_operation,
    create_operation,
    decline_proposal,
    get_operation,
    get_proposal,
    list_operation_failures,
    list_operations,
    list_proposals,
    retry_operation,
    undo_operation,
)
from dashboard_client.api.service import (
    get_health,
    get_liveness,
    get_readiness,
    get_root,
    get_schema,
)
from dashboard_client.api.trash import (
    discard_trashed_job,
    get_trashed_job,
    list_trash,
    restore_jobs,
)
from dashboard_client.api.views import change_view, create_view, delete_view, get_view, list_views
from dashboard_client.models import (
    AuditEntry,
    Deletion,
    Event,
    Job,
    JobRename,
    JobStatusChange,
    KeyedJob,
    ManyChanges,
    ManyDeletions,
    ManyUndos,
    NewItem,
    NewJob,
    NewJobs,
    NewOperation,
    NewView,
    Operation,
    OperationReason,
    Preview,
    Problem,
    Rename,
    Restore,
    StatusChange,
    Undo,
    UndoItem,
    ViewChange,
)
from dashboard_client.types import File, Response

T = TypeVar("T")
MISSING: Final = 2**63 - 1
SECONDS: Final = 120


def note(response: httpx.Response) -> None:
    request = response.request
    print(json.dumps([request.method, request.url.path, response.status_code]))


client: Final = Client(
    base_url=sys.argv[1],
    timeout=httpx.Timeout(SECONDS),
    raise_on_unexpected_status=True,
    httpx_args={"event_hooks": {"response": [note]}},
)


def ok(response: Response[T | Problem]) -> T:
    """The body of a successful response."""
    assert response.parsed is not None, response
    assert not isinstance(response.parsed, Problem), response.parsed
    return response.parsed


def problem(response: Response[Any]) -> Problem:
    assert isinstance(response.parsed, Problem), response
    return response.parsed


def service() -> None:
    root = ok(get_root.sync_detailed(client=client))
    assert root.jobs.endswith("/api/jobs/")
    assert ok(get_health.sync_detailed(client=client)).feed.behind_seconds >= 0
    assert ok(get_liveness.sync_detailed(client=client)).version
    assert ok(get_readiness.sync_detailed(client=client)).status == "ok"
    document = ok(get_schema.sync_detailed(client=client))
    assert document["openapi"] == "3.1.0"
    assert document["servers"][0]["url"] == sys.argv[1]


def one_job(mark: str) -> Job:
    key, body = str(uuid4()), NewJob(name=f"{mark} one")
    job = ok(create_job.sync_detailed(client=client, body=body, idempotency_key=key))
    again = ok(create_job.sync_detailed(client=client, body=body, idempotency_key=key))
    assert (again.id, job.current_status) == (job.id, "PENDING")

    read = get_job.sync_detailed(job.id, client=client)
    assert isinstance(read.parsed, Job)
    assert read.parsed == job
    version = read.headers["ETag"]
    assert get_job.sync_detailed(job.id, client=client, if_none_match=version).status_code == 304

    status = JobStatusChange(status_type="RUNNING")
    running = ok(change_job.sync_detailed(job.id, client=client, body=status, if_match=version))
    assert running.current_status == "RUNNING"
    both = JobRename(name=f"{mark} first", status_type="FAILED")
    conflict = change_job.sync_detailed(job.id, client=client, body=both, if_match=version)
    assert problem(conflict).code == "precondition_failed"
    failed = ok(change_job.sync_detailed(job.id, client=client, body=both))
    assert (failed.name, failed.current_status) == (f"{mark} first", "FAILED")

    seen = Undo(updated_at=failed.updated_at)
    undone = ok(undo_status.sync_detailed(job.id, client=client, body=seen))
    assert undone.current_status == "RUNNING"
    history = ok(list_statuses.sync_detailed(job.id, client=client, page_size=3))
    assert [entry.status_type for entry in history.results] == ["RUNNING", "FAILED", "RUNNING"]
    assert history.results[0].undoes == history.results[1].id
    assert (history.count, history.count_relation) == (4, "exact")
    return undone


def keyed_job(mark: str) -> None:
    body = KeyedJob(name="keyed")
    job = ok(create_or_get_job.sync_detailed(mark, client=client, body=body))
    assert (job.key, job.labels.additional_properties) == (mark, {})
    assert ok(create_or_get_job.sync_detailed(mark, client=client, body=body)) == job
    new = NewItem(name="bulk", status_type="FAILED", reason="Out of memory")
    created = ok(create_jobs.sync_detailed(client=client, body=NewJobs(jobs=[new])))
    assert [each.status for each in created.results] == [201]
    read = get_job_by_key.sync_detailed(mark, client=client)
    assert read.parsed == job


def views(mark: str) -> None:
    body = NewView(name=mark[:60], status=["FAILED"], q="wing")
    view = ok(create_view.sync_detailed(client=client, body=body))
    assert ok(list_views.sync_detailed(client=client)).count >= 1
    read = get_view.sync_detailed(view.id, client=client)
    assert read.parsed == view
    change = ViewChange(q="wing -draft")
    changed = ok(change_view.sync_detailed(view.id, client=client, body=change))
    assert (changed.q, changed.status) == ("wing -draft", ["FAILED"])
    assert delete_view.sync_detailed(view.id, client=client).status_code == 204


def operations(mark: str) -> None:
    named = f'"{mark}"'
    deletion = NewOperation(action="delete", q=named)
    found = create_operation.sync_detailed(client=client, body=deletion, preview="true").parsed
    assert isinstance(found, Preview)
    too_long = NewOperation(action="rename", find=mark, replace="x" * 255, q=named)
    failing = ended(start(too_long).id)
    assert failing.failed == found.count
    failures = ok(list_operation_failures.sync_detailed(failing.id, client=client)).results
    assert failures[0].code == "max_length"
    reason = OperationReason(reason="a test")
    ended(ok(retry_operation.sync_detailed(failing.id, client=client, body=reason)).id)
    status = start(NewOperation(action="set_status", status_type="FAILED", q=named))
    assert ended(status.id).state == "completed"
    undo = ok(undo_operation.sync_detailed(status.id, client=client, body=reason))
    assert ended(undo.id).undoes == status.id
    code = 409
    while code == 409:  # a worker may be faster
        body = NewOperation(action="set_status", status_type="RUNNING", q=named)
        code = cancel_operation.sync_detailed(start(body).id, client=client).status_code
    assert ok(list_operations.sync_detailed(client=client)).results


def proposals(mark: str) -> None:
    wanted, unwanted = proposed(mark), proposed(mark)
    operation = ok(approve_proposal.sync_detailed(wanted, client=client))
    reason = OperationReason(reason="a test")
    declined = ok(decline_proposal.sync_detailed(unwanted, client=client, body=reason))
    assert declined.state == "declined"
    found = ok(get_proposal.sync_detailed(wanted, client=client))
    assert found.operation_id == operation.id
    assert len(ok(list_proposals.sync_detailed(client=client)).results) >= 2


def proposed(mark: str) -> int:
    """The id of a proposal, made as an agent makes one."""
    change = {"action": "label", "labels": {"team": "fluid"}, "q": f'"{mark}"', "reason": "a test"}
    params = {"name": "propose_operation", "arguments": change}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    answer = httpx.post(f"{sys.argv[1]}/mcp/", json=message).json()
    return int(answer["result"]["structuredContent"]["proposal"]["id"])


def start(body: NewOperation) -> Operation:
    started = create_operation.sync_detailed(client=client, body=body).parsed
    assert isinstance(started, Operation)
    return started


def ended(operation_id: int) -> Operation:
    while True:
        operation = ok(get_operation.sync_detailed(operation_id, client=client))
        if operation.finished_at:
            return operation
        time.sleep(0.1)


def many_jobs(mark: str, job: Job) -> list[Job]:
    rows = "\n".join(["name", *(f"{mark} number {number}" for number in range(5))])
    report = ok(import_jobs.sync_detailed(client=client, body=File(BytesIO(rows.encode()))))
    assert (report.created, report.skipped, report.errors) == (5, 0, [])
    wrong = import_jobs.sync_detailed(client=client, body=File(BytesIO(b"title\nWing")))
    [error] = problem(wrong).errors or []
    assert (problem(wrong).code, error.code, error.line) == ("invalid_lines", "wrong_header", 1)

    jobs = list(walk(mark))
    assert [other.id for other in jobs][-1] == job.id
    assert len(jobs) == 6

    changes = ManyChanges(
        jobs=[
            StatusChange(id=jobs[0].id, status_type="COMPLETED", updated_at=jobs[0].updated_at),
            Rename(id=jobs[1].id, name=f"{mark} second"),
            StatusChange(id=MISSING, status_type="RUNNING"),
        ]
    )
    first, second, third = ok(change_jobs.sync_detailed(client=client, body=changes)).results
    assert isinstance(first.job, Job)
    assert isinstance(second.job, Job)
    assert isinstance(third.problem, Problem)
    assert (first.status, first.job.current_status) == (200, "COMPLETED")
    assert (second.status, second.job.name) == (200, f"{mark} second")
    assert (third.status, third.problem.code) == (404, "job_not_found")
    undos = ManyUndos(
        jobs=[
            UndoItem(id=first.id, updated_at=first.job.updated_at, changed_at=first.job.updated_at),
            UndoItem(id=second.id, updated_at=second.job.updated_at),
        ]
    )
    undone, refused = ok(undo_statuses.sync_detailed(client=client, body=undos)).results
    assert isinstance(undone.job, Job)
    assert isinstance(refused.problem, Problem)
    assert (undone.status, undone.job.current_status) == (200, "PENDING")
    assert (refused.status, refused.problem.code) == (409, "nothing_to_undo")
    completed = StatusChange(id=first.id, status_type="COMPLETED")
    ok(change_jobs.sync_detailed(client=client, body=ManyChanges(jobs=[completed])))
    counts = ok(get_counts.sync_detailed(client=client))
    assert counts.by_status.completed >= 1
    assert counts.total >= len(jobs)
    return jobs


def walk(mark: str) -> Iterator[Job]:
    """The jobs of this run, newest first, in pages of two."""
    page = ok(list_jobs.sync_detailed(client=client, q=mark, page_size=2))
    while True:
        yield from page.results
        if page.next_ is None:
            return
        [cursor] = parse_qs(urlsplit(page.next_).query)["cursor"]
        page = ok(list_jobs.sync_detailed(client=client, q=mark, page_size=2, cursor=cursor))


def files(mark: str, expected: int) -> None:
    whole = export_jobs.sync_detailed(client=client, q=mark, ordering="name")
    jobs = [Job.from_dict(json.loads(line)) for line in ok(whole).splitlines()]
    assert [job.name for job in jobs] == sorted(job.name for job in jobs)
    receipt = ok(get_export_receipt.sync_detailed(UUID(whole.headers["Export-Id"]), client=client))
    assert receipt.sha256 == hashlib.sha256(whole.content).hexdigest()
    assert receipt.jobs == len(jobs) == expected
    some = export_jobs.sync_detailed(
        client=client, q=mark, format_="csv", separator="semicolon", status=["COMPLETED"]
    )
    head, row = ok(some).splitlines()
    assert head.startswith("id;name;")
    assert ";COMPLETED;" in row


def audit() -> None:
    page = ok(list_audit.sync_detailed(client=client, kind="operation_started", page_size=1))
    [entry] = page.results
    whole = ok(export_audit.sync_detailed(client=client, kind="operation_started"))
    entries = [AuditEntry.from_dict(json.loads(line)) for line in whole.splitlines()]
    assert entry in entries


def changes_since(cursor: str, jobs: list[Job]) -> None:
    """Follows the feed until all jobs are deleted."""
    missing, end = {job.id for job in jobs}, time.monotonic() + SECONDS
    while missing:
        assert time.monotonic() < end, missing
        answer = list_events.sync_detailed(client=client, after=cursor, limit=1000, wait=5)
        events = [Event.from_dict(json.loads(line)) for line in ok(answer).splitlines()]
        cursor = answer.headers["Feed-Cursor"]
        missing -= {event.job_id for event in events if event.type_ == "job.deleted"}


def trash(deleted: Job) -> None:
    """Restores the deleted job, and deletes it for good."""
    trashed = ok(get_trashed_job.sync_detailed(deleted.id, client=client))
    assert (trashed.name, trashed.expires_at > trashed.deleted_at) == (deleted.name, True)
    assert ok(list_trash.sync_detailed(client=client, page_size=1)).results
    both = Restore(ids=[deleted.id, MISSING])
    restored, missing = ok(restore_jobs.sync_detailed(client=client, body=both)).results
    assert isinstance(restored.job, Job)
    assert isinstance(missing.problem, Problem)
    assert (restored.status, restored.job.created_at) == (200, deleted.created_at)
    assert (missing.status, missing.problem.code) == (404, "not_in_trash")
    assert delete_job.sync_detailed(deleted.id, client=client).status_code == 204
    assert discard_trashed_job.sync_detailed(deleted.id, client=client).status_code == 204
    again = discard_trashed_job.sync_detailed(deleted.id, client=client)
    assert problem(again).code == "not_in_trash"


def rejected_by_the_types() -> None:
    """Never called: mypy fails if it accepts one of these."""
    change_job.sync_detailed(1, client=client, body=42)  # type: ignore[arg-type]
    JobStatusChange(statu_type="RUNNING")  # type: ignore[call-arg]
    JobStatusChange(status_type="PAUSED")  # type: ignore[arg-type]
    ManyChanges(jobs=["RUNNING"])  # type: ignore[list-item]
    list_jobs.sync_detailed(client=client, ordering="id")  # type: ignore[arg-type]
    import_jobs.sync_detailed(client=client, body=[NewJob(name="Wing")])  # type: ignore[arg-type]


def main() -> None:
    mark = f"typed {uuid4().hex}"
    begin = list_events.sync_detailed(client=client).headers["Feed-Cursor"]
    service()
    views(mark)
    job = one_job(mark)
    keyed_job(mark)
    jobs = many_jobs(mark, job)
    files(mark, len(jobs))
    operations(mark)
    proposals(mark)
    audit()
    assert delete_job.sync_detailed(job.id, client=client).status_code == 204
    deletions = ManyDeletions(jobs=[Deletion(id=other.id) for other in jobs])
    results = ok(delete_jobs.sync_detailed(client=client, body=deletions)).results
    assert sorted(result.status for result in results) == [204] * (len(jobs) - 1) + [404]
    gone = delete_job.sync_detailed(job.id, client=client)
    assert problem(gone).code == "job_not_found"
    trash(job)
    changes_since(begin, jobs)


main()
