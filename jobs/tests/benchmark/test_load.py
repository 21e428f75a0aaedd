"""`make load` on a small scale, and what it finds when something is wrong."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from jobs.benchmark.load import transfers
from jobs.benchmark.load.memory import Growth, growth_of
from jobs.benchmark.load.plan import PLAN, Memory, Request
from jobs.benchmark.load.report import report
from jobs.benchmark.load.run import Task, run, wrong_streams
from jobs.benchmark.load.streams import Stream
from jobs.benchmark.load.traffic import Traffic
from jobs.tests.factories import database_rows, make_job
from jobs.tests.served import Server, collect_static, served

pytestmark = pytest.mark.django_db(transaction=True)

FOUND = {
    "streams": 2,
    "events": [3],
    "digests": [6],
    "out_of_order": 0,
    "resumed": 0,
    "failed": {},
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path, STATIC_ROOT=collect_static(tmp_path / "static")) as server:
        yield server


def task(server: Server) -> Task:
    return Task(f"http://127.0.0.1:{server.port}", 4, tabs=3, streams=3, worker=None, database=None)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without operations, which need a worker."""
    monkeypatch.setattr(transfers, "IMPORTED", 50)
    monkeypatch.setattr(transfers, "PAUSE_SECONDS", 1)
    monkeypatch.delitem(transfers.KINDS, "operation")


@pytest.mark.usefixtures("small")
def test_nothing_is_wrong_with_the_dashboard(server: Server) -> None:
    for number in range(3):
        make_job(f"Job {number}")
    found = run(task(server), lambda line: None)
    assert found.wrong == [], found.traffic["examples"]
    assert found.events >= 50
    assert found.traffic["calls"]["list, JSON"]["responses"] > 5
    text = report("make load", found)
    assert "- **Nothing wrong**, of " in text
    assert "| list, JSON " in text


@pytest.mark.usefixtures("small")
def test_a_wrong_counter_is_found(server: Server) -> None:
    make_job("Job")
    database_rows("INSERT INTO job_count VALUES ('FAILED', 1)")
    try:
        found = run(task(server), lambda line: None)
    finally:
        database_rows("INSERT INTO job_count VALUES ('FAILED', -1)")
    assert [what for what in found.wrong if what.startswith("counters: ('FAILED'")]
    assert "wrong**, of" in report("make load", found)


def test_unexpected_responses_are_counted_with_an_example(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(PLAN):
        monkeypatch.delitem(PLAN, name)
    missing = Request("GET", "/api/jobs/999999999/")
    monkeypatch.setitem(PLAN, "one job", (20, lambda memory: missing))
    traffic = Traffic(f"http://127.0.0.1:{server.port}", 1, Memory(1, 1, Random(1)))
    traffic.run()
    assert traffic.errors["one job"]["404"] >= 10
    assert "job_not_found" in traffic.examples[0]


def test_a_stream_counts_events_whole_and_in_parts() -> None:
    text = (
        b"id: ab-9-7\nevent: job.created\ndata: {}\n\nid: ab-9-8\nevent: job.deleted\ndata: {}\n\n"
    )
    for size in (1, 5, 1000):
        stream = Stream(b"ab-1-1", (1, 1))
        for at in range(0, len(text), size):
            stream.receive(text[at : at + size])
        assert (stream.events, stream.digest, stream.position) == (2, 15, (9, 8)), size
        assert (stream.out_of_order, stream.cursor) == (0, b"ab-9-8")


def test_a_stream_notices_a_repetition() -> None:
    stream = Stream(b"ab-1-1", (1, 1))
    for number in (7, 8, 8):
        stream.receive(b"id: ab-9-%d\nevent: job.created\ndata: {}\n\n" % number)
    assert stream.out_of_order == 1


@pytest.mark.parametrize(
    "difference",
    [{"events": [2, 3]}, {"digests": [7]}, {"out_of_order": 1}, {"failed": {"503": 1}}],
)
def test_streams_must_have_what_the_database_has(difference: dict[str, object]) -> None:
    assert list(wrong_streams(FOUND, 3, 6)) == []
    assert list(wrong_streams(FOUND | difference, 3, 6))


def test_growth_is_the_slope_after_the_warm_up() -> None:
    samples = [(float(n), 50.0 + (n if n < 10 else 10 + (n - 10) / 3_600)) for n in range(30)]
    found = growth_of(samples, 0.5)
    assert isinstance(found, Growth)
    assert found.slope == pytest.approx(1)
    assert (found.first, found.most, found.cpu) == (50, found.last, 0.5)
