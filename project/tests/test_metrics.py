"""What Prometheus reads is right, little, and what the board and the alerts ask for."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from prometheus_client.parser import text_string_to_metric_families

from jobs.tests.access.endpoints import METHODS, endpoints
from jobs.tests.factories import database_rows, fill
from jobs.tests.served import Server, served
from jobs.tests.waiting import eventually
from project.metrics.database import DatabaseCollector
from project.metrics.folder import NAME, make_folder

MOST_LINES = 200
USED = re.compile(r"\bjob_dashboard_\w+")
Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def server(tmp_path: Path, transactional_db: None) -> Iterator[Server]:
    with served(tmp_path, METRICS="yes", BUILD="3f9c2ab", WEB_WORKERS="2") as server:
        yield server


@pytest.fixture
def part_of() -> Callable[[HttpRequest], str]:
    """Its module makes the counters, whose kind the environment decides when the library is imported."""
    from project.metrics.requests import part_of

    return part_of


def scrape(server: Server) -> str:
    head, _, body = server.get("/metrics").partition(b"\r\n\r\n")
    assert b" 200 OK" in head
    assert b"Content-Type: text/plain; version=0.0.4" in head
    return body.decode()


def values(text: str) -> Values:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_of_all_processes_are_counted(server: Server) -> None:
    before = values(scrape(server))
    for _ in range(20):  # on new connections, which both processes accept
        server.get("/api/jobs/")
    server.get("/api/jobs/0/")
    found = values(scrape(server))

    def counted(part: str, status: str) -> float:
        key = (
            "job_dashboard_requests_total",
            (("method", "read"), ("part", part), ("status", status)),
        )
        return found[key] - before.get(key, 0)

    assert counted("api", "2xx") == 20
    assert counted("api", "4xx") == 1
    key = ("job_dashboard_request_seconds_count", (("method", "read"), ("part", "api")))
    assert found[key] - before.get(key, 0) == 21


def test_urls_that_clients_make_up_are_one_part(
    rf: RequestFactory, part_of: Callable[[HttpRequest], str]
) -> None:
    assert {part_of(rf.get(path)) for path in ("/static/a", "/b", "/api/c")} == {"other"}


def test_the_database_says_what_it_has(server: Server) -> None:
    fill(30)
    database_rows("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    found = values(scrape(server))
    assert found["job_dashboard_database_up", ()] == 1
    jobs = {labels[0][1]: n for (name, labels), n in found.items() if name == "job_dashboard_jobs"}
    assert jobs == dict(database_rows("SELECT status, n FROM job_counts"))
    assert found["job_dashboard_workers", ()] == 1
    assert found["job_dashboard_size_bytes", ()] > 1_000_000
    [build] = [labels for name, labels in found if name == "job_dashboard_build_info"]
    assert dict(build)["build"] == "3f9c2ab"


def test_a_database_that_does_not_answer_is_told(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("project.metrics.database.SQL", "SELECT 1 / 0")
    [family] = DatabaseCollector().collect()
    assert [(sample.name, sample.value) for sample in family.samples] == [
        ("job_dashboard_database_up", 0)
    ]
    assert "division by zero" in caplog.text


def test_a_scrape_has_few_lines_whatever_is_requested(server: Server) -> None:
    for endpoint in endpoints("project.urls"):
        for method in METHODS:
            if endpoint.path not in {"/api/events/"}:
                server.ask(f"{method} {endpoint.path} HTTP/1.1\nContent-Length: 0")
    server.get("/nothing/")
    lines = [line for line in scrape(server).splitlines() if not line.startswith("#")]
    assert 60 < len(lines) <= MOST_LINES


def test_what_the_board_and_the_alerts_use_is_there_and_described(server: Server) -> None:
    fill(1)
    server.get("/")
    exported = {name for name, _ in values(scrape(server))} | {"job_dashboard_operations"}
    guide = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    board = json.loads((settings.BASE_DIR / "docs" / "grafana.json").read_text())
    alerts = (settings.BASE_DIR / "docs" / "alerts.yml").read_text()
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    used = set(USED.findall(" ".join([*asked, alerts])))
    assert used <= exported
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported}
    described = set(USED.findall(guide))
    assert families <= described
    named = set(re.findall(r"alert: (\w+)", alerts))
    assert named == set(re.findall(r"`(JobDashboard\w+)`", guide))


def test_the_folder_is_private_and_goes_with_the_server(
    tmp_path: Path, transactional_db: None
) -> None:
    with served(tmp_path, METRICS="yes") as server:
        [folder] = eventually(lambda: [*Path("/dev/shm").glob(f"{NAME}{server.process.pid}-*")])  # noqa: S108
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_what_a_killed_server_has_left_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    left = tmp_path / f"{NAME}4194305-abc"
    left.mkdir()
    link = tmp_path / f"{NAME}1"
    link.symlink_to("/nonexistent")
    folder = make_folder(str(tmp_path))
    assert [*folder.iterdir()] == []
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not left.exists()
    assert link.is_symlink(), "it is somebody else's"


def test_without_metrics_there_is_no_such_page(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404
