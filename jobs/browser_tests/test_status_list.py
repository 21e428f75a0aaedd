"""The list of statuses: looking through it sends nothing, and it is operated by keyboard, mouse and touch."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, Dashboard
from jobs.browser_tests.layout import TWO_FRAMES, box


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Turbine"))


@pytest.fixture
def control(dashboard: Dashboard, job: dict[str, Any]) -> Locator:
    """The status of the only job in the list."""
    return dashboard.open(search=job["name"]).status(job["name"])


@pytest.fixture
def changes(dashboard: Dashboard, control: Locator) -> list[str]:
    """All changes that the page sends."""
    return dashboard.requests(lambda request: request.method == "PATCH")


def expect_active(dashboard: Dashboard, control: Locator, label: str) -> None:
    """The list is open, and screen readers are told the same active option that is drawn."""
    option = dashboard.status_option(label)
    expect(option).to_have_attribute("data-active", "")
    expect(control).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    expect(control).to_be_focused()


def expect_closed(page: Page, control: Locator) -> None:
    expect(page.get_by_role("listbox", name="Status of")).to_have_count(0)
    expect(control).to_have_attribute("aria-expanded", "false")


def test_arrows_send_nothing_until_enter(
    dashboard: Dashboard,
    page: Page,
    api: Api,
    job: dict[str, Any],
    control: Locator,
    changes: list[str],
) -> None:
    control.focus()
    for label in ("Pending", "Running", "Completed", "Failed"):
        dashboard.press("ArrowDown")
        expect_active(dashboard, control, label)
    expect(control).to_have_text("Pending")
    dashboard.press("ArrowUp")
    assert changes == []
    with page.expect_response(API):
        dashboard.press("Enter")
    expect_closed(page, control)
    expect(control).to_have_text("Completed")
    expect(control).to_be_focused()
    assert len(changes) == 1
    assert api.statuses(job["id"]) == ["COMPLETED", "PENDING"]


@pytest.mark.parametrize("key", ["Escape", "Tab", "Shift+Tab"])
def test_keys_that_give_up(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any], control: Locator, key: str
) -> None:
    control.focus()
    dashboard.press("ArrowDown", "End", key)
    expect_closed(page, control)
    expect(control).to_have_text("Pending")
    if key == "Escape":
        expect(control).to_be_focused()
    if key == "Tab":
        expect(dashboard.link(job["name"])).to_be_focused()
    dashboard.press("x")  # the keys of the page work again
    expect(dashboard.checkbox(job["name"])).to_be_checked()
    assert api.statuses(job["id"]) == ["PENDING"]


@pytest.mark.parametrize("elsewhere", ["the header", "the control", "another window", "a dialog"])
def test_turning_elsewhere_gives_up(
    dashboard: Dashboard, page: Page, control: Locator, changes: list[str], elsewhere: str
) -> None:
    ways: dict[str, Callable[[], None]] = {
        "the header": lambda: page.get_by_role("banner").click(position={"x": 3, "y": 3}),
        "the control": control.click,
        "another window": lambda: page.evaluate("() => document.activeElement.blur()"),
        "a dialog": lambda: dashboard.press("Control+k"),
    }
    control.click()
    dashboard.press("End")
    ways[elsewhere]()
    expect_closed(page, control)
    expect(control).to_have_text("Pending")
    assert changes == []


def test_letters_find_a_status_and_never_choose_it(
    dashboard: Dashboard, page: Page, control: Locator, changes: list[str]
) -> None:
    control.focus()
    dashboard.press("f")
    expect_active(dashboard, control, "Failed")
    dashboard.press("r", "u", "n")
    expect_active(dashboard, control, "Running")
    expect(control).to_have_text("Pending")
    assert changes == []
    dashboard.press("Space")
    expect_closed(page, control)
    expect(control).to_have_text("Running")


def test_no_command_of_the_page_runs_while_it_is_open(
    dashboard: Dashboard,
    page: Page,
    api: Api,
    job: dict[str, Any],
    control: Locator,
    changes: list[str],
) -> None:
    address = page.url
    control.click()
    dashboard.press(
        "f", "j", "x", "z", "o", "]", "/", "n", "Shift+d", "Shift+j", "*", "a", "?", "g", "p"
    )
    expect_active(dashboard, control, "Pending")
    expect(dashboard.dialog).to_have_count(0)
    expect(dashboard.checkbox(job["name"])).not_to_be_checked()
    assert changes == []
    assert page.url == address
    dashboard.press("Escape", "f")
    expect_active(dashboard, control, "Failed")
    dashboard.press("Escape", "x", "Escape")
    expect(dashboard.checkbox(job["name"])).not_to_be_checked()
    assert api.statuses(job["id"]) == ["PENDING"]


def test_a_click_chooses_and_a_double_click_opens(
    dashboard: Dashboard, page: Page, control: Locator, changes: list[str]
) -> None:
    control.dblclick()
    dashboard.status_option("Completed").hover()
    expect_active(dashboard, control, "Completed")
    dashboard.status_option("Failed").click()
    expect_closed(page, control)
    expect(control).to_have_text("Failed")
    expect(control).to_be_focused()
    assert len(changes) == 1


def test_choosing_the_current_status_appends_nothing(
    dashboard: Dashboard, page: Page, control: Locator, changes: list[str]
) -> None:
    control.click()
    expect(dashboard.status_option("Pending")).to_have_attribute("aria-selected", "true")
    dashboard.status_option("Pending").click()
    expect_closed(page, control)
    dashboard.press("Enter", "Enter")
    expect_closed(page, control)
    assert changes == []


def test_it_leaves_with_its_row(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.status(f"Three {batch}").click()
    dashboard.press("End")
    dashboard.tab("Failed").evaluate("tab => tab.click()")
    expect(dashboard.rows()).to_have_count(0)
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert {found["current_status"] for found in api.named(batch)} == {"PENDING"}


def test_it_stays_with_a_row_that_is_sorted(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    control = dashboard.status(f"One {batch}")
    control.click()
    dashboard.press("End")
    dashboard.heading("Name").get_by_role("link").evaluate("link => link.click()")
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "ascending")
    expect_active(dashboard, control, "Failed")
    page.evaluate(TWO_FRAMES)
    gap = box(page.get_by_role("listbox"))["y"] - box(control)["bottom"]
    assert 0 <= gap < 10
    dashboard.press("Enter")
    expect(control).to_have_text("Failed")


def test_its_keys_are_those_of_the_shortcuts(
    dashboard: Dashboard, page: Page, control: Locator
) -> None:
    control.click()
    expect(page.locator(".status-list kbd")).to_have_text(["p", "r", "c", "f"])
    dashboard.press("Escape")
    page.evaluate("""() => {
      localStorage.setItem("job-dashboard:keys", JSON.stringify({ off: true, own: {} }));
      dispatchEvent(new StorageEvent("storage", { key: "job-dashboard:keys" }));
    }""")
    control.click()
    expect(dashboard.status_option("Failed")).to_be_visible()
    expect(page.locator(".status-list kbd").first).to_be_hidden()


def test_it_announces_nothing_of_its_own(
    dashboard: Dashboard, page: Page, control: Locator
) -> None:
    before = page.get_by_role("status").all_inner_texts()
    control.click()
    dashboard.press("End", "Escape")
    expect_closed(page, control)
    assert page.get_by_role("status").all_inner_texts() == before
    expect(control).to_have_accessible_name(re.compile("^Status of Turbine"))
