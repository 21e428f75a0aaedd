"""A browser against the running dashboard. Rule: what the browser complains of fails the test, unless the test says so."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from jobs.browser_tests.api import WORDS, Api, unique
from jobs.browser_tests.chromium import launch_options
from jobs.browser_tests.dashboard import Dashboard

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser's own address field is a page as well, which takes longer to load than ours. Of several such lists
    # Chromium reads the last, so that what Playwright switches off and matters here stands in it again.
    "--disable-features=HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding"
    ",WebUIOmniboxPopup,WebUIOmniboxAimPopup",
)
# What the browser, htmx and the loader of the islands write when a request fails
FAILED_REQUEST = (
    "^(Failed to load resource|htmx: htmx:error: Failed to fetch|TypeError: Failed to fetch)"
)

# An interface of the machine came or went: no fault of the page, and what it lost fails the test elsewhere
MACHINE = "net::ERR_NETWORK_CHANGED"

# A busy machine may be slow, and a tab whose questions take long asks less often; what never comes still fails.
expect.set_options(timeout=30_000)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "failing_requests: the test makes requests fail, which the browser may note"
    )


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    args = [*browser_type_launch_args.get("args", []), *QUIET]
    return {**browser_type_launch_args, **launch_options(playwright, args)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without animations, a page is looked at as it comes to rest."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def api(playwright: Playwright, base_url: str) -> Iterator[Api]:
    """The JSON API, to arrange jobs and to look at what was stored."""
    request = playwright.request.new_context(base_url=base_url)
    yield Api(request)
    request.dispose()


@pytest.fixture
def batch(api: Api) -> str:
    """What five jobs have in common; the list shows Five first."""
    batch = unique("batch")
    api.create_batch(batch, *WORDS)
    return batch


@pytest.fixture
def dashboard(page: Page) -> Dashboard:
    return Dashboard(page)


@pytest.fixture(autouse=True)
def no_complaints(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[None]:
    """Console errors and warnings, uncaught exceptions and violations of the security policy fail the test."""
    may_fail = request.node.get_closest_marker("failing_requests") is not None
    complaints: list[str] = []

    def hear(kind: str, text: str) -> None:
        allowed = (may_fail and re.search(FAILED_REQUEST, text)) or MACHINE in text
        if kind in ("error", "warning") and not allowed:
            complaints.append(f"{kind}: {text}")

    context.on("console", lambda message: hear(message.type, message.text))
    context.on("weberror", lambda error: hear("error", f"uncaught {error.error}"))
    yield
    assert complaints == []
