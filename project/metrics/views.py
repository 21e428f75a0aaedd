"""`/metrics`, in the text format of Prometheus."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from jobs.version import VERSION
from project.metrics.database import PREFIX, DatabaseCollector

TYPE = "text/plain; version=0.0.4; charset=utf-8"


class BuildCollector:
    def collect(self) -> list[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            f"{PREFIX}build_info", "What is running.", labels=["version", "build"]
        )
        family.add_metric([VERSION, settings.BUILD], 1)
        return [family]


def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS:
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    for collector in (BuildCollector(), DatabaseCollector()):
        registry.register(collector)
    return HttpResponse(
        generate_latest(registry), content_type=TYPE, headers={"Cache-Control": "no-store"}
    )
