"""Environment variables are known to both runtimes and applied at the next start; the probe sends an allowed host."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import yaml

from jobs.limits import DEFAULT_STATEMENT_TIMEOUT_MS
from project import probe
from project.local import configuration, dashboard
from project.local.paths import ROOT

READ = re.compile(r'env_(?:str|int|bool|choice|list|database|log_url|peppers)\("([A-Z_]+)"')
DEFAULT_NUMBER = re.compile(r'env_int\("([A-Z_]+)", ([1-9][0-9_]*)[,)]')


SOURCES = [*(ROOT / "project").glob("*.py"), *(ROOT / "project" / "server").glob("*.py")]


def test_lists_every_variable_that_the_server_reads() -> None:
    sources = [path.read_text() for path in SOURCES]
    read = {name for source in sources for name in READ.findall(source)}
    assert read | {"SECRET_KEY", "SECRET_KEY_FILE"} == {
        *configuration.NAMES,
        *configuration.RUNTIME_NAMES,
    }


def test_compose_passes_every_variable() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    passed = {name for name, value in services["web"]["environment"].items() if value is None}
    assert passed == set(configuration.NAMES)


def documented(section: str) -> dict[str, str]:
    """By name, the default of each variable in the section of docs/deployment.md."""
    guide = (ROOT / "docs" / "deployment.md").read_text()
    found = re.search(rf"<!-- {section}:.*?-->\n(.*?)<!-- /{section} -->", guide, re.DOTALL)
    assert found, section
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", found[1], re.MULTILINE)
    assert len(rows) == len(found[1].splitlines()) - 2
    return dict(rows)


def test_the_guide_lists_every_variable() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    passed = yaml.safe_load(compose)["services"]["web"]["environment"]
    substituted = re.findall(r"\$\{(\w+)", compose)
    assert list(documented("settings")) == list(configuration.NAMES)
    assert list(documented("runtime")) == sorted(
        {*configuration.RUNTIME_NAMES, *substituted, *passed} - {*configuration.NAMES}
    )


def test_the_guide_states_the_default_numbers() -> None:
    sources = [path.read_text() for path in SOURCES]
    numbers = {
        name: int(text) for source in sources for name, text in DEFAULT_NUMBER.findall(source)
    }
    assert len(numbers) > 5
    numbers["QUERY_BUDGET_MS"] = DEFAULT_STATEMENT_TIMEOUT_MS
    defaults = documented("settings")
    assert {name: defaults[name] for name in numbers} == {
        name: str(number) for name, number in numbers.items()
    }


def test_changed_setting_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_probe_sends_an_allowed_host(allowed: str, host: str | None) -> None:
    with _responding_server() as (port, hosts):
        assert probe.is_healthy(f"http://127.0.0.1:{port}", {"ALLOWED_HOSTS": allowed})
    assert hosts == [f"{host or '127.0.0.1'}:{port}"]


def test_probe_fails_on_error_or_without_response() -> None:
    with _responding_server(503) as (port, _):
        assert not probe.is_healthy(f"http://127.0.0.1:{port}", {})
    assert not probe.is_healthy(f"http://127.0.0.1:{port}", {}), (
        "nothing listens on the port any more"
    )


@contextmanager
def _responding_server(status: int = 200) -> Iterator[tuple[int, list[str]]]:
    """A server that always responds with `status`: its port, and the Host of each request."""
    hosts: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hosts.append(self.headers["Host"])
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, hosts
        server.shutdown()
