"""A dashboard of its own, as `make up` starts one, with a second worker if a test asks for it, whose processes can be killed."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from time import monotonic, sleep
from typing import Any, Final

from jobs.fault_tests.client import Api
from jobs.fault_tests.plan import SEED, Victim
from jobs.tests.waiting import eventually
from project.local import clusters, postgres, testing, web, worker
from project.local.processes import ProcessRecord
from project.tests.database_server import Database, children_of

SANDBOX: Final = testing.FAULTS
# How long PostgreSQL is gone: what a service manager takes.
MOST_SECONDS_WITHOUT: Final = 2.0


class Stack:
    """The processes and the database."""

    def __init__(self, database: Database, port: int) -> None:
        self.database = database
        self.api = Api(port)
        self.random = Random(SEED)
        self.workers = [SANDBOX.worker]
        self.began = monotonic()
        self.killed_at = 0.0
        self.kills: Counter[Victim] = Counter()
        self.outages: list[tuple[Victim, float]] = []

    def rows(self, sql: str) -> list[Any]:
        return self.database.execute(sql)

    def number(self, sql: str) -> int:
        [[number]] = self.rows(sql)
        return int(number)

    @contextmanager
    def second_worker(self) -> Iterator[None]:
        """Within this context, two workers run. If the tests are killed, the next ones stop the second one too."""
        record = SANDBOX.command
        log = SANDBOX.folder / "second-worker.log"
        worker.start(record, log, self.env, build=SANDBOX.name)
        self.workers.append(record)
        try:
            yield
        finally:
            self.workers.remove(record)
            worker.stop(record)

    @property
    def env(self) -> dict[str, str]:
        return SANDBOX.environment(self.database.url)

    def find(self, victim: Victim) -> int:
        """Its process id, as soon as there is one."""
        return eventually(lambda: self._pid_of(victim) or 0)

    def kill(self, victim: Victim, pid: int) -> None:
        """Starts PostgreSQL again: nothing of ours supervises it. Raises ProcessLookupError if there is no such process."""
        os.kill(pid, signal.SIGKILL)
        self.kills[victim] += 1
        self.killed_at = monotonic()
        if victim is Victim.POSTGRESQL:
            eventually(lambda: self._pid_of(victim) != pid)
            sleep(self.random.uniform(0, MOST_SECONDS_WITHOUT))
            self.database.start()

    def report(self) -> list[str]:
        """What was killed, and how long each outage was."""
        lines = [f"{monotonic() - self.began:.0f} s in all; outages overlap:"]
        for victim in Victim:
            seconds = sorted(time for each, time in self.outages if each is victim)
            if seconds:
                outage = (
                    f"{seconds[len(seconds) // 2]:.1f} s in the median, {seconds[-1]:.1f} s at most"
                )
                lines.append(f"{self.kills[victim]} times {victim}: an outage of {outage}")
        return lines

    def _pid_of(self, victim: Victim) -> int | None:
        match victim:
            case Victim.WORKER:
                found = self._supervised(self.random.choice(self.workers))
            case Victim.WEB_MASTER:
                found = self._supervised(SANDBOX.web)
            case Victim.WEB_PROCESS:
                masters = self._supervised(SANDBOX.web)
                found = [pid for master in masters for pid in children_of(master)]
            case Victim.POSTGRESQL:
                return clusters.server_pid(self.database.cluster.data)
        return self.random.choice(found) if found else None

    def _supervised(self, record: Any) -> list[int]:
        recorded = ProcessRecord.load(record)
        assert recorded, record
        assert recorded.is_alive, f"the supervisor in {record} is gone"
        return children_of(recorded.pid)


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Removed at the end, as is what a killed run has left."""
    with SANDBOX.temporary():
        cluster = postgres.Cluster.at(SANDBOX.database)
        cluster.ensure_running()
        database = Database(cluster)
        address = SANDBOX.serve(SANDBOX.environment(database.url))
        yield Stack(database, int(address.rpartition(":")[2]))
        assert web.running(SANDBOX.web), "the web server's supervisor is gone"
