"""Live updates of a page whose clock is installed."""

from playwright.sync_api import Page

from jobs.browser_tests.dashboard import LIVE

# Beyond the longest delay between two polls, with its jitter: islands/src/live/poll-delay.ts
LONGEST_DELAY_MS = 133_000


def next_poll(page: Page) -> None:
    """Moves the clock until the page has polled."""
    with page.expect_response(LIVE) as response:
        # The page may not have processed the previous response, and thus not have planned the next request.
        while not response.is_done():
            page.clock.fast_forward(LONGEST_DELAY_MS)
