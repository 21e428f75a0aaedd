"""Islands survive every swap: none leaks, none loses its state, the focus stays."""

from typing import Any

import pytest
from playwright.sync_api import JSHandle, Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, Dashboard

WORDS = ("Delta", "alpha", "Echo", "bravo")
ISLANDS = "() => [...document.querySelectorAll('job-status')]"
# React sets a property on the container of a mounted root, and sets it to null when the root is unmounted.
STATES = """
  (islands) => islands.map((island) => {
    const mark = Object.keys(island).find((key) => key.startsWith("__reactContainer$"));
    const isMounted = mark !== undefined && island[mark] !== null;
    return [island.isConnected, isMounted];
  })
"""


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of four jobs share."""
    batch = unique("batch")
    api.create_batch(batch, *WORDS)
    return batch


def expect_all_mounted_and_none_leaked(page: Page, ever_seen: JSHandle) -> None:
    """An island is mounted exactly while its element is in the document."""
    for connected, mounted in page.evaluate(STATES, ever_seen):
        assert connected == mounted
    islands = page.evaluate_handle(ISLANDS)
    assert {tuple(state) for state in page.evaluate(STATES, islands)} <= {(True, True)}


def test_swaps_leak_no_islands(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch, page_size=2)
    expect(page.get_by_role("combobox", name="Status of")).to_have_count(2)
    first = page.evaluate_handle(ISLANDS)
    assert page.evaluate(STATES, first) == [[True, True], [True, True]]
    dashboard.link("Older →").click()
    expect(dashboard.status(f"Delta {batch}")).to_be_visible()
    expect(page.get_by_role("combobox", name="Status of")).to_have_count(2)
    expect_all_mounted_and_none_leaked(page, first)
    second = page.evaluate_handle(ISLANDS)
    dashboard.link("Name").click()
    expect(dashboard.status(f"bravo {batch}")).to_be_visible()
    expect(page.get_by_role("combobox", name="Status of")).to_have_count(2)
    expect_all_mounted_and_none_leaked(page, second)
    page.go_back()
    expect(dashboard.status(f"Delta {batch}")).to_be_visible()
    expect(page.get_by_role("combobox", name="Status of")).to_have_count(2)
    expect_all_mounted_and_none_leaked(page, second)


def test_sorting_moves_islands_with_their_rows(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.choose_status(f"alpha {batch}", "Running")
    dashboard.choose_status(f"Echo {batch}", "Failed")
    dashboard.expect_counts(Running=1, Failed=1, Pending=2)
    islands = page.evaluate_handle(ISLANDS)
    dashboard.link("Name").click()
    expect(dashboard.rows().first).to_have_text(f"alpha {batch}")
    expect(dashboard.status(f"alpha {batch}")).to_have_text("Running")
    expect(dashboard.status(f"Echo {batch}")).to_have_text("Failed")
    expect(dashboard.status(f"bravo {batch}")).to_have_text("Pending")
    assert page.evaluate(STATES, islands) == [[True, True]] * 4


def test_refresh_shows_changes_by_other_clients(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.choose_status(f"Delta {batch}", "Running")
    dashboard.expect_counts(Running=1)
    api.set_status(api.named(f"Echo {batch}")[0]["id"], "COMPLETED")
    dashboard.submit_name(f"New {batch}")
    expect(dashboard.status(f"New {batch}")).to_have_text("Pending")
    expect(dashboard.status(f"Echo {batch}")).to_have_text("Completed")
    expect(dashboard.status(f"Delta {batch}")).to_have_text("Running")


def test_focus_stays_on_a_row_while_the_table_is_refreshed(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    control = dashboard.status(f"Echo {batch}")

    def focus_the_row(route: Route) -> None:
        control.focus()
        route.continue_()

    page.route(API, focus_the_row, times=1)
    dashboard.submit_name(f"New {batch}")
    expect(dashboard.status(f"New {batch}")).to_be_visible()
    expect(control).to_be_focused()
    expect(dashboard.name).to_have_value("")


def test_unfinished_text_survives_a_refresh(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.name.fill("Half a na")
    dashboard.ask_to_delete(f"Echo {batch}")
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(dashboard.link(f"Echo {batch}")).to_have_count(0)
    expect(dashboard.name).to_have_value("Half a na")


def test_slow_list_does_not_undo_a_newer_status(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    """The list is fetched before the change and arrives after it."""
    dashboard.open(search=batch)
    control = dashboard.status(f"Echo {batch}")

    def arrive_late(route: Route) -> Any:
        answer = route.fetch()
        dashboard.choose_status(f"Echo {batch}", "Failed")
        dashboard.expect_counts(Failed=1)
        route.fulfill(response=answer)

    page.route("**/*ordering=name*", arrive_late, times=1)
    dashboard.link("Name").click()
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "ascending")
    expect(control).to_have_text("Failed")
