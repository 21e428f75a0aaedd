"""How many elements a key makes the browser compute the style of: on a slow machine, that is most of the time to the next paint."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

ROWS = 200
# The help has 500 elements, and 200 rows 6,000: a key that restyles the rows exceeds this.
MAX_RESTYLED = 1_000


@pytest.fixture
def restyled(page: Page) -> Callable[[Callable[[], None]], int]:
    """Does something; returns for how many elements the browser has computed the style meanwhile."""
    devtools = page.context.new_cdp_session(page)

    def count(act: Callable[[], None]) -> int:
        events: list[dict[str, Any]] = []
        done: list[Any] = []
        devtools.once("Tracing.tracingComplete", lambda data: done.append(data))
        devtools.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
        config = {"includedCategories": ["devtools.timeline"]}
        devtools.send("Tracing.start", {"traceConfig": config, "transferMode": "ReportEvents"})
        act()
        devtools.send("Tracing.end")
        while not done:
            devtools.send(
                "Runtime.evaluate", {"expression": "0"}
            )  # receives what has come meanwhile
        return sum(
            event["args"].get("elementCount", 0)
            for event in events
            if event["name"] == "UpdateLayoutTree"
        )

    return count


def test_dialogs_leave_the_style_of_the_rows_alone(
    dashboard: Dashboard, page: Page, api: Api, restyled: Callable[[Callable[[], None]], int]
) -> None:
    batch = unique("batch")
    api.create_batch(batch, *(f"N{number:03}" for number in range(ROWS)))
    dashboard.open(search=batch, page_size=ROWS)
    expect(dashboard.rows()).to_have_count(ROWS)
    dashboard.press("j")

    def open_and_close(key: str) -> Callable[[], None]:
        def act() -> None:
            dashboard.press(key)
            expect(dashboard.dialog).to_be_visible()
            dashboard.press("Escape")
            expect(dashboard.dialog).to_have_count(0)

        return act

    counts = {key: restyled(open_and_close(key)) for key in ("?", "Control+k", "Shift+D", "v", "e")}
    assert {key: n for key, n in counts.items() if not 0 < n <= MAX_RESTYLED} == {}
