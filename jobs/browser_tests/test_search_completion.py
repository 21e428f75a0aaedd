"""Suggestions in the search field: a combobox with a list, by keyboard, pointer and touch."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from jobs.browser_tests.dashboard import LIST, Dashboard
from jobs.search.terms import FIELDS

pytestmark = pytest.mark.failing_requests  # half a filter is answered with an error
NAMES = [f"{name}:" for name in FIELDS]


def test_a_search_is_written_by_keyboard(
    dashboard: Dashboard, page: Page, suggestions: Locator, options: Locator, blade_word: str
) -> None:
    dashboard.open(q=blade_word)
    field = dashboard.search
    dashboard.press("/", "End")
    page.keyboard.type(" sta")
    expect(options).to_have_text(["status:"])
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_be_focused()
    dashboard.press("Tab")
    expect(field).to_have_value(f"{blade_word} status:")
    expect(options).to_have_text(["pending", "running", "completed", "failed"])
    dashboard.press("ArrowUp", "ArrowUp", "ArrowDown")
    expect(dashboard.marked_suggestion).to_have_accessible_name("failed")
    active = field.get_attribute("aria-activedescendant")
    assert active == dashboard.marked_suggestion.get_attribute("id")
    dashboard.press("Enter")
    expect(field).to_have_value(f"{blade_word} status:failed ")
    expect(suggestions).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(dashboard.rows()).to_have_text([f"Blade {blade_word}"])
    dashboard.press("Backspace")
    page.keyboard.type(",p")
    expect(options).to_have_text(["pending"])
    dashboard.press("Tab")
    expect(field).to_have_value(f"{blade_word} status:failed,pending ")
    expect(dashboard.rows()).to_have_count(3)
    page.keyboard.type("-upd")
    dashboard.press("Tab")
    page.keyboard.type(">3")
    expect(options).to_have_text([">3s", ">3m", ">3h", ">3d", ">3w"])
    dashboard.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter", "Enter")
    expect(field).to_have_value(f"{blade_word} status:failed,pending -updated:>3h ")
    expect(dashboard.link(f"Blade {blade_word}")).to_be_focused()


def test_enter_searches_while_nothing_is_marked(
    dashboard: Dashboard,
    page: Page,
    options: Locator,
    open_search: Callable[[str], None],
    blade_word: str,
) -> None:
    open_search(blade_word)
    page.keyboard.type(" pend")
    expect(options).to_have_text(["status:pending"])
    assert dashboard.search.get_attribute("aria-activedescendant") is None
    dashboard.press("Enter")
    expect(dashboard.link(f"Pending blade {blade_word}")).to_be_focused()
    expect(dashboard.search).to_have_value(f"{blade_word} pend")


def test_escape_closes_the_suggestions_then_leaves_the_field(
    dashboard: Dashboard, page: Page, suggestions: Locator, blade_word: str
) -> None:
    dashboard.open(q=blade_word)
    dashboard.press("/", "End")
    page.keyboard.type(" status:f")
    expect(suggestions).to_be_visible()
    expect(page.locator("#search-doubt")).to_be_hidden()
    dashboard.press("Escape")
    expect(suggestions).to_be_hidden()
    expect(dashboard.search).to_be_focused()
    expect(page.locator("#search-doubt")).to_be_visible()
    dashboard.press("Escape")
    expect(dashboard.search).not_to_be_focused()
    expect(dashboard.search).to_have_value(f"{blade_word} status:f")


def test_down_goes_to_the_results_unless_suggestions_are_open(
    dashboard: Dashboard,
    page: Page,
    suggestions: Locator,
    open_search: Callable[[str], None],
    blade_word: str,
) -> None:
    open_search(blade_word)
    page.keyboard.type(" ")
    expect(suggestions).to_be_hidden()
    dashboard.press("ArrowDown")
    expect(dashboard.rows().first).to_be_focused()
    dashboard.press("/", "End", "Alt+ArrowDown")
    expect(suggestions).to_be_visible()
    dashboard.press("ArrowDown")
    expect(dashboard.search).to_be_focused()
    expect(dashboard.marked_suggestion).to_have_count(1)
    dashboard.press("Alt+ArrowUp")
    expect(suggestions).to_be_hidden()


def test_tab_moves_on_if_there_are_several_or_no_suggestions(
    dashboard: Dashboard, page: Page, suggestions: Locator, open_search: Callable[[str], None]
) -> None:
    open_search("")
    expect(suggestions).to_be_hidden()
    page.keyboard.type("created:")
    expect(suggestions.get_by_role("option")).not_to_have_count(1)
    dashboard.press("Tab")
    expect(suggestions).to_be_hidden()
    expect(dashboard.search).not_to_be_focused()
    expect(dashboard.search).to_have_value("created:")


def test_values_in_the_middle_are_replaced_and_can_be_undone(
    dashboard: Dashboard, page: Page, options: Locator, blade_word: str
) -> None:
    text = f"-status:fai {blade_word}"
    dashboard.open(q=blade_word)
    dashboard.search.fill(text)
    dashboard.press("Home", *["ArrowRight"] * 9)
    dashboard.press("Alt+ArrowDown")
    expect(options).to_have_text(["failed"])
    dashboard.press("Tab")
    expect(dashboard.search).to_have_value(f"-status:failed {blade_word}")
    page.keyboard.type("blade ")
    expect(dashboard.search).to_have_value(f"-status:failed blade {blade_word}")
    expect(dashboard.rows()).to_have_text([f"Pending blade {blade_word}"])
    for _ in range(3):
        dashboard.press("Control+z")
    expect(dashboard.search).not_to_have_value(f"-status:failed blade {blade_word}")


def test_recent_searches_are_suggested(
    dashboard: Dashboard, page: Page, suggestions: Locator, options: Locator, blade_word: str
) -> None:
    dashboard.open(q=blade_word)
    dashboard.press("/", "Enter")
    expect(dashboard.rows().first).to_be_focused()
    dashboard.open()
    dashboard.press("/")
    expect(options.first).to_have_text(blade_word)
    expect(suggestions.get_by_role("option").first).to_have_accessible_name(
        re.compile("Recent search")
    )
    dashboard.press("Escape")
    page.keyboard.type(blade_word[:5])
    expect(options).to_have_text([blade_word])
    dashboard.press("ArrowDown", "Enter")
    expect(dashboard.search).to_have_value(blade_word)
    expect(suggestions).to_be_hidden()
    expect(dashboard.rows()).to_have_count(3)


@pytest.mark.browser_context_args(timezone_id="Pacific/Kiritimati")
def test_days_say_which_dates_they_are_in_the_zone_of_the_page(
    dashboard: Dashboard, page: Page, suggestions: Locator, open_search: Callable[[str], None]
) -> None:
    def today(zone: str) -> str:
        now = datetime.now(ZoneInfo(zone))
        return f"today {now:%a} {now.day} {now:%b}"

    open_search("")
    page.keyboard.type("created:to")
    expect(suggestions.get_by_role("option")).to_have_text(
        f"{today('Pacific/Kiritimati')} (Kiritimati)"
    )
    dashboard.press("Escape", "Escape")
    page.get_by_role("radio", name="UTC", exact=True).check()
    dashboard.search.fill("created:tod")
    expect(suggestions.get_by_role("option")).to_have_text(f"{today('UTC')} (UTC)")
    dashboard.search.fill(f"created:{datetime.now(UTC):%Y-%m-%d}"[:-1])
    expect(suggestions.get_by_role("option").first).to_contain_text("(UTC)")


def test_a_field_that_only_the_server_knows_is_suggested(
    dashboard: Dashboard, page: Page, options: Locator
) -> None:
    made_up = {"name": "color", "words": "a color", "values": [{"value": "red"}, {"value": "blue"}]}

    def add_field(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace('{"fields": [', f'{{"fields": [{json.dumps(made_up)}, ')
        route.fulfill(response=answer, body=body)

    page.route(LIST, add_field, times=1)
    dashboard.open().press("/")
    expect(options).to_have_text(["color:", *NAMES, "-"])
    dashboard.press("ArrowDown", "Enter")
    expect(options).to_have_text(["red", "blue"])


def test_what_is_typed_before_the_suggestions_have_loaded_is_kept(
    dashboard: Dashboard, page: Page, suggestions: Locator, options: Locator
) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/completion-[^/]*\.js"), lambda route: held.append(route))
    dashboard.open()
    with page.expect_request(re.compile(r"/completion-[^/]*\.js")):
        dashboard.press("/")
    page.keyboard.type("status:p")
    expect(dashboard.search).to_have_value("status:p")
    expect(suggestions).to_be_hidden()
    held[0].continue_()
    expect(options).to_have_text(["pending"])
    expect(dashboard.search).to_have_value("status:p")


def test_an_input_method_gets_no_suggestions(
    dashboard: Dashboard, page: Page, suggestions: Locator, open_search: Callable[[str], None]
) -> None:
    open_search("")
    page.keyboard.type("s")
    expect(suggestions).to_be_visible()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "sta", "selectionStart": 3, "selectionEnd": 3})
    expect(suggestions).to_be_hidden()
    session.send("Input.insertText", {"text": " sta"})
    expect(suggestions).to_be_visible()
