"""All members of `make ha`, in a folder and at ports of their own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Final

import psycopg

from jobs.fault_tests.client import Api
from jobs.fault_tests.plan import SEED
from jobs.fault_tests.stack import Stack
from jobs.tests.waiting import eventually
from project.local import account, clusters, web
from project.local.ha.lab import Lab
from project.local.ha.layout import NODES
from project.local.locks import lock
from project.local.paths import STATE
from project.local.processes import ProcessRecord
from project.tests.database_server import children_of

NAME: Final = "failover"
FIRST_PORT: Final = 15_500


class HighlyAvailable(Stack):
    """`rows` asks the primary, through HAProxy."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.api = Api(lab.layout.web_port)
        self.random = Random(SEED)

    def rows(self, sql: Any) -> list[Any]:
        def ask() -> list[Any]:
            url = self.lab.layout.superuser(self.lab.passwords, self.lab.layout.primary_port)
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                cursor = connection.execute(sql)
                return cursor.fetchall() if cursor.description else []

        while True:
            try:
                return ask()
            except psycopg.OperationalError:
                eventually(self.lab.primary)

    @property
    def primary(self) -> str:
        return eventually(lambda: self.lab.primary() or "")

    def new_primary(self, old: str) -> str:
        return eventually(lambda: "" if (found := self.lab.primary()) == old else found or "")

    def member(self, name: str) -> int:
        """The number of its first process."""
        recorded = ProcessRecord.load(self.lab.layout.record(name))
        assert recorded, name
        return recorded.pid

    def postmaster(self, node: str) -> int:
        pid = clusters.server_pid(self.lab.layout.data(node))
        assert pid, node
        return pid

    def node(self, node: str) -> list[int]:
        """All processes of a node: a machine that fails takes all of them."""
        postmaster = self.postmaster(node)
        return [self.member(node), postmaster, *children_of(postmaster)]

    def wait_until_whole(self) -> None:
        """A primary, two standbys that stream, and both web servers."""
        eventually(lambda: bool(self.lab.primary()) and len(self.lab.streaming()) == len(NODES) - 1)


@contextmanager
def running_stack() -> Iterator[HighlyAvailable]:
    """Removed at the end, as is what a killed run has left."""
    with lock(NAME):
        if (STATE / NAME).exists():
            _lab().stop()
            shutil.rmtree(STATE / NAME)
        lab = _lab()
        try:
            lab.start()
            yield HighlyAvailable(lab)
        finally:
            lab.stop()
            shutil.rmtree(lab.layout.folder)


def _lab() -> Lab:
    return Lab(account.home(account.current(), NAME), FIRST_PORT, web.free_port())
