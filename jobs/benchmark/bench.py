"""The benchmark from end to end: load, then ask everything, at one size after the other."""

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
    loading,
    open_tabs,
    pairs,
    questions,
    streams,
    transfers,
)
from jobs.benchmark.app import App
from jobs.benchmark.counting import Counting
from jobs.benchmark.database import some_ids
from jobs.benchmark.deep import middle_page
from jobs.benchmark.disk import require_room
from jobs.benchmark.facts import Facts
from jobs.benchmark.in_process import Sample
from jobs.benchmark.limits import Limits
from jobs.benchmark.loading import Loaded
from jobs.benchmark.open_tabs import OpenTabs
from jobs.benchmark.pairs import Pair
from jobs.benchmark.questions import Asked
from jobs.benchmark.served import Load, clients
from jobs.benchmark.streams import Streams
from jobs.benchmark.transfers import Transfers
from jobs.seed_names import MANY, SHAPES

IDS = 256
Say = Callable[[str], None]


@dataclass(frozen=True)
class Results:
    """All that was measured at one size; the samples and loads by their call's name."""

    facts: Facts
    loaded: Loaded
    samples: dict[str, Sample]
    loads: dict[str, Load]
    counting: Counting
    comparison: dict[str, float]
    open_tabs: OpenTabs
    streams: Streams
    transfers: Transfers
    pairs: Sequence[Pair] = ()
    questions: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    """By the shape of the names."""


def run(sizes: Sequence[int], address: str, limits: Limits, say: Say) -> list[Results]:
    """One result for each size, smallest first; the pairs are measured at the largest."""
    require_room(max(sizes))
    with override_settings(ROOT_URLCONF="jobs.benchmark.urls"), _log_unseen():
        steps = pairwise([0, *sorted(sizes)])
        return [_run(*step, step[1] == max(sizes), address, limits, say) for step in steps]


def _run(before: int, size: int, largest: bool, address: str, limits: Limits, say: Say) -> Results:
    say(f"Loading, up to {size:,} jobs …")
    loaded = loading.load(size, before)
    found = facts.gather(settings.QUERY_BUDGET_MS)
    app, ids = App(), some_ids(IDS)
    middle = ids[len(ids) // 2]
    asked = [*calls.reads(middle_page([], middle), ids), *calls.writes(ids)]
    say("Comparing with the usual means …")
    usual = comparison.measure(found.jobs)
    measured: Sequence[Pair] = ()
    drawn: dict[str, Sequence[Asked]] = {}
    if largest:  # before anything is written
        say("Asking every filter, ordering and search …")
        measured = pairs.measure(app, middle, limits, say)
        say("Asking what nobody has chosen …")
        drawn[MANY] = questions.measure(app, limits.questions, limits.seed, say)
    say("Asking everything in this process …")
    samples = in_process.measure(app, [*calls.floors(), *asked], limits)
    say(f"Asking everything of the served dashboard, with {limits.clients} clients …")
    loads = {}
    with clients(
        address, asked, limits.clients, limits.served_seconds, limits.served_requests
    ) as reports:
        for load in reports:
            loads[load.name] = load
            say(f"  {load.name}: {load.answers:,} answers")
    say("Counting while the clients write …")
    counted = counting.measure(app, address, ids, limits)
    say(f"Opening {limits.tabs:,} tabs …")
    tabs = open_tabs.measure(address, limits.tabs, limits.tabs_seconds)
    say(f"Opening {limits.streams:,} streams of events …")
    heard = streams.measure(address, limits.streams, limits.streams_seconds)
    say("Exporting and importing …")
    moved = transfers.measure(app, found.jobs, limits.transfer_jobs, limits.transfer_repeats)
    if largest:  # the last that is done with the database
        for shape in [shape for shape in SHAPES if shape != MANY]:
            say(f"Loading {size:,} jobs with names of another shape ({shape}) …")
            loading.load_only(size, shape)
            say("Asking what nobody has chosen …")
            drawn[shape] = questions.measure(app, limits.questions, limits.seed, say)
    return Results(
        found, loaded, samples, loads, counted, usual, tabs, heard, moved, measured, drawn
    )


@contextmanager
def _log_unseen() -> Iterator[None]:
    """What the product logs in this process is written, as that is its work, but to nowhere."""
    with open(os.devnull, "w") as nowhere, ExitStack() as undo:
        for handler in logging.root.handlers:
            if type(handler) is logging.StreamHandler:
                undo.callback(handler.setStream, handler.stream)
                handler.setStream(nowhere)
        yield
