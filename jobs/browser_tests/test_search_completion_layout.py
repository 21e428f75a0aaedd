"""Suggestions in the search field, as they are seen, heard and touched. Nothing moves while a search changes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import box, overflow
from jobs.search.terms import FIELDS

pytestmark = pytest.mark.failing_requests  # half a filter is answered with an error
NAMES = [f"{name}:" for name in FIELDS]
RECENT = "job-dashboard:recent"
MOVED = """
  () => ["#search", "#status-tabs", "create-job", ".tools"].map((selector) => {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return [selector, x, y, width, height];
  })
"""


def test_suggestions_are_chosen_by_touch(browser: Browser, base_url: str) -> None:
    phone: dict[str, Any] = {
        "viewport": {"width": 390, "height": 800},
        "has_touch": True,
        "is_mobile": True,
    }
    context = browser.new_context(base_url=base_url, **phone)
    page = context.new_page()
    dashboard = Dashboard(page)
    page.goto("/")
    expect(page.locator("html[data-complete]")).to_have_count(1)
    dashboard.search.tap()
    for suggestion in ("status:", "running"):
        option = page.get_by_role("option").filter(has=page.get_by_text(suggestion, exact=True))
        assert box(option)["height"] >= 44
        option.tap()
    expect(dashboard.search).to_have_value("status:running ")
    expect(dashboard.search).to_be_focused()
    context.close()


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
def test_suggestions_leave_everything_where_it_is(
    dashboard: Dashboard, page: Page, suggestions: Locator, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    dashboard.open()
    before = page.evaluate(MOVED)
    dashboard.press("/")
    expect(suggestions).to_be_visible()
    assert page.evaluate(MOVED) == before
    assert overflow(page) == 0
    popup, field = box(suggestions), box(dashboard.search)
    assert popup["y"] >= field["bottom"]
    assert popup["x"] >= 0
    assert popup["right"] <= width
    assert popup["bottom"] <= 700
    # The last one is in front of whatever is below the field.
    for option in (suggestions.get_by_role("option").first, suggestions.get_by_role("option").last):
        option.click(trial=True)


def test_open_suggestions_are_accessible(
    dashboard: Dashboard, page: Page, suggestions: Locator
) -> None:
    page.goto("/")
    recent = {"jobs": [], "searches": ["turbine status:failed"]}
    page.evaluate(
        "([key, value]) => localStorage.setItem(key, value)", [RECENT, json.dumps(recent)]
    )
    dashboard.open().press("/")
    expect(suggestions).to_be_visible()
    dashboard.press("ArrowDown")
    expect_accessible(page, colors_in=["#job-search"])
    page.keyboard.type("status:")
    expect(suggestions.get_by_role("option")).to_have_count(4)
    dashboard.press("ArrowDown")
    expect_accessible(page, colors_in=["#job-search"])


def test_forced_colors_show_the_marked_suggestion(
    dashboard: Dashboard, page: Page, suggestions: Locator
) -> None:
    page.emulate_media(forced_colors="active")
    dashboard.open().press("/")
    expect(suggestions).to_be_visible()
    dashboard.press("ArrowDown")
    outline = "element => getComputedStyle(element).outlineStyle"
    assert dashboard.marked_suggestion.evaluate(outline) == "solid"
    assert suggestions.get_by_role("option").last.evaluate(outline) == "none"


def test_the_number_of_suggestions_is_announced_after_a_pause(
    dashboard: Dashboard, page: Page, suggestions: Locator, open_search: Callable[[str], None]
) -> None:
    open_search("")
    announced = page.locator("#announcer p").filter(has_text="suggestion")
    page.clock.install()
    page.keyboard.type("status:")
    expect(suggestions).to_be_visible()
    page.clock.run_for(900)
    page.keyboard.type("p")
    page.clock.run_for(900)
    expect(announced).to_have_count(0)
    page.clock.run_for(300)
    expect(announced).to_have_text("1 suggestion")


def test_nothing_moves_while_a_search_changes(
    dashboard: Dashboard, page: Page, blade_word: str
) -> None:
    dashboard.open()
    before = page.evaluate(MOVED)
    rows = box(page.locator("#job-panel"))["y"]
    dashboard.press("/")
    page.keyboard.type(f"{blade_word} created:<1d")
    expect(page.get_by_role("list", name="Active filters").get_by_role("link")).to_have_count(3)
    assert page.evaluate(MOVED) == before
    assert box(page.locator("#job-panel"))["y"] == rows
    # Where the chart was
    chips = box(page.get_by_role("list", name="Active filters"))
    assert chips["bottom"] <= box(dashboard.search)["y"]
    dashboard.search.fill("status:brokn")
    expect(page.locator("#search-doubt")).to_be_visible()
    assert page.evaluate(MOVED) == before
    dashboard.press("Enter")
    expect(page.get_by_role("heading", name="understand part of this search")).to_be_visible()
    assert page.evaluate(MOVED) == before
    expect(page.get_by_role("link", name="Show chart")).to_be_visible()


def test_only_the_newest_error_is_shown(dashboard: Dashboard, page: Page, blade_word: str) -> None:
    dashboard.open(q="status:brokn")
    error = page.locator("#search-wrong")
    expect(error).to_contain_text("brokn")
    dashboard.search.fill(f"{blade_word} stauts:failed")
    expect(error).to_contain_text("Did you mean status:failed?")
    expect(error).not_to_contain_text("brokn")
    expect(page.locator("#search-doubt")).to_be_hidden()
    error.get_by_role("link", name="status:failed").click()
    expect(dashboard.rows()).to_have_text([f"Blade {blade_word}"])


def test_suggestions_are_chosen_with_the_pointer(
    dashboard: Dashboard, page: Page, suggestions: Locator, options: Locator, blade_word: str
) -> None:
    dashboard.open()
    dashboard.search.click()
    expect(options).to_have_text([*NAMES, "-"])
    options.filter(has_text="status:").click()
    expect(dashboard.search).to_be_focused()
    options.filter(has_text="failed").hover()
    assert dashboard.search.get_attribute("aria-activedescendant") is None
    options.filter(has_text="failed").click()
    expect(dashboard.search).to_have_value("status:failed ")
    page.keyboard.type(blade_word)
    expect(dashboard.rows()).to_have_text([f"Blade {blade_word}"])
    page.keyboard.type(" sta")
    expect(suggestions).to_be_visible()
    page.get_by_role("contentinfo").or_(page.locator("body")).first.click(position={"x": 2, "y": 2})
    expect(suggestions).to_be_hidden()
