"""Half-closed clients, such as `nc -N`, get their export; those that are gone end it."""

import socket

import pytest

from jobs.filters import JobFilter
from jobs.tests.factories import fill
from jobs.tests.transfer.endless import ENDLESS, closed_during_copy
from jobs.transfer.export import Export
from jobs.transfer.formats import Format

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_half_closed_client_gets_the_whole_export() -> None:
    fill(2)
    slow = Format("text/csv", "id, pg_sleep(0.3)", "FORMAT csv", lambda rows: rows)
    here, there = socket.socketpair()
    there.shutdown(socket.SHUT_WR)
    probes: list[bool] = []
    with here, there:
        export = Export(JobFilter(), slow, 60, here.fileno(), lambda: probes.append(True))
        assert b"".join(export).count(b"\n") == 2
    assert probes == [True]


def test_a_half_closed_client_that_disconnects_is_noticed() -> None:
    fill(2)
    here, there = socket.socketpair()
    there.shutdown(socket.SHUT_WR)
    with here, closed_during_copy(there), pytest.raises(BrokenPipeError):
        Export(JobFilter(), ENDLESS, 60, here.fileno(), lambda: None)
