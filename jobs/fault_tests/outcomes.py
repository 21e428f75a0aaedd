"""What became of the writers' changes: those that were answered, and the others."""

from functools import partial
from typing import Final

from jobs.fault_tests.stack import Stack
from jobs.fault_tests.writers import PREFIX, Sent, Writer, request
from jobs.tests.waiting import eventually

CREATED: Final = f"""
    SELECT split_part(name, '.', 1) || '.', count(*), count(*) FILTER (WHERE entries = 1 AND current_status = 'PENDING')
    FROM job JOIN LATERAL (SELECT count(*) AS entries FROM job_status WHERE job_id = job.id) AS history ON true
    WHERE name LIKE '{PREFIX} %' GROUP BY 1
"""
EXPECTED: Final = {
    "200",
    "201",
    "database_unavailable",
    "database_overloaded",
    "database_read_only",
    "database_full",
    "outcome_unknown",
    "no response",
}


def answered_since(writer: Writer, moment: float) -> float:
    """When the first change since then was answered, or 0."""
    return next((each.at for each in [*writer.sent] if each.is_answered and each.at > moment), 0.0)


def assert_whole(stack: Stack, sent: list[Sent]) -> None:
    created = {name: (jobs, whole) for name, jobs, whole in stack.rows(CREATED)}
    for each in sent:
        jobs, whole = created.get(each.name, (0, 0))
        assert jobs == whole, f"{each}: {jobs} jobs, {whole} with their history"
        if each.is_unknown:
            assert jobs in {0, each.jobs}, f"{each}: {jobs} jobs"
        else:
            assert jobs == (each.jobs if each.is_answered else 0), f"{each}: {jobs} jobs"


def complete(stack: Stack, sent: list[Sent]) -> None:
    """The guide's advice: the same request with the same key, until it is answered."""
    for each in sent:
        if not each.is_answered:
            eventually(partial(_is_accepted, stack, each))
    created = {name: jobs for name, jobs, _ in stack.rows(CREATED)}
    assert [each for each in sent if created.get(each.name) != each.jobs] == []


def _is_accepted(stack: Stack, sent: Sent) -> bool:
    return request(stack.api, sent.name, sent.jobs, sent.key).status < 300
