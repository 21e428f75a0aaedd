"""What the environment may set: known to both runtimes, taken up by the next start, asked for by a name that is allowed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import yaml

from project import probe
from project.local import configuration, dashboard
from project.local.places import ROOT

READ = re.compile(r'env_(?:str|int|bool|list|database)\("([A-Z_]+)"')


def test_every_variable_that_the_server_reads_is_listed() -> None:
    sources = [path.read_text() for path in (ROOT / "project").glob("*.py")]
    read = {name for source in sources for name in READ.findall(source)}
    assert read | {"SECRET_KEY", "SECRET_KEY_FILE"} == {
        *configuration.NAMES,
        *configuration.PLACES,
    }


def test_compose_passes_every_variable_on() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    passed = {name for name, value in services["web"]["environment"].items() if value is None}
    assert passed == set(configuration.NAMES)


def test_another_setting_is_another_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "")
    before = dashboard._fingerprint({})
    monkeypatch.setenv("ALLOWED_HOSTS", "jobs.example.com")
    assert dashboard._fingerprint({}) != before
    monkeypatch.setenv("ALLOWED_HOSTS", "")
    assert dashboard._fingerprint({}) == before


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("", None),
        ("*", None),
        ("127.0.0.1,jobs.example.com", "127.0.0.1"),
        ("jobs.example.com, localhost", "localhost"),
        ("jobs.example.com", "jobs.example.com"),
        (".example.com", "example.com"),
        ("10.0.0.7", "10.0.0.7"),
    ],
)
def test_the_probe_asks_by_an_allowed_name(allowed: str, host: str | None) -> None:
    with _answering() as (port, hosts):
        assert probe.is_healthy(f"http://127.0.0.1:{port}", {"ALLOWED_HOSTS": allowed})
    assert hosts == [f"{host or '127.0.0.1'}:{port}"]


def test_the_probe_takes_no_other_answer_for_health() -> None:
    with _answering(503) as (port, _):
        assert not probe.is_healthy(f"http://127.0.0.1:{port}", {})
    assert not probe.is_healthy(f"http://127.0.0.1:{port}", {}), "nobody listens there any more"


@contextmanager
def _answering(status: int = 200) -> Iterator[tuple[int, list[str]]]:
    """A server that answers everything alike; its port, and the Host of each request."""
    hosts: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hosts.append(self.headers["Host"])
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as its base names it
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, hosts
        server.shutdown()
