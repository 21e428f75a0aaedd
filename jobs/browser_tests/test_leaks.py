"""Pages that stay open for days keep nothing of what they have shown: no elements, no listeners, no documents."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.memory import Kept, Memory
from jobs.browser_tests.polling import next_poll

WARM, MORE = 3, 12
STATUSES = ("RUNNING", "FAILED", "COMPLETED", "PENDING")
# Fewer than one for each time that something is done. Less is not a leak: caches fill up to a limit.
SLACK = MORE - 1


@pytest.fixture
def batch(api: Api) -> str:
    batch = unique("batch")
    api.create_batch(batch, *(f"N{number:02}" for number in range(12)))
    return batch


@pytest.fixture
def grown(page: Page) -> Callable[[Callable[[int], None]], dict[str, int]]:
    """Does something some more times after it has been done a few times; returns what has grown since by more than SLACK."""

    def measure(again: Callable[[int], None]) -> dict[str, int]:
        memory = Memory(page)
        for number in range(WARM):
            again(number)
        before = memory.kept()
        for number in range(WARM, WARM + MORE):
            again(number)
        return differences(before, memory.kept())

    return measure


def differences(before: Kept, after: Kept) -> dict[str, int]:
    kinds = ("documents", "detached", "listeners")
    growth = {kind: getattr(after, kind) - getattr(before, kind) for kind in kinds}
    return {kind: number for kind, number in growth.items() if number > SLACK}


def test_dialogs_and_menus_are_released(
    dashboard: Dashboard, page: Page, batch: str, grown: Callable[..., dict[str, int]]
) -> None:
    dashboard.open(search=batch, page_size=6)
    dashboard.press("j")
    status = dashboard.status(f"N11 {batch}")

    def open_everything(number: int) -> None:
        for key in ("Control+k", "?", "e", "Shift+D"):
            dashboard.press(key)
            expect(dashboard.dialog).to_be_visible()
            dashboard.press("Escape")
            expect(dashboard.link(f"N11 {batch}")).to_be_focused()
        status.press("Enter")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("Escape")
        dashboard.press("x", "Shift+J", "Shift+D")
        expect(dashboard.dialog).to_be_visible()
        dashboard.press("Escape")
        expect(dashboard.link(f"N10 {batch}")).to_be_focused()
        dashboard.press("Escape", "k")
        expect(dashboard.bar).to_be_hidden()

    assert grown(open_everything) == {}


def test_pages_and_searches_are_released(
    dashboard: Dashboard, page: Page, batch: str, grown: Callable[..., dict[str, int]]
) -> None:
    dashboard.open(search=batch, page_size=6)
    dashboard.press("j")

    def turn(number: int) -> None:
        dashboard.press("]")
        expect(dashboard.link(f"N05 {batch}")).to_be_focused()
        dashboard.press("[")
        expect(dashboard.link(f"N11 {batch}")).to_be_focused()
        dashboard.press("s", "n")
        expect(dashboard.link(f"N00 {batch}")).to_be_focused()
        dashboard.press("s", "c")
        expect(dashboard.link(f"N11 {batch}")).to_be_focused()

    assert grown(turn) == {}


def test_changes_and_their_notices_are_released(
    dashboard: Dashboard, page: Page, batch: str, grown: Callable[..., dict[str, int]]
) -> None:
    dashboard.open(search=batch, page_size=6)
    dashboard.press("j")

    def change(number: int) -> None:
        dashboard.press("r")
        expect(dashboard.toast).to_contain_text("is now Running.")
        dashboard.press("z")
        expect(dashboard.toast).to_contain_text("restored to Pending.")
        dashboard.press("Escape")
        expect(dashboard.toast).to_have_text("")

    assert grown(change) == {}


def test_live_updates_are_released(
    dashboard: Dashboard, page: Page, api: Api, batch: str, grown: Callable[..., dict[str, int]]
) -> None:
    page.clock.install()
    dashboard.open(search=batch, page_size=6)
    name = f"N11 {batch}"
    job = api.named(name)[0]["id"]

    def change(number: int) -> None:
        """Another client changes a job; polls before and after it."""
        status = STATUSES[number % len(STATUSES)]
        api.set_status(job, status)
        while dashboard.status(name).inner_text() != status.capitalize():
            next_poll(page)
        for _ in range(4):
            next_poll(page)

    assert grown(change) == {}
