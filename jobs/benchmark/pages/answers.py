"""How soon a page of 200 jobs answers each key, on a processor four times as slow, beside a page that does nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from jobs.benchmark.pages.steps import Step

ROWS = 200
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
SETTLE_MS = 400
# Event Timing has steps of 8 ms, and leaves out what takes less than 16 ms.
SHORTEST_MS = 16.0
WATCH = """
  (() => {
    let found = { answers: [], tasks: [], shift: 0 };
    const observe = (type, record) => new PerformanceObserver((list) => list.getEntries().forEach(record))
      .observe({ type, durationThreshold: 16 });
    const record = ({ name, duration }) => { if (name.startsWith("key") || name === "input") found.answers.push(duration); };
    observe("event", record);
    observe("first-input", record);
    observe("longtask", ({ duration }) => found.tasks.push(duration));
    observe("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) found.shift += value; });
    window.measured = () => { const now = found; found = { answers: [], tasks: [], shift: 0 }; return now; };
  })()
"""
# Each key changes one text: the least that a page can do.
FLOOR = """
  <!doctype html><title>Floor</title><p id="text">0</p>
  <script>
    let pressed = 0;
    addEventListener("keydown", () => { pressed += 1; document.getElementById("text").textContent = pressed; });
  </script>
"""


@dataclass
class Answer:
    """One step, as often as it was measured: never, if the key loads another page."""

    step: Step
    ms: list[float] = field(default_factory=list)
    tasks: list[float] = field(default_factory=list)
    shift: float = 0.0

    @property
    def median(self) -> float:
        return median(self.ms)


@dataclass(frozen=True)
class Answers:
    floor: float
    """Median, in ms."""
    steps: list[Answer]


def measure(
    browser: Browser,
    address: str,
    steps: Iterator[Step],
    times: int,
    slowdown: float,
    say: Callable[[str], None],
) -> Answers:
    """Presses each key some times, and one on the bare page before each: what disturbs the machine affects both."""
    floor = slowed(browser, slowdown)
    floor.set_content(FLOOR)
    floor.evaluate(WATCH)
    page = slowed(browser, slowdown)
    page.add_init_script(WATCH)
    floors: list[float] = []
    found = []
    for step in steps:
        answer = Answer(step)
        if step.is_on_job_page or page.url != address_of_list(address):
            open_place(page, address, step)
        for _ in range(times):
            if bare := pressed(floor, "j"):
                floors.append(bare["ms"])
            prepare(page, address, step)
            one = pressed(page, step.key)
            if one is None:
                break
            answer.ms.append(one["ms"])
            answer.tasks += one["tasks"]
            answer.shift += one["shift"]
        took = f"{answer.median:.0f} ms" if answer.ms else "loads a page"
        say(f"{step.shown}: {step.label}: {took}")
        found.append(answer)
    floor.context.close()
    page.context.close()
    return Answers(median(floors), found)


def slowed(browser: Browser, slowdown: float) -> Page:
    page = browser.new_context(viewport=VIEWPORT, permissions=["clipboard-write"]).new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    return page


def address_of_list(address: str) -> str:
    return f"{address}/?page_size={ROWS}"


def open_place(page: Page, address: str, step: Step) -> None:
    """The list with the cursor on a job in the middle of the window, or a job's page."""
    page.goto(address_of_list(address))
    expect(page.locator("html[data-complete]")).to_have_count(1, timeout=60_000)
    page.keyboard.press("5")
    page.keyboard.press("j")
    if step.is_on_job_page:
        page.keyboard.press("o")
        page.wait_for_url("**/jobs/**")
        expect(page.locator("html[data-complete]")).to_have_count(1, timeout=60_000)
    page.wait_for_timeout(SETTLE_MS)


def prepare(page: Page, address: str, step: Step) -> None:
    """Closes what is open, and presses the keys that come first."""
    if page.locator("dialog[open], [aria-expanded=true][role=combobox]").count() > 0:
        page.keyboard.press("Escape")
    elif page.evaluate("() => document.activeElement.matches('input:not([type=checkbox])')"):
        # A text may have been typed.
        open_place(page, address, step)
    for key in step.before:
        page.keyboard.press(key)
    page.wait_for_timeout(SETTLE_MS)


def pressed(page: Page, key: str) -> dict[str, Any] | None:
    """Presses the key; returns the longest time to the next paint, and what else happened. None if it loads a page."""
    page.evaluate("() => measured()")
    loads: list[Request] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            loads.append(request)

    page.on("request", note)
    page.keyboard.press(key)
    page.wait_for_timeout(SETTLE_MS)
    page.remove_listener("request", note)
    if loads:
        page.wait_for_url(loads[0].url)
        return None
    found = page.evaluate("() => measured()")
    return {**found, "ms": max(found["answers"], default=SHORTEST_MS)}
