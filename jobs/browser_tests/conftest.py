"""Browser tests against the running dashboard. Console errors and warnings fail a test."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from jobs.browser_tests.api import WORDS, Api, unique
from jobs.browser_tests.chromium import launch_options
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.logins import Accounts
from jobs.browser_tests.views import Views
from jobs.tests.served import served

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser's address bar is a page too, and loads more slowly than the dashboard. Chromium reads only the last
    # such list, so the relevant features that Playwright disables are repeated.
    "--disable-features=HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding"
    ",WebUIOmniboxPopup,WebUIOmniboxAimPopup",
)
# Logged by the browser, htmx and the loader of the islands when a request fails
FAILED_REQUEST = (
    "^(Failed to load resource|htmx: htmx:error: Failed to fetch|TypeError: Failed to fetch)"
)

# A network interface appeared or disappeared. Not the page's fault; if it lost a request, the test fails elsewhere.
NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"

# Generous for busy machines, where tabs also poll less often; what never happens still fails.
expect.set_options(timeout=30_000)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "failing_requests: the test makes requests fail, which the browser may log"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The tests for Firefox run with `--browser firefox` only."""
    is_for_firefox = collection_path.name == "firefox"
    return True if is_for_firefox and "firefox" not in config.getoption("browser") else None


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    args = [*browser_type_launch_args.get("args", []), *QUIET]
    return {**browser_type_launch_args, **launch_options(playwright, args)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without animations, so that pages are compared in their final state."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def api(playwright: Playwright, base_url: str) -> Iterator[Api]:
    """The JSON API, to create jobs and to check what was stored."""
    request = playwright.request.new_context(base_url=base_url)
    yield Api(request)
    request.dispose()


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of five jobs share; the list shows Five first."""
    batch = unique("batch")
    api.create_batch(batch, *WORDS)
    return batch


@pytest.fixture
def failed(api: Api) -> dict[str, Any]:
    """A job that has failed just now, and so is in each chart."""
    return api.create(unique("Drawn"), "RUNNING", "FAILED")


@pytest.fixture
def chart(page: Page) -> Locator:
    """The chart of status changes."""
    return page.get_by_role("region", name="Changes ")


@pytest.fixture
def slider(chart: Locator) -> Locator:
    return chart.get_by_role("slider")


@pytest.fixture
def blade_word(api: Api) -> str:
    """The word that the names of three jobs share: two pending ones, and a failed one."""
    word = unique("").strip()
    api.create(f"Pending blade {word}")
    api.create(f"Rotor {word}")
    api.create(f"Blade {word}", "FAILED")
    return word


@pytest.fixture
def rotor_word(api: Api) -> str:
    """The word that the names of three jobs share: a failed blade, a running and a pending rotor."""
    word = unique("").strip()
    api.create(f"Blade {word}", "FAILED")
    api.create(f"Rotor {word}", "RUNNING")
    api.create(f"Rotor two {word}")
    return word


@pytest.fixture
def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions")


@pytest.fixture
def options(suggestions: Locator) -> Locator:
    """The text that each one writes."""
    return suggestions.get_by_role("option").locator("bdi")


@pytest.fixture
def open_search(dashboard: Dashboard, suggestions: Locator) -> Callable[[str], None]:
    """Opens the list of a search, and goes to the end of its text, where suggestions work and are closed."""

    def opened(text: str) -> None:
        dashboard.open(**({"q": text} if text else {}))
        dashboard.press("/", "End")
        if text:
            dashboard.page.keyboard.type(" -")
            expect(suggestions).to_be_visible()
            dashboard.press("Backspace", "Backspace")
        else:
            expect(suggestions).to_be_visible()
            dashboard.press("Escape")
        expect(suggestions).to_be_hidden()
        expect(dashboard.search).to_have_value(text)

    return opened


@pytest.fixture
def dashboard(page: Page) -> Dashboard:
    return Dashboard(page)


@pytest.fixture(autouse=True)
def no_console_errors(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test on console errors and warnings, uncaught exceptions and violations of the security policy."""
    may_fail = request.node.get_closest_marker("failing_requests") is not None
    messages: list[str] = []

    def record(kind: str, text: str) -> None:
        allowed = (may_fail and re.search(FAILED_REQUEST, text)) or NETWORK_CHANGED in text
        if kind in ("error", "warning") and not allowed:
            messages.append(f"{kind}: {text}")

    context.on("console", lambda message: record(message.type, message.text))
    context.on("weberror", lambda error: record("error", f"uncaught {error.error}"))
    yield
    assert messages == []


@pytest.fixture
def views(playwright: Playwright, base_url: str) -> Iterator[Views]:
    """Deletes the views that the test has saved."""
    request = playwright.request.new_context(base_url=base_url)
    found = Views(request)
    yield found
    for view in found.all():
        if view["id"] not in found.kept:
            found.delete(view)
    request.dispose()


@pytest.fixture
def name() -> str:
    """Of a saved view."""
    return unique("View")


@pytest.fixture(scope="session")
def login_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A second web server on the same database, in login mode."""
    with served(tmp_path_factory.mktemp("login"), ACCESS="login") as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="session")
def accounts() -> Iterator[Accounts]:
    """By role. Their passwords are made up, and they are removed at the end."""
    command = [sys.executable, "-m", "jobs.browser_tests.accounts"]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())
