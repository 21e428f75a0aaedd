"""Traces by OpenTelemetry, as a collector gets them from a real server."""

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from jobs.tests.factories import make_job
from jobs.tests.served import Server, problem_in, served
from jobs.tests.waiting import eventually
from project.local.paths import ROOT
from project.telemetry import telemetry

pytestmark = pytest.mark.django_db(transaction=True)

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector(HTTPServer):
    """Keeps the spans that it gets; while `hangs`, it does not answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.spans: list[Any] = []
        self.resources: list[dict[str, str]] = []
        self.headers: list[Any] = []
        self.hangs, self.over = False, Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def named(self, name: str) -> list[Any]:
        return [span for span in [*self.spans] if span.name == name]


class Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if self.server.hangs:
            self.server.over.wait(60)
        assert self.path == "/v1/traces"
        self.server.headers.append(self.headers)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.server.resources.append(values(resource.resource))
            for scope in resource.scope_spans:
                self.server.spans += scope.spans
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def values(holder: Any) -> dict[str, str]:
    return {
        pair.key: pair.value.string_value or str(pair.value.int_value) for pair in holder.attributes
    }


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        thread = Thread(target=collector.serve_forever)
        thread.start()
        try:
            yield collector
        finally:
            collector.over.set()
            collector.shutdown()
            thread.join()


@contextmanager
def traced(collector: Collector, folder: Path, **environment: str) -> Iterator[Server]:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "LOG_REQUESTS": "yes",
        "LOG_FORMAT": "json",
    }
    with served(folder, **(settings | environment)) as server:
        yield server


def test_a_request_has_a_span_with_its_statements_below(
    collector: Collector, tmp_path: Path
) -> None:
    job = make_job("Secret wing")
    with traced(collector, tmp_path) as server:
        server.ask(
            f"GET /api/jobs/{job.pk}/ HTTP/1.1\ntraceparent: 00-{TRACE}-{PARENT}-01\nX-Request-ID: abc"
        )
        [span] = eventually(lambda: collector.named("GET /api/jobs/<job_id:job_id>/"))
        assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
        assert values(span) | {"http.response.status_code": ""} == {
            "http.request.method": "GET",
            "http.route": "/api/jobs/<job_id:job_id>/",
            "http.response.status_code": "",
            "request_id": "abc",
        }
        below = [each for each in collector.spans if each.parent_span_id == span.span_id]
        assert below
        assert {values(each)["db.system.name"] for each in below} == {"postgresql"}
        assert any("FROM job" in values(each)["db.query.text"] for each in below)
        resource = collector.resources[0]
        assert resource["service.name"] == "job-dashboard"
        assert resource["service.version"]
        assert TRACE in server.log.read_text()
    text = "".join(str(each) for each in collector.spans)
    assert "Secret" not in text


def test_a_search_does_not_tell_what_was_searched(collector: Collector, tmp_path: Path) -> None:
    with traced(collector, tmp_path) as server:
        server.get("/api/jobs/?q=hidden-wing%20status:failed&ordering=name")
        eventually(lambda: collector.named("GET /api/jobs/"))
    text = "".join(str(each) for each in collector.spans)
    assert "SELECT" in text
    assert "hidden-wing" not in text


def test_without_a_client_the_log_has_the_id_of_the_trace(
    collector: Collector, tmp_path: Path
) -> None:
    with traced(collector, tmp_path) as server:
        server.get("/api/jobs/counts/")
        [span] = eventually(lambda: collector.named("GET /api/jobs/counts/"))
        assert f'"trace_id": "{span.trace_id.hex()}"' in server.log.read_text()


def test_a_client_decides_whether_it_is_traced(collector: Collector, tmp_path: Path) -> None:
    with traced(collector, tmp_path, OTEL_TRACES_SAMPLER_ARG="0") as server:
        server.get("/api/jobs/counts/")
        server.ask(f"GET /api/ HTTP/1.1\ntraceparent: 00-{TRACE}-{PARENT}-01")
        eventually(lambda: collector.named("GET /api/"))
    assert not collector.named("GET /api/jobs/counts/")


def test_the_headers_reach_the_collector(collector: Collector, tmp_path: Path) -> None:
    headers = "authorization=Bearer%20abc,x-team=fluid"
    with traced(collector, tmp_path, OTEL_EXPORTER_OTLP_HEADERS=headers) as server:
        server.get("/api/")
        eventually(lambda: collector.spans)
    assert collector.headers[0]["authorization"] == "Bearer abc"
    assert collector.headers[0]["x-team"] == "fluid"


def test_a_collector_that_hangs_or_is_away_delays_nothing(
    collector: Collector, tmp_path: Path
) -> None:
    collector.hangs = True
    with traced(collector, tmp_path) as server:
        for _ in range(50):
            assert b" 200 OK" in server.get("/api/jobs/counts/")
    other = tmp_path / "away"
    other.mkdir()
    with traced(collector, other, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9") as server:
        assert b" 200 OK" in server.get("/api/jobs/counts/")
        assert problem_in(server.get("/api/jobs/0/"))["code"]


def test_without_an_endpoint_nothing_of_it_is_imported() -> None:
    script = (
        "import project.wsgi, sys; print([name for name in sys.modules if 'opentelemetry' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("endpoint", "headers", "ratio", "message"),
    [
        ("127.0.0.1:4318", "", "1", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("http://", "", "1", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("http://a:1", "bearer", "1", "OTEL_EXPORTER_OTLP_HEADERS"),
        ("http://a:1", "", "2", "OTEL_TRACES_SAMPLER_ARG"),
        ("http://a:1", "", "some", "OTEL_TRACES_SAMPLER_ARG"),
    ],
)
def test_wrong_settings_are_named(endpoint: str, headers: str, ratio: str, message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(message)):
        telemetry(endpoint, headers, "job-dashboard", ratio)
    assert telemetry("", headers, "job-dashboard", ratio) == {}
