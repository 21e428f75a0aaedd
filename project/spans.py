"""OpenTelemetry: a span for each request, and below it one for each statement. Not imported without OTEL_EXPORTER_OTLP_ENDPOINT.

Spans have the text of statements but not their values, and the pattern of a URL but not its path or query: no name of a job.
Made in each process after it was forked, because the exporter has a thread. What cannot be delivered is dropped.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from jobs.version import VERSION
from project.tracing import working

# A receiver that hangs keeps the exporter's thread, and no request, for so long.
EXPORT_SECONDS: Final = 5
QUEUE: Final = 2_048
PROPAGATOR: Final = TraceContextTextMapPropagator()


def _provider() -> TracerProvider:
    """It exports what is left when the process ends."""
    resource = Resource.create(
        {"service.name": settings.OTEL["service"], "service.version": VERSION}
    )
    sampler = ParentBased(TraceIdRatioBased(settings.OTEL["ratio"]))
    provider = TracerProvider(sampler=sampler, resource=resource)
    exporter = OTLPSpanExporter(
        endpoint=f"{settings.OTEL['endpoint'].rstrip('/')}/v1/traces",
        headers=settings.OTEL["headers"],
        timeout=EXPORT_SECONDS,
    )
    provider.add_span_processor(
        BatchSpanProcessor(
            exporter, max_queue_size=QUEUE, export_timeout_millis=EXPORT_SECONDS * 1000
        )
    )
    return provider


provider: Final = _provider()
tracer: Final = provider.get_tracer("job-dashboard", VERSION)


@contextmanager
def of_request(environ: dict[str, Any], request_id: str) -> Iterator[Span]:
    """The span of a request, below that of the client's `traceparent`. The log gets the id of its trace."""
    names = ("traceparent", "tracestate")
    carrier = {name: environ.get(f"HTTP_{name.upper()}", "") for name in names}
    with tracer.start_as_current_span(
        environ["REQUEST_METHOD"],
        PROPAGATOR.extract(carrier),
        SpanKind.SERVER,
        attributes={"http.request.method": environ["REQUEST_METHOD"], "request_id": request_id},
    ) as span:
        working.trace_id = f"{span.get_span_context().trace_id:032x}"
        yield span


def end(span: Span, request: HttpRequest, response: HttpResponseBase) -> None:
    """Names the span after the pattern of the URL, which is known by now."""
    match = request.resolver_match
    if match is not None:
        span.update_name(f"{request.method} /{match.route}")
        span.set_attribute("http.route", f"/{match.route}")
    span.set_attribute("http.response.status_code", response.status_code)
    if response.status_code >= 500:
        span.set_status(Status(StatusCode.ERROR))


@contextmanager
def of_statement(query: object) -> Iterator[None]:
    """Below the span of the request; none elsewhere, and for a request that is not sampled."""
    if not get_current_span().is_recording():
        yield
        return
    attributes = {"db.system.name": "postgresql"}
    name = "statement"
    if isinstance(query, str):
        attributes["db.query.text"] = query
        name = (query.split(maxsplit=1) or [name])[0].upper()
    with tracer.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=attributes):
        yield
