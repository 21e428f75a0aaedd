"""Through each proxy: HTTP/2, events at once, imports, exports that end whole or fail, and the address of the client."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from jobs.proxy_tests.programs import HOST, PROXIES, Proxy, running
from jobs.tests.factories import database_rows, fill
from jobs.tests.served import Server, served
from jobs.tests.waiting import eventually
from project.tests.database_server import children_of

pytestmark = pytest.mark.django_db(transaction=True)

JOBS = 100_000
SECONDS = "120"
STATUS = "%{http_code}"
# Seen with Caddy 2.6.2 and HAProxy 2.6.12
HIDES_AN_EARLY_END = {("caddy", "--http1.1"), ("caddy", "--http2"), ("haproxy", "--http2")}


class Site(NamedTuple):
    server: Server
    port: int

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def words(self, path: str, *words: str) -> list[str]:
        return [
            "curl", "--silent", "--show-error", "--insecure", "--max-time", SECONDS,
            "--connect-to", f"{HOST}:{self.port}:127.0.0.1:{self.port}", *words, f"{self.url}{path}",
        ]  # fmt: skip

    def receipt(self, head: Path) -> str:
        """The status of the receipt of the export with this head."""
        found = re.search(r"(?im)^export-id: *(\S+)", head.read_text())
        assert found
        path = f"/api/jobs/export/{found[1]}/"
        return self.curl(path, "--write-out", STATUS, "--output", os.devnull, check=False).stdout

    def curl(
        self, path: str, *words: str, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self.words(path, *words), capture_output=True, text=True, check=check)


@pytest.fixture(params=PROXIES)
def proxy(request: pytest.FixtureRequest) -> Proxy:
    found = PROXIES[request.param]
    if found.path is None:
        pytest.skip(f"{found.program} is not installed")
    return found


@contextmanager
def serving(proxy: Proxy, folder: Path, **settings: str) -> Iterator[Site]:
    settings = {
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1,localhost",
        "HTTPS": "yes",
        "TRUSTED_PROXIES": "1",
        "OPEN_TO_EVERYBODY": "yes",
        **settings,
    }
    with served(folder, **settings) as server, running(proxy, folder, server.port) as port:
        yield Site(server, port)


@pytest.fixture
def site(proxy: Proxy, tmp_path: Path) -> Iterator[Site]:
    with serving(proxy, tmp_path) as site:
        yield site


def test_pages_and_api_over_http_2(site: Site) -> None:
    found = site.curl("/", "--write-out", "%{http_version} %{http_code}", "--output", os.devnull)
    assert found.stdout == "2 200"
    root = site.curl("/api/").stdout
    assert f'"jobs":"{site.url}/api/jobs/"' in root.replace(": ", ":")
    head = site.curl("/", "--head", "--header", "X-Request-ID: abc").stdout.lower()
    assert "strict-transport-security:" in head
    assert "x-request-id: abc" in head


def test_events_arrive_at_once(site: Site) -> None:
    words = site.words("/api/events/", "--no-buffer", "--header", "Accept: text/event-stream")
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as stream:
        assert stream.stdout
        try:
            made = site.curl("/api/jobs/", "--json", '{"name": "Wing"}')
            assert '"Wing"' in made.stdout
            for line in stream.stdout:
                if line.startswith("data:") and "Wing" in line:
                    break
            else:
                raise AssertionError("the stream ended without the event")
        finally:
            stream.terminate()


def test_an_import_is_streamed(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "jobs.ndjson"
    file.write_text("".join(f'{{"name": "Wing {number}"}}\n' for number in range(100_000)))
    words = ("--header", "Content-Type: application/x-ndjson", "--data-binary", f"@{file}")
    found = site.curl("/api/jobs/import/", *words, "--write-out", "%{http_code}")
    assert found.stdout.endswith("201"), found.stdout
    assert database_rows("SELECT count(*) FROM job") == [(100_000,)]


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_an_export_ends_whole_or_is_known_not_to(
    site: Site, proxy: Proxy, tmp_path: Path, version: str
) -> None:
    """Some proxies end a response well that has ended early: its receipt, which is then missing, tells."""
    fill(JOBS)
    whole, part, head = (tmp_path / name for name in ("whole.ndjson", "part.ndjson", "head"))
    words = (version, "--dump-header", str(head))
    site.curl("/api/jobs/export/", *words, "--output", str(whole))
    assert whole.read_bytes().count(b"\n") == JOBS
    assert site.receipt(head) == "200"

    slow = site.words("/api/jobs/export/", *words, "--limit-rate", "1M", "--output", str(part))
    with subprocess.Popen(slow, stderr=subprocess.PIPE) as export:
        eventually(lambda: part.exists() and part.stat().st_size > 200_000)
        for worker in children_of(site.server.process.pid):
            os.kill(worker, signal.SIGKILL)
        status = export.wait(60)
    assert part.read_bytes().count(b"\n") < JOBS
    assert (status == 0) is ((proxy.program, version) in HIDES_AN_EARLY_END)
    eventually(lambda: site.receipt(head) == "404")


def test_a_client_cannot_choose_its_address(proxy: Proxy, tmp_path: Path) -> None:
    """All requests count for one address, whatever they say."""
    limits = {"RATE_LIMIT_PER_SECOND": "1", "RATE_LIMIT_BURST": "1"}
    with serving(proxy, tmp_path, **limits) as site:
        found = []
        for number in range(8):
            forged = ("--header", f"X-Forwarded-For: 192.0.2.{number}")
            found.append(
                site.curl("/api/", *forged, "--write-out", STATUS, "--output", os.devnull).stdout
            )
    assert {"200", "429"} == set(found)


def test_a_client_cannot_say_that_it_used_http(site: Site) -> None:
    forged = ("--header", "X-Forwarded-Proto: http")
    assert site.curl("/", *forged, "--write-out", STATUS, "--output", os.devnull).stdout == "200"


def test_a_dashboard_that_is_away_is_told(site: Site) -> None:
    site.server.process.send_signal(signal.SIGTERM)
    site.server.process.wait(60)

    def is_told() -> bool:
        words = ("--write-out", STATUS, "--output", os.devnull)
        return site.curl("/", *words, check=False).stdout in {"502", "503"}

    eventually(is_told)
