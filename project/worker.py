"""`python -m project.worker`: runs operations and maintenance until SIGTERM, which it follows between two batches.

It ends with an error when it loses the database, and is then started again by whatever supervises it. With
`--parent PID`, it also ends when that process is gone. With `--alive FILE`, it touches the file every second.
"""

import asyncio
import os
import signal
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from project.env import env_int

OPERATIONS_AT_ONCE: Final = 2
# The sweep does not wait for a long maintenance.
MAINTENANCE_AT_ONCE: Final = 2
# What runs has stopped long before: each operation looks between two batches.
GRACE_SECONDS: Final = 10.0
POLL_SECONDS: Final = 1.0


def main(words: list[str]) -> int:
    parser = ArgumentParser("project.worker")
    parser.add_argument("--parent", type=int)
    parser.add_argument("--alive", type=Path)
    options = parser.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    # Read by the settings: as for the web server, it also bounds the wait for a frozen database. A batch takes a fraction
    # of a second; compacting the counters takes some.
    os.environ["QUERY_BUDGET_MS"] = str(env_int("WORKER_BUDGET_MS", 30_000, at_least=1_000))
    os.environ.setdefault("PGAPPNAME", "jobs-worker")
    import django

    django.setup()
    return asyncio.run(_run(options.parent, options.alive))


async def _run(parent: int | None, alive: Path | None) -> int:
    """Returns 0 if it was told to stop, 1 if it cannot go on."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    from jobs.operations import retention, tasks

    retention.rules()  # fails at once if they are invalid

    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await asyncio.to_thread(_sweep)
    # A connection to listen, and a few for what is left.
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    options: Any = {
        "delete_jobs": "successful",
        "fetch_job_polling_interval": POLL_SECONDS,
        "shutdown_graceful_timeout": GRACE_SECONDS,
        "install_signal_handlers": False,
    }
    with app.replace_connector(connector):
        async with app.open_async():
            workers = [
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[tasks.OPERATIONS], concurrency=OPERATIONS_AT_ONCE, **options
                    )
                ),
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[tasks.MAINTENANCE],
                        concurrency=MAINTENANCE_AT_ONCE,
                        listen_notify=False,
                        **options,
                    )
                ),
            ]
            ends = [asyncio.create_task(told.wait()), asyncio.create_task(_gone(parent, alive))]
            await asyncio.wait([*workers, *ends], return_when=asyncio.FIRST_COMPLETED)
            is_told = any(end.done() for end in ends)
            tasks.stopping.set()
            for each in (*workers, *ends):
                each.cancel()
            await asyncio.gather(*workers, *ends, return_exceptions=True)
    return 0 if is_told else 1


async def _gone(parent: int | None, alive: Path | None) -> None:
    """Waits until the parent has ended, and touches the file meanwhile."""
    while parent is None or os.getppid() == parent:
        if alive:
            alive.touch()
        await asyncio.sleep(POLL_SECONDS)


def _sweep() -> None:
    """What a worker that is gone has left."""
    from django.db import connections

    from jobs.operations.tasks import LOST_AT_START_SECONDS, sweep_lost

    try:
        sweep_lost(LOST_AT_START_SECONDS)
    finally:
        connections.close_all()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
