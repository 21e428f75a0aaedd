"""Pages of the list, and what Back and Forward show."""

import re

from playwright.sync_api import Page, expect

from jobs.browser_tests.api import WORDS
from jobs.browser_tests.dashboard import Dashboard


def expect_rows(dashboard: Dashboard, batch: str, *words: str) -> None:
    expect(dashboard.rows()).to_have_text([f"{word} {batch}" for word in words])


def test_older_newer_first_and_last(dashboard: Dashboard, batch: str) -> None:
    dashboard.open(search=batch, page_size=2)
    same_document = dashboard.never_reloaded()
    expect_rows(dashboard, batch, "Five", "Four")
    expect(dashboard.link("First")).to_have_count(0)
    expect(dashboard.link("← Newer")).to_have_count(0)
    dashboard.link("Older →").click()
    expect_rows(dashboard, batch, "Three", "Two")
    dashboard.link("Older →").click()
    expect_rows(dashboard, batch, "One")
    expect(dashboard.link("Older →")).to_have_count(0)
    expect(dashboard.link("Last")).to_have_count(0)
    dashboard.link("← Newer").click()
    expect_rows(dashboard, batch, "Three", "Two")
    dashboard.link("First").click()
    expect_rows(dashboard, batch, "Five", "Four")
    dashboard.link("Last").click()
    expect(dashboard.rows().last).to_have_text(f"One {batch}")
    assert same_document()


def test_each_page_has_its_own_url(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.link("Older →").click()
    expect_rows(dashboard, batch, "Three", "Two")
    other = Dashboard(page.context.new_page())
    other.page.goto(page.url)
    expect_rows(other, batch, "Three", "Two")


def test_page_size_is_chosen(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch, page_size=2)
    sizes = page.get_by_role("navigation", name="Jobs per page")
    expect(sizes.get_by_role("link", name="2 per page", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    sizes.get_by_role("link", name="25 per page").click()
    expect_rows(dashboard, batch, *reversed(WORDS))
    expect(page).to_have_url(re.compile("page_size=25"))


def test_back_and_forward_show_the_page_of_their_url(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.link("Older →").click()
    expect_rows(dashboard, batch, "Three", "Two")
    dashboard.tab("Failed").click()
    expect(page.get_by_role("heading", name="No failed job matches")).to_be_visible()
    page.go_back()
    expect_rows(dashboard, batch, "Three", "Two")
    expect(dashboard.tab("All")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect_rows(dashboard, batch, "Five", "Four")
    page.go_forward()
    expect_rows(dashboard, batch, "Three", "Two")
    page.go_forward()
    expect(page.get_by_role("heading", name="No failed job matches")).to_be_visible()
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")
    expect(dashboard.search).to_have_value(f'"{batch}"')
    expect(page).to_have_title(f"(0) “{batch}” in failed jobs · Job dashboard")


def test_everything_works_after_back(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.tab("Failed").click()
    expect(page.get_by_role("heading", name="No failed job matches")).to_be_visible()
    page.go_back()
    dashboard.choose_status(f"Two {batch}", "Running")
    dashboard.expect_counts(Pending=4, Running=1)
    dashboard.submit_name(f"Six {batch}")
    expect_rows(dashboard, batch, "Six", *reversed(WORDS))
    dashboard.ask_to_delete(f"One {batch}")
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect_rows(dashboard, batch, "Six", "Five", "Four", "Three", "Two")


def test_back_from_a_job_shows_its_new_status(dashboard: Dashboard, page: Page, batch: str) -> None:
    name = f"Three {batch}"
    dashboard.open(search=batch)
    dashboard.link(name).click()
    dashboard.choose_status(name, "Completed")
    expect(page.get_by_role("listitem").filter(has_text="Completed")).to_be_visible()
    page.go_back()
    expect(dashboard.status(name)).to_have_text("Completed")


def test_typed_search_is_there_after_back(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.search.fill(f"Two {batch}")
    expect_rows(dashboard, batch, "Two")
    dashboard.tab("Failed").click()
    expect(page.get_by_role("heading", name="No failed job matches")).to_be_visible()
    page.go_back()
    expect_rows(dashboard, batch, "Two")
    expect(dashboard.search).to_have_value(f"Two {batch}")
