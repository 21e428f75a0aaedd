"""The measured calls: every read and every write of the product, and the two floors."""

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse

from jobs.benchmark.requests import Call, Request, create, get, job_list, send
from jobs.statuses import StatusType

PLAIN, RAW = "floor 1: plain JsonResponse", "floor 2: rows from json_agg"
FIRST, DEEP = "list, first page", "list, deep page"
PAGE, FRAGMENT = "HTML page", "HTML fragment"
COUNTS, CREATE, CHANGE = "counts", "create", "status change"
EVENTS = "events, page of 100"

COMMON, MEDIUM, RARE = "Simulation", "Alps", "#54321"
ALTERNATIVES, EXCLUSION = "Alps OR Quaternion", "Simulation -Alps"
LONG_RUNS, NO_WAITS = "duration:>1h", "waited:<1ms"
NONE, OLDEST, TWO_LETTERS, TWO_LETTERS_NONE = "Quaternion", "Legacy", "ti", "zq"

PROBE = "Queue depth probe"
NEW_JOB = create(PROBE)
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def floors() -> list[Call]:
    return [
        Call(PLAIN, (get("/bench/plain"),), served=False),
        Call(RAW, (get("/bench/raw"),), served=False),
    ]


def reads(deep: Request | None, ids: Sequence[int]) -> list[Call]:
    """`deep` is a page far from the list's start; `ids` are jobs that exist."""
    search = {
        "a common word": COMMON,
        "a medium word": MEDIUM,
        "a rare number": RARE,
        "no match": NONE,
        "oldest jobs only": OLDEST,
        "two letters": TWO_LETTERS,
    }
    pages = reverse("pages:job_list")
    return [
        _call(FIRST, job_list()),
        *([_call(DEEP, deep)] if deep else []),
        _call("list, one status", job_list(("status", StatusType.FAILED))),
        _call(
            "list, two statuses",
            job_list(("status", StatusType.PENDING), ("status", StatusType.FAILED)),
        ),
        _call("list, by name", job_list(("ordering", "name"))),
        _call("list, by last update", job_list(("ordering", "-updated_at"))),
        *(_call(f"search, {kind}", job_list(("search", term))) for kind, term in search.items()),
        _call("search, a common word by name", job_list(("search", COMMON), ("ordering", "name"))),
        _call("search, one of two words", job_list(("q", ALTERNATIVES))),
        _call("search, a word without another", job_list(("q", EXCLUSION))),
        _call("search, long runs", job_list(("q", LONG_RUNS))),
        _call("search, waits that no job had", job_list(("q", NO_WAITS))),
        Call("one job", tuple(get(_job(job_id)) for job_id in ids)),
        Call("status history", tuple(get(reverse("api:statuses", args=[i])) for i in ids)),
        _call(COUNTS, get(reverse("api:counts"))),
        _call(EVENTS, get(reverse("api:events"), [("after", "start")])),
        _call(PAGE, get(pages)),
        _call(FRAGMENT, get(pages, headers=HTMX)),
        Call("job page", tuple(get(reverse("pages:job_detail", args=[i])) for i in ids)),
        _call("invalid request", replace(job_list(("ordering", "color")), expected=400)),
        _call("health", get(reverse("api:health"))),
    ]


def writes(ids: Sequence[int]) -> list[Call]:
    return [
        _call(CREATE, NEW_JOB),
        Call(CHANGE, changes(ids)),
        Call(
            "rename",
            tuple(send("PATCH", _job(i), {"name": f"Renamed probe {i}"}) for i in ids),
        ),
        Call("delete", (Request("DELETE", "", expected=204),), fresh=True),
    ]


def changes(ids: Sequence[int]) -> tuple[Request, ...]:
    """Requests that set every job to RUNNING, then every job to COMPLETED."""
    return tuple(
        send("PATCH", _job(job_id), {"status_type": status})
        for status in (StatusType.RUNNING, StatusType.COMPLETED)
        for job_id in ids
    )


def _call(name: str, request: Request) -> Call:
    return Call(name, (request,))


def _job(job_id: int) -> str:
    return reverse("api:job", args=[job_id])
