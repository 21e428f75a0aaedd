"""The work of each call: how many functions Python calls, and how many queries the database gets.

Each ceiling of function calls is about a tenth above what was counted.
"""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jobs.benchmark import calls
from jobs.benchmark.app import App
from jobs.benchmark.requests import Call, Request, get
from jobs.benchmark.tokens import login_app
from jobs.tests.access.tokens.conftest import make_token
from jobs.tests.benchmark.function_calls import least_calls
from jobs.tests.factories import database_rows, fill
from jobs.tests.open_tab import Tab

LIVE = "live poll, unchanged"
CEILINGS = {
    calls.FIRST: (2_050, 2),
    "list, two statuses": (2_370, 2),
    "one job": (1_260, 1),
    calls.COUNTS: (1_230, 1),
    calls.FRAGMENT: (11_800, 4),
    calls.PAGE: (18_200, 4),
    "job page": (9_250, 6),
    calls.CREATE: (1_890, 1),
    calls.CHANGE: (1_990, 1),
    LIVE: (2_010, 1),
}
"""Function calls and queries. Pages read the durations of their jobs and the saved views by a query each."""
WITH_TOKEN = (1_520, 2)


@pytest.fixture
def offered(client: Client, settings: Settings, transactional_db: None) -> dict[str, Call]:
    """The calls by name, on 200 jobs."""
    ids = fill(200)
    database_rows("ANALYZE job")
    tab = Tab(client)
    tab.poll()
    unchanged = replace(get(tab.url, headers={"If-None-Match": tab.tag}), expected=304)
    settings.ROOT_URLCONF = "jobs.benchmark.urls"
    found = [*calls.reads(None, ids), *calls.writes(ids), Call(LIVE, (unchanged,))]
    return {call.name: call for call in found}


@pytest.mark.parametrize("name", CEILINGS)
def test_a_call_stays_below_its_ceilings(offered: dict[str, Call], name: str) -> None:
    assert_below(App(), offered[name].requests[0], CEILINGS[name])


def test_a_call_with_a_token_stays_below_its_ceilings(
    offered: dict[str, Call], settings: Settings
) -> None:
    """Besides the counts themselves, all that login mode does for a token, with a limit of requests."""
    settings.RATE_LIMIT_PER_SECOND = settings.RATE_LIMIT_BURST = 1_000
    header = {"Authorization": f"Bearer {make_token().text}"}
    counts = replace(offered[calls.COUNTS].requests[0], headers=header)
    assert_below(login_app(), counts, WITH_TOKEN)


def assert_below(app: App, request: Request, ceilings: tuple[int, int]) -> None:
    most_calls, most_queries = ceilings
    assert least_calls(lambda: app.expect(request)) <= most_calls
    with CaptureQueriesContext(connection) as queries:
        app.expect(request)
    assert len(queries) <= most_queries, queries.captured_queries
