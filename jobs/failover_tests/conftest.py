"""One installation for all tests, and the jobs in it; at the end, the table of docs/failover.md."""

from collections.abc import Iterator

import pytest

from jobs.failover_tests.results import TABLE, TABLE_HEAD
from jobs.failover_tests.stack import HighlyAvailable, running_stack
from jobs.fault_tests.plan import CREATE, JOBS


def pytest_report_header() -> str:
    return f"failover tests: {JOBS:,} jobs in each operation"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in (*TABLE_HEAD, *TABLE) if TABLE else ():
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def stack() -> Iterator[HighlyAvailable]:
    with running_stack() as stack:
        stack.rows(CREATE)
        stack.rows("VACUUM ANALYZE")
        yield stack
