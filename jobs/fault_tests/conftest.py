"""One dashboard for all tests, and the jobs in it; at the end, what was killed and how long it took."""

from collections.abc import Iterator

import pytest

from jobs.fault_tests.plan import CREATE, JOBS, SEED
from jobs.fault_tests.results import LINES, TABLE, TABLE_HEAD
from jobs.fault_tests.stack import Stack, running_stack


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
