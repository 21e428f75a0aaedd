"""Measures the response time of each shortcut, and memory after hours of live updates. Run it manually:

    python -m jobs.browser_tests.measure http://127.0.0.1:8000 [--hours 8] [--slowdown 4]

Needs a dashboard with more than 400 disposable jobs: it sets and undoes statuses.
"""

import argparse
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect, sync_playwright

from jobs.browser_tests.chromium import launch_options

# From the key to the next paint, in steps of 8 ms, as in the browser's Event Timing API.
WATCH = """
  () => {
    window.measured = { keys: [], tasks: [], shift: 0 };
    const observe = (type, record) => new PerformanceObserver((list) => list.getEntries().forEach(record))
      .observe({ type, buffered: true, durationThreshold: 16 });
    observe("event", ({ name, duration }) => { if (name === "keydown") measured.keys.push(duration); });
    observe("longtask", ({ duration }) => measured.tasks.push(duration));
    observe("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) measured.shift += value; });
  }
"""
KEYS = {
    "j": "next job",
    "k": "previous job",
    "End": "last job on the page",
    "Home": "first job on the page",
    "x": "select",
    "Shift+j": "extend selection down",
    "Control+a": "select all on this page",
    "Escape": "clear selection",
    "r": "set to Running",
    "z": "undo",
    "Shift+d": "open delete dialog",
    "?": "keyboard shortcuts",
    "Control+k": "palette",
    "]": "next page",
    "[": "previous page",
    "/": "search",
}
CLOSED_BY_ESCAPE = {"Shift+d", "?", "Control+k", "/"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--slowdown", type=float, default=4)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(playwright))
        for rows in (50, 200):
            print(f"\n{rows} rows, CPU slowed down {options.slowdown:g} times")
            for line in answers(browser, options.address, rows, options.slowdown):
                print(line)
        print(f"\n{options.hours:g} hours of live updates")
        for line in hours(browser, options.address, options.hours):
            print(line)


def answers(browser: Browser, address: str, rows: int, slowdown: float) -> Iterator[str]:
    """Presses each key three times; yields the longest time to the next paint, long tasks and layout shifts."""
    page = opened(browser, f"{address}/?{urlencode({'page_size': rows})}")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.wait_for_timeout(2_000)
    page.evaluate(WATCH)
    page.wait_for_timeout(500)
    yield f"  long tasks while loading, ms: {taken(page)['tasks'] or 'none'}"
    for key, meaning in KEYS.items():
        page.keyboard.press("j")
        page.wait_for_timeout(300)
        taken(page)
        for _ in range(3):
            page.keyboard.press(key)
            page.wait_for_timeout(900)
            if key in CLOSED_BY_ESCAPE:
                found = taken(page)
                page.keyboard.press("Escape")
                page.wait_for_timeout(500)
                taken(page)
                page.evaluate("(found) => { measured = found }", found)
        found = taken(page)
        longest = max(found["keys"], default=0)
        tasks = [round(task) for task in found["tasks"]]
        shown = f"{longest:4.0f} ms" if longest else "< 16 ms"
        yield f"  {key:10} {meaning:22} {shown:>8}  long tasks {tasks or 'none'}  shift {found['shift']:.3f}"
    page.context.close()


def hours(browser: Browser, address: str, number: float) -> Iterator[str]:
    """Fast-forwards the page's clock; yields memory counters after a tenth of the time and after all of it."""
    # A search hides the chart, whose requests would time out when the clock runs ahead.
    page = opened(browser, f"{address}/?page_size=50&q=created:>2000-01-01", clock=True)
    page.wait_for_timeout(1_000)
    devtools = page.context.new_cdp_session(page)
    rounds = round(number * 3600 / 17)
    for upto in (rounds // 10, rounds - rounds // 10):
        for _ in range(upto):
            with page.expect_response("**/live/**"):
                page.clock.fast_forward(17_000)
        devtools.send("HeapProfiler.collectGarbage")
        counters = devtools.send("Memory.getDOMCounters")
        heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 2**20
        counted = ", ".join(f"{value:,} {name}" for name, value in counters.items())
        yield f"  {counted}, {heap:.1f} MB of heap"
    page.context.close()


def opened(browser: Browser, address: str, *, clock: bool = False) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    if clock:
        page.clock.install()
    page.goto(address)
    expect(page.get_by_role("button", name="Keyboard shortcuts", exact=True)).to_be_enabled()
    return page


def taken(page: Page) -> Any:
    """The measurements since the last call."""
    return page.evaluate(
        "() => { const found = measured; measured = { keys: [], tasks: [], shift: 0 }; return found }"
    )


if __name__ == "__main__":
    main()
