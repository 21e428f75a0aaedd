"""The CPU time of calls, relative to the plainest response in the same run.

Ratios of the minimum of many rounds: a slow or busy machine affects both alike. Each ceiling is about one and a half
times the measured ratio.
"""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import Settings

from jobs.benchmark import calls
from jobs.benchmark.app import App
from jobs.benchmark.in_process import measure
from jobs.benchmark.limits import Limits
from jobs.benchmark.requests import Call, get
from jobs.tests.factories import database_rows, fill
from jobs.tests.open_tab import Tab

CEILINGS = {
    calls.FIRST: 8,
    "list, two statuses": 9.5,
    "one job": 5,
    calls.COUNTS: 5,
    calls.FRAGMENT: 20,
    calls.PAGE: 24,
    "job page": 25,
    calls.CREATE: 8,
    calls.CHANGE: 8,
}

LIVE_CEILING = 8
TRIES = 3
"""Repeated, because the load of a busy machine varies."""


@pytest.mark.django_db(transaction=True)
def test_calls_stay_below_their_cpu_ceilings(settings: Settings) -> None:
    settings.ROOT_URLCONF = "jobs.benchmark.urls"
    ids = fill(200)
    database_rows("ANALYZE job")
    offered = [*calls.floors(), *calls.reads(None, ids), *calls.writes(ids)]
    measured = [call for call in offered if call.name in {calls.PLAIN, *CEILINGS}]
    for _ in range(TRIES):
        samples = measure(App(), measured, Limits(rounds=60, call_seconds=3))
        assert not [name for name, sample in samples.items() if sample.unexpected]
        floor = min(samples[calls.PLAIN].cpu)
        ratios = {name: round(min(samples[name].cpu) / floor, 1) for name in CEILINGS}
        over = {name: ratio for name, ratio in ratios.items() if ratio > CEILINGS[name]}
        if not over:
            break
    assert over == {}, ratios


@pytest.mark.django_db(transaction=True)
def test_unchanged_live_poll_stays_below_its_cpu_ceiling(
    client: Client, settings: Settings
) -> None:
    fill(200)
    database_rows("ANALYZE job")
    tab = Tab(client)
    tab.poll()
    unchanged = get(tab.url, headers={"If-None-Match": tab.tag})
    live = Call("live", (replace(unchanged, expected=304),))
    settings.ROOT_URLCONF = "jobs.benchmark.urls"
    for _ in range(TRIES):
        samples = measure(App(), [*calls.floors(), live], Limits(rounds=100, call_seconds=3))
        assert not samples["live"].unexpected
        ratio = min(samples["live"].cpu) / min(samples[calls.PLAIN].cpu)
        if ratio <= LIVE_CEILING:
            break
    assert ratio <= LIVE_CEILING
