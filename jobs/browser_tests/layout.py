"""Layout shifts, and pages wider than the window."""

from typing import Any

from playwright.sync_api import Locator, Page

WIDTHS = (1440, 768, 390, 320)
WATCH_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const parts = entry.sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 90));
      window.shifts.push([entry.value, parts]);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def shifts(page: Page) -> list[Any]:
    page.evaluate(TWO_FRAMES)
    return list(page.evaluate("() => window.shifts"))


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    root = "document.documentElement"
    return int(page.evaluate(f"() => {root}.scrollWidth - {root}.clientWidth"))


def expect_to_fit_every_width(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert (width, overflow(page)) == (width, 0)


def box(element: Locator) -> dict[str, float]:
    """Where the element is in the window."""
    found = element.bounding_box()
    assert found is not None
    x, y, width, height = found["x"], found["y"], found["width"], found["height"]
    return {
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "right": x + width,
        "bottom": y + height,
    }
