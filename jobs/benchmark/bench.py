"""The complete benchmark: for each size, load the jobs, then measure everything."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from django.conf import settings
from django.test.utils import override_settings

from jobs.benchmark import (
    calls,
    comparison,
    counting,
    facts,
    in_process,
    label_searches,
    loading,
    open_tabs,
    operations,
    pairs,
    random_searches,
    streams,
    tokens,
    transfers,
)
from jobs.benchmark.app import App
from jobs.benchmark.counting import Counting
from jobs.benchmark.database import some_ids
from jobs.benchmark.deep_pages import middle_page
from jobs.benchmark.disk import require_space
from jobs.benchmark.facts import Facts
from jobs.benchmark.in_process import Sample
from jobs.benchmark.limits import Limits
from jobs.benchmark.loading import Loaded
from jobs.benchmark.open_tabs import OpenTabs
from jobs.benchmark.operations import Operations
from jobs.benchmark.pairs import Pair
from jobs.benchmark.random_searches import RandomSearch
from jobs.benchmark.served import Load, clients
from jobs.benchmark.streams import Streams
from jobs.benchmark.tokens import TokenCost
from jobs.benchmark.transfers import Transfers
from jobs.seeding.names import MANY, SHAPES

IDS = 256
Say = Callable[[str], None]


@dataclass(frozen=True)
class Results:
    """All measurements at one size; samples and loads by the name of their call."""

    facts: Facts
    loaded: Loaded
    samples: dict[str, Sample]
    loads: dict[str, Load]
    counting: Counting
    comparison: dict[str, float]
    open_tabs: OpenTabs
    streams: Streams
    transfers: Transfers
    token_cost: TokenCost
    pairs: Sequence[Pair] = ()
    random_searches: Mapping[str, Sequence[RandomSearch]] = field(default_factory=dict)
    """By the shape of the names in the database, and those for labels and keys."""
    operations: Operations | None = None


def run(sizes: Sequence[int], address: str, limits: Limits, say: Say) -> list[Results]:
    """One result for each size, smallest first; pairs and operations are measured only at the largest."""
    require_space(max(sizes))
    with override_settings(ROOT_URLCONF="jobs.benchmark.urls"), _discard_logs():
        steps = pairwise([0, *sorted(sizes)])
        return [_run(*step, step[1] == max(sizes), address, limits, say) for step in steps]


def _run(before: int, size: int, largest: bool, address: str, limits: Limits, say: Say) -> Results:
    say(f"Loading, up to {size:,} jobs …")
    loaded = loading.load(size, before)
    found = facts.gather(settings.QUERY_BUDGET_MS)
    app, ids = App(), some_ids(IDS)
    middle = ids[len(ids) // 2]
    all_calls = [*calls.reads(middle_page([], middle), ids), *calls.writes(ids)]
    say("Measuring the alternatives …")
    alternatives = comparison.measure(found.jobs)
    measured: Sequence[Pair] = ()
    drawn: dict[str, Sequence[RandomSearch]] = {}
    amount = limits.random_searches, limits.seed
    if largest:  # before anything is written
        say("Measuring every filter, ordering and search …")
        measured = pairs.measure(app, middle, limits, say)
        say("Measuring random searches …")
        drawn[MANY] = random_searches.measure(app, random_searches.draw(*amount), say)
    say("Measuring every call in process …")
    samples = in_process.measure(app, [*calls.floors(), *all_calls], limits)
    say("Measuring calls with an API token …")
    by_name = {call.name: call.requests[0] for call in all_calls}
    named = {name: by_name[name] for name in (calls.COUNTS, calls.FIRST)}
    token_cost = tokens.measure(app, named, limits)
    say(f"Measuring every call on the served dashboard, with {limits.clients} clients …")
    loads = {}
    with clients(
        address, all_calls, limits.clients, limits.served_seconds, limits.served_requests
    ) as reports:
        for load in reports:
            loads[load.name] = load
            say(f"  {load.name}: {load.responses:,} responses")
    say("Measuring the counts while clients write …")
    counted = counting.measure(app, address, ids, limits)
    say(f"Opening {limits.tabs:,} tabs …")
    tabs = open_tabs.measure(address, limits.tabs, limits.tabs_seconds)
    say(f"Opening {limits.streams:,} event streams …")
    streamed = streams.measure(address, limits.streams, limits.streams_seconds)
    say("Exporting and importing …")
    moved = transfers.measure(app, found.jobs, limits.transfer_jobs, limits.transfer_repeats)
    operated = None
    if largest:  # last, because it replaces the jobs
        say("Running operations …")
        operated = operations.measure(app, address, limits)
        say("Measuring searches for labels and keys …")
        label_searches.add()
        queries = label_searches.draw(*amount)
        drawn[label_searches.SHAPE] = random_searches.measure(app, queries, say)
        for shape in [shape for shape in SHAPES if shape != MANY]:
            say(f"Loading {size:,} jobs with names of another shape ({shape}) …")
            loading.load_shape(size, shape)
            say("Measuring random searches …")
            drawn[shape] = random_searches.measure(app, random_searches.draw(*amount), say)
    return Results(
        found,
        loaded,
        samples,
        loads,
        counted,
        alternatives,
        tabs,
        streamed,
        moved,
        token_cost,
        measured,
        drawn,
        operated,
    )


@contextmanager
def _discard_logs() -> Iterator[None]:
    """Redirects the log output to /dev/null: formatting it is part of the measured work."""
    with open(os.devnull, "w") as nowhere, ExitStack() as undo:
        for handler in logging.root.handlers:
            if type(handler) is logging.StreamHandler:
                undo.callback(handler.setStream, handler.stream)
                handler.setStream(nowhere)
        yield
