"""Every state of the pages at 200 % and 400 % zoom, with wider text spacing, in forced colors and without motion."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import box, overflow

# A window of 1440 × 900 at 200 % and 400 %, and WCAG's narrowest
WINDOWS = ((720, 450), (360, 225), (320, 256))
# WCAG 1.4.12
TEXT_SPACING = """
  () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
  }
"""
# Texts in an open dialog, or in a page of a message, that their own box cuts off. Names may be cut.
CUT = """
  () => [...(document.querySelector("dialog[open]") ?? document.querySelector("main")).querySelectorAll("*")]
    .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, bdi, svg, td, .name, #activity"))
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => getComputedStyle(element).clipPath === "none" && getComputedStyle(element).overflowX !== "visible")
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.outerHTML.slice(0, 120))
"""
RUNNING = "() => document.getAnimations().filter((one) => one.playState === 'running').length"
State = Callable[[], None]

pytestmark = pytest.mark.failing_requests  # the page that does not exist


@pytest.fixture(
    params=["palette", "help", "delete", "delete several", "rename", "not found", "job"]
)
def state(
    request: pytest.FixtureRequest, dashboard: Dashboard, page: Page, api: Api
) -> tuple[str, State]:
    """A name, and a function that brings the page into that state."""
    batch = unique("")
    jobs = [api.create(f"{word} turbine blade study {batch}") for word in ("One", "Two")]
    keys = {
        "palette": ["Control+k"],
        "help": ["?"],
        "delete": ["Shift+D"],
        "delete several": ["*", "a", "Shift+D"],
        "rename": ["e"],
    }

    def enter() -> None:
        if request.param == "not found":
            page.goto("/jobs/999999999999/")
        elif request.param == "job":
            dashboard.open_job(jobs[0]["id"])
        else:
            dashboard.open(search=batch)
            dashboard.press("j", *keys[request.param])
            expect(dashboard.dialog).to_be_visible()

    return request.param, enter


def test_zoom_loses_nothing(dashboard: Dashboard, page: Page, state: tuple[str, State]) -> None:
    name, enter = state
    enter()
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        if name in ("not found", "job"):
            continue
        edges = box(dashboard.dialog)
        assert edges["x"] >= 0
        assert edges["right"] <= width
        assert edges["y"] >= 0
        assert edges["bottom"] <= height
        last = dashboard.dialog.locator("button, input, [role=option]").last
        last.scroll_into_view_if_needed()
        expect(last).to_be_in_viewport()


def test_wider_text_spacing_cuts_nothing(page: Page, state: tuple[str, State]) -> None:
    _, enter = state
    enter()
    page.evaluate(TEXT_SPACING)
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CUT) == []
        assert overflow(page) == 0


def test_forced_colors_and_reduced_motion(page: Page, state: tuple[str, State]) -> None:
    _, enter = state
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    enter()
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(RUNNING) == 0
