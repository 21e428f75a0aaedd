"""What fails. Each context begins with the failure, is left when changes are accepted again, and then repairs what failed."""

import os
import signal
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final, NamedTuple

from jobs.failover_tests.stack import HighlyAvailable
from jobs.tests.waiting import eventually
from project.local import web
from project.local.ha.lab import OPENER
from project.local.ha.layout import ETCD, WEB
from project.local.processes import ProcessRecord


def send(number: signal.Signals, *processes: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


@contextmanager
def postgresql_killed(stack: HighlyAvailable) -> Iterator[None]:
    """Its Patroni goes on, and starts it again as a standby."""
    primary = stack.primary
    send(signal.SIGKILL, stack.postmaster(primary))
    stack.new_primary(primary)
    yield


@contextmanager
def node_killed(stack: HighlyAvailable) -> Iterator[None]:
    primary = stack.primary
    send(signal.SIGKILL, *stack.node(primary))
    stack.new_primary(primary)
    yield
    stack.lab.start_node(primary)


@contextmanager
def switchover(stack: HighlyAvailable) -> Iterator[None]:
    primary = stack.primary
    request = urllib.request.Request(  # noqa: S310  # the address is ours
        stack.lab.rest(primary, "/switchover"),
        f'{{"leader": "{primary}"}}'.encode(),
        {"Content-Type": "application/json"},
    )
    with OPENER.open(request, timeout=60) as response:
        assert response.status == 200
    stack.new_primary(primary)
    yield


@contextmanager
def node_frozen(stack: HighlyAvailable) -> Iterator[None]:
    """Its connections stay open, and nothing is answered."""
    primary = stack.primary
    frozen = stack.node(primary)
    send(signal.SIGSTOP, *frozen)
    try:
        stack.new_primary(primary)
        yield
    finally:
        send(signal.SIGCONT, *frozen)


@contextmanager
def etcd_member_killed(stack: HighlyAvailable) -> Iterator[None]:
    member = stack.random.choice(ETCD)
    send(signal.SIGKILL, stack.member(member))
    yield
    stack.lab.start_etcd(member)


@contextmanager
def web_server_killed(stack: HighlyAvailable) -> Iterator[None]:
    """With its supervisor: the whole machine."""
    name = stack.random.choice(WEB)
    recorded = ProcessRecord.load(stack.lab.layout.record(name))
    assert recorded
    os.killpg(recorded.pid, signal.SIGKILL)
    eventually(lambda: web.is_free(stack.lab.layout.port(name)))
    yield
    stack.lab.start_web(name)


class Failure(NamedTuple):
    """`longest` is the goal: for how many seconds no change may be answered."""

    happens: Callable[[HighlyAvailable], AbstractContextManager[None]]
    longest: float


KILLED, GONE = 5.0, 25.0
FAILURES: Final = {
    "primary's PostgreSQL killed": Failure(postgresql_killed, KILLED),
    "switchover": Failure(switchover, KILLED),
    "primary's node killed": Failure(node_killed, GONE),
    "primary's node frozen": Failure(node_frozen, GONE),
    "etcd member killed": Failure(etcd_member_killed, KILLED),
    "web server killed": Failure(web_server_killed, KILLED),
}
