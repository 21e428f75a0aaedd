"""What must be exact: each job's history, the counters and the chart, the feed and the trash."""

from jobs.fault_tests.stack import Stack
from jobs.fault_tests.traffic import VISITOR, Reader, Seen, Visitor
from jobs.feed_cursor import Cursor
from jobs.tests.consistency import UNORDERED_HISTORIES, WRONG_COUNTERS

OWN = f"job.name NOT LIKE '{VISITOR} %'"
WRONG_STATUSES = """
    SELECT job.id FROM job LEFT JOIN LATERAL (
        SELECT status_type FROM job_status WHERE job_id = job.id ORDER BY id DESC LIMIT 1
    ) AS newest ON true
    WHERE newest.status_type IS DISTINCT FROM job.current_status
"""
# All entries are of the last days, so the chart has counted each of them: also those that are in the trash now.
WRONG_ACTIVITY = """
    SELECT status, counted, n FROM (SELECT status, sum(n) AS counted FROM job_activity GROUP BY 1) AS chart
    FULL JOIN (
        SELECT status_type AS status, count(*) AS n
        FROM (SELECT status_type FROM job_status UNION ALL SELECT status_type FROM trashed_status) AS entry GROUP BY 1
    ) AS truth USING (status) WHERE counted IS DISTINCT FROM n
"""
UNFINISHED = "SELECT id FROM operation WHERE state IN ('pending', 'running')"
# A restored job gets a new version, and everything else back.
JOBS = f"SELECT md5(string_agg((id, name, current_status, created_at, key, labels)::text, ',' ORDER BY id)) FROM job WHERE {OWN}"
HISTORIES = f"SELECT md5(string_agg(entry::text, ',' ORDER BY entry.id)) FROM job_status AS entry JOIN job ON job.id = job_id WHERE {OWN}"
EVENTS = "SELECT turn, id FROM job_event WHERE (turn, id) > ({}, {}) AND (turn, id) <= ({}, {}) ORDER BY turn, id"


def digests(stack: Stack) -> tuple[str, str]:
    """Of all jobs but the visitor's, and of their histories."""
    [[jobs]], [[histories]] = stack.rows(JOBS), stack.rows(HISTORIES)
    return jobs, histories


def assert_consistent(stack: Stack) -> None:
    for sql in (WRONG_STATUSES, UNORDERED_HISTORIES, WRONG_COUNTERS, WRONG_ACTIVITY):
        assert stack.rows(sql) == [], sql


def entries_of(stack: Stack, operation: int) -> tuple[int, int]:
    """The entries that the operation has appended, and the jobs that have one."""
    [[entries, jobs]] = stack.rows(
        f"SELECT count(*), count(DISTINCT job_id) FROM job_status WHERE operation_id = {operation}"
    )
    return entries, jobs


def undone_entries(stack: Stack, operation: int, undo: int | None = None) -> int:
    """The entries of the operation that are taken back, by this or any undo of it: each by an entry of the same job."""
    return stack.number(
        "SELECT count(DISTINCT taken.id) FROM job_status AS taken"
        " JOIN job_status AS entry ON entry.undoes = taken.id AND entry.job_id = taken.job_id"
        f" WHERE taken.operation_id = {operation} AND entry.operation_id = {undo or 'entry.operation_id'}"
    )


def assert_each_once(events: list[Seen], type_: str, status: str, jobs: list[int]) -> None:
    """Each of the jobs has one such event, and no other of these types."""
    found = [event for event in events if event.job <= jobs[-1]]
    assert {(event.type, event.status) for event in found} == {(type_, status)}
    assert sorted(event.job for event in found) == jobs


def assert_feed_is_complete(stack: Stack, reader: Reader) -> None:
    """The reader has got each event once, and in the order of the feed."""
    end = stack.api.get("/api/events/").headers["Feed-Cursor"]
    between = [*Cursor.parse(reader.begin).position, *Cursor.parse(end).position]
    assert [(event.turn, event.number) for event in reader.until(end)] == stack.rows(
        EVENTS.format(*between)
    )


def assert_visits_are_exact(stack: Stack, visitor: Visitor) -> None:
    """Each request has been carried out once: one job for each, with two entries."""
    [first, *_] = visitor.created
    found = stack.rows(
        "SELECT job.id, name, string_agg(status_type, ' ' ORDER BY entry.id)"
        " FROM job JOIN job_status AS entry ON job_id = job.id"
        f" WHERE name LIKE '{VISITOR} %' AND job.id >= {first[0]} GROUP BY job.id ORDER BY job.id"
    )
    assert found == [(*created, "PENDING RUNNING") for created in visitor.created]
