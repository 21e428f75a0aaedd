"""Live updates of a page whose clock is installed."""

from playwright.sync_api import Page

from jobs.browser_tests.dashboard import LIVE

# Beyond the longest delay between two polls, with its jitter: islands/src/live/poll-delay.ts
LONGEST_DELAY_MS = 133_000
PATIENCE_MS = 20


def next_poll(page: Page) -> None:
    """Moves the clock until the page polls, and then leaves it alone: a response that takes as long is given up.

    The page may not have processed the previous response, and thus not have planned the next request. How long it is
    waited for doubles, so that a slow page gets its time.
    """
    patience = PATIENCE_MS
    with page.expect_response(LIVE), page.expect_request(LIVE) as request:
        while not request.is_done():
            page.clock.fast_forward(LONGEST_DELAY_MS)
            page.wait_for_timeout(patience)
            patience *= 2
