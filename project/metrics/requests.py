"""Counts requests, for all processes together: each has files in PROMETHEUS_MULTIPROC_DIR, which the web server makes.

Few lines for each part of the dashboard, rather than for each URL: a scrape of one server has at most 200.
"""

from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Counter, Histogram

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OTHER: Final = "other"
# By the beginning of the URL's route; the first one that matches counts.
PARTS: Final = (
    ("api/events/", "events"),
    ("api/jobs/export/", "transfers"),
    ("api/jobs/import/", "transfers"),
    ("api/health/", "health"),
    ("api/", "api"),
    ("mcp/", "agents"),
    ("live/", "live"),
    ("watch/", "live"),
    ("login/", "accounts"),
    ("logout/", "accounts"),
    ("account/", "accounts"),
    ("tokens/", "accounts"),
    ("", "pages"),
)
BUCKETS: Final = (0.01, 0.1, 1.0)

# None registers itself: in each process, the collector of all of them reads the files.
requests: Final = Counter(
    "job_dashboard_requests",
    "Requests that were answered.",
    ["part", "method", "status"],
    registry=None,
)
seconds: Final = Histogram(
    "job_dashboard_request_seconds",
    "How long requests took until their response began.",
    ["part", "method"],
    buckets=BUCKETS,
    registry=None,
)


def observe(request: HttpRequest, response: HttpResponseBase, took: float) -> None:
    part = part_of(request)
    method = "read" if request.method in READS else "change"
    requests.labels(part, method, f"{response.status_code // 100}xx").inc()
    seconds.labels(part, method).observe(took)


def part_of(request: HttpRequest) -> str:
    """Unknown URLs and static files have no route: together they are one part, whatever clients make up."""
    match = request.resolver_match
    if match is None:
        return OTHER
    return next(part for beginning, part in PARTS if match.route.startswith(beginning))
