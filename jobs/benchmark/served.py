"""The served dashboard under load: starts the clients' process and reads its reports."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO

from django.conf import settings

from jobs.benchmark.calls import NEW_JOB
from jobs.benchmark.requests import Call


class ClientsFailed(Exception):
    """The message is for the user."""


@dataclass(frozen=True)
class Load:
    """The clients' measurements of one call: times in ms; `others` counts unexpected responses by status."""

    name: str
    responses: int
    p50: float | None
    p99: float | None
    per_second: float
    others: dict[str, int]


@contextmanager
def clients(
    address: str, calls: Sequence[Call], number: int, seconds: float, limit: int
) -> Iterator[Iterator[Load]]:
    """Runs `number` clients, call after call, and yields an iterator over their reports. They end with the block."""
    task = {
        "address": address,
        "calls": [asdict(call) for call in calls],
        "create": asdict(NEW_JOB),
        "clients": number,
        "seconds": seconds,
        "limit": limit,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "jobs.benchmark.clients"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: PT018  # both are pipes
            json.dump(task, process.stdin)
            process.stdin.close()
            yield _reports(process.stdout, len(calls))
        finally:
            process.kill()


def _reports(lines: IO[str], number: int) -> Iterator[Load]:
    for _ in range(number):
        line = lines.readline()
        if not line:
            raise ClientsFailed("The clients ended before they had finished.")
        yield Load(**json.loads(line))
