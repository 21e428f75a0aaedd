"""What a tab keeps in memory after a day's work: live updates, page turns, dialogs. The page's clock is moved."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from jobs.browser_tests.memory import Kept, Memory
from jobs.browser_tests.polling import LONGEST_DELAY_MS, next_poll

WORK = ("Control+k", "Escape", "?", "Escape", "Shift+D", "Escape", "x", "Shift+J", "Escape")


@dataclass(frozen=True)
class Hours:
    hours: float
    polls: int
    dialogs: int
    turns: int
    warm: Kept
    """After a tenth of it."""
    end: Kept


def measure(browser: Browser, address: str, hours: float, rounds: int) -> Hours:
    """`rounds` times the work that operators repeat, and the live updates of these hours."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.clock.install()
    # A search hides the chart, whose requests would time out when the clock runs ahead.
    page.goto(f"{address}/?page_size=50&q=created:>2000-01-01")
    expect(page.locator("html[data-complete]")).to_have_count(1)
    page.keyboard.press("j")
    memory = Memory(page)
    polls = round(hours * 3_600_000 / LONGEST_DELAY_MS)
    _work(page, rounds // 10, polls // 10)
    warm = memory.kept()
    _work(page, rounds - rounds // 10, polls - polls // 10)
    end = memory.kept()
    page.context.close()
    return Hours(hours, polls, 3 * rounds, 2 * rounds, warm, end)


def _work(page: Page, rounds: int, polls: int) -> None:
    for number in range(polls):
        next_poll(page)
        if number * rounds // polls != (number + 1) * rounds // polls:
            _round(page)


def _round(page: Page) -> None:
    for key in WORK:
        page.keyboard.press(key)
    for key in ("]", "["):
        with page.expect_response("**/?*cursor=*" if key == "]" else "**/?*"):
            page.keyboard.press(key)
        expect(page.locator(".htmx-request")).to_have_count(0)
