"""What a call costs the application, held against the plainest answer of the same run.

Ratios of CPU time, the least of many rounds: a slow or busy machine changes both sides alike. Each ceiling
is about one and a half times what was measured.
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
"""What a busy machine adds is not there each time."""


@pytest.mark.django_db(transaction=True)
def test_no_call_costs_more_than_its_share_of_the_plain_answer(settings: Settings) -> None:
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
def test_an_unchanged_screen_costs_little_more_than_its_question(
    client: Client, settings: Settings
) -> None:
    fill(200)
    database_rows("ANALYZE job")
    tab = Tab(client)
    tab.ask()
    unchanged = get(tab.address, headers={"If-None-Match": tab.tag})
    live = Call("live", (replace(unchanged, expected=304),))
    settings.ROOT_URLCONF = "jobs.benchmark.urls"
    for _ in range(TRIES):
        samples = measure(App(), [*calls.floors(), live], Limits(rounds=100, call_seconds=3))
        assert not samples["live"].unexpected
        ratio = min(samples["live"].cpu) / min(samples[calls.PLAIN].cpu)
        if ratio <= LIVE_CEILING:
            break
    assert ratio <= LIVE_CEILING
