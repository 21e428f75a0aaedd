"""A filter that is half typed keeps the list; what is wrong is said once the typing ends."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.searching import expect_rows


def announcement(page: Page, text: str) -> Locator:
    return page.locator("#announcer p").filter(has_text=text)


@pytest.mark.failing_requests
def test_half_a_filter_keeps_the_list_and_enter_shows_the_error(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=rotor_word)
    url = page.url
    dashboard.search.press("End")
    page.keyboard.type(" stauts:failed")
    doubt = page.get_by_text("Did you mean status:failed?")
    expect(doubt).to_have_count(1)
    expect_rows(dashboard, rotor_word, "Rotor two", "Rotor", "Blade")
    dashboard.expect_counts(All=3, Failed=1, Running=1)
    expect(dashboard.search).to_be_focused()
    expect(dashboard.search).to_have_accessible_description(re.compile("Did you mean"))
    assert page.url == url
    expect_accessible(page)
    page.keyboard.press("Enter")
    expect(dashboard.search).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("heading", name="understand part of this search")).to_be_visible()
    expect(announcement(page, "Did you mean status:failed?")).to_have_count(1)
    expect_accessible(page)
    dashboard.link("status:failed").click()
    expect_rows(dashboard, rotor_word, "Blade")
    expect(dashboard.search).to_have_value(f"{rotor_word} status:failed")
    expect(dashboard.search).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.failing_requests
def test_typing_continues_through_an_incomplete_term(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=rotor_word)
    dashboard.search.press("End")
    for typed, wrong in (
        (" status:", '"status:" needs a value'),
        ("f", '"f" is not a valid status'),
    ):
        page.keyboard.type(typed)
        # Suggestions say more, as long as there are any.
        expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
        dashboard.press("Escape")
        expect(page.locator("#search-doubt").filter(has_text=wrong)).to_be_visible()
        expect_rows(dashboard, rotor_word, "Rotor two", "Rotor", "Blade")
    page.keyboard.type("ailed")
    expect_rows(dashboard, rotor_word, "Blade")
    expect(page.locator("#search-doubt")).to_be_hidden()
    expect(dashboard.search).to_be_focused()
    expect(dashboard.search).to_have_value(f"{rotor_word} status:failed")


@pytest.mark.failing_requests
def test_leaving_half_a_filter_shows_the_error_but_a_link_leads_on(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=rotor_word)
    dashboard.search.press("End")
    page.keyboard.type(" status:x")
    expect(page.locator("#search-doubt")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="understand part of this search")).to_be_visible()
    dashboard.open(q=rotor_word)
    dashboard.search.press("End")
    page.keyboard.type(" status:x")
    expect(page.locator("#search-doubt")).to_be_visible()
    dashboard.tab("Failed").click()
    expect_rows(dashboard, rotor_word, "Blade")
    expect(dashboard.search).to_have_value(rotor_word)


@pytest.mark.failing_requests
def test_half_a_filter_is_announced_after_two_seconds(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=rotor_word)
    page.clock.install()
    dashboard.search.press("End")
    page.keyboard.type(" status:x")
    dashboard.move_clock(300)
    expect(page.locator("#search-doubt")).to_be_visible()
    dashboard.move_clock(1000)
    expect(announcement(page, "is not a valid status")).to_have_count(0)
    dashboard.move_clock(1500)
    expect(announcement(page, "is not a valid status")).to_have_count(1)
