"""One dashboard for all tests, and the jobs in it; at the end, what was killed and how long it took."""

from collections.abc import Iterator

import pytest

from jobs.fault_tests.plan import JOBS, SEED
from jobs.fault_tests.results import LINES, TABLE, TABLE_HEAD
from jobs.fault_tests.stack import Stack, running_stack

CREATE = f"""
    WITH created AS (
        INSERT INTO job (name, current_status, created_at, updated_at, labels)
        SELECT 'Wing sweep ' || number, 'PENDING', now(), now(), ARRAY['team=fluid'] FROM generate_series(1, {JOBS}) AS number
        RETURNING id, current_status, created_at
    )
    INSERT INTO job_status (job_id, status_type, "timestamp", source)
    SELECT id, current_status, created_at, 'import' FROM created ORDER BY id
"""


def pytest_report_header() -> str:
    return f"fault tests: {JOBS:,} jobs; to repeat what is killed: make test-faults JOBS={JOBS} SEED={SEED}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in (*TABLE_HEAD, *TABLE, *LINES) if TABLE else LINES:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with running_stack() as stack:
        stack.rows(CREATE)
        stack.rows("VACUUM ANALYZE")
        stack.rows("CHECKPOINT")  # so that the first recovery does not replay all of this
        yield stack
    LINES.extend(stack.report())
