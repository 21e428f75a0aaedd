"""The search language in the browser: typing, chips, and fixing invalid terms."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of three jobs share: a failed blade, a running and a pending rotor."""
    batch = unique("").strip()
    api.create(f"Blade {batch}", "FAILED")
    api.create(f"Rotor {batch}", "RUNNING")
    api.create(f"Rotor two {batch}")
    return batch


def chip(page: Page, words: str) -> Locator:
    return page.get_by_role("list", name="Active filters").get_by_role(
        "link", name=f"Remove {words}"
    )


def expect_rows(dashboard: Dashboard, batch: str, *words: str) -> None:
    expect(dashboard.rows()).to_have_text([f"{word} {batch}" for word in words])


def query(page: Page) -> list[str] | None:
    return parse_qs(urlsplit(page.url).query).get("q")


def test_a_typed_query_filters_and_its_chips_remove_terms(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open()
    same_document = dashboard.never_reloaded()
    page.keyboard.press("/")
    page.keyboard.insert_text(f"Rotor {batch} -status:PENDING updated:<2h")
    expect_rows(dashboard, batch, "Rotor")
    expect(dashboard.search).to_be_focused()
    assert query(page) == [f"Rotor {batch} -status:pending updated:<2h"]
    chip(page, "status: not pending").click()
    expect_rows(dashboard, batch, "Rotor two", "Rotor")
    expect(dashboard.search).to_have_value(f"Rotor {batch} updated:<2h")
    chip(page, "name: Rotor").click()
    expect_rows(dashboard, batch, "Rotor two", "Rotor", "Blade")
    expect(chip(page, f"name: {batch}")).to_be_focused()
    assert query(page) == [f"{batch} updated:<2h"]
    page.go_back()
    expect_rows(dashboard, batch, "Rotor two", "Rotor")
    expect(dashboard.search).to_have_value(f"Rotor {batch} updated:<2h")
    dashboard.link("Clear all").click()
    expect(dashboard.search).to_have_value("")
    assert query(page) is None
    assert same_document()


def test_a_status_term_replaces_the_tab_and_the_field_shows_it(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=f"{batch} status:failed created:<1h")
    expect_rows(dashboard, batch, "Blade")
    dashboard.expect_counts(All=3, Failed=1, Running=1)
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")
    dashboard.tab("Running").click()
    expect_rows(dashboard, batch, "Rotor")
    expect(dashboard.search).to_have_value(f"{batch} created:<1h")


def test_times_survive_sorting_and_paging(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(q=f"{batch} created:<1h", page_size=2)
    expect_rows(dashboard, batch, "Rotor two", "Rotor")
    dashboard.link("Older →").click()
    expect_rows(dashboard, batch, "Blade")
    dashboard.link("Name").click()
    expect_rows(dashboard, batch, "Blade", "Rotor")
    assert query(page) == [f"{batch} created:<1h"]


@pytest.mark.failing_requests
def test_an_invalid_term_is_marked_while_typing_and_fixed_by_its_link(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open()
    dashboard.search.fill(f"{batch} stauts:failed")
    expect(page.get_by_text("stauts:failed", exact=True)).to_be_visible()
    expect(dashboard.search).to_have_attribute("aria-invalid", "true")
    expect(dashboard.search).to_be_focused()
    suggestion = page.get_by_role("status").filter(has_text="Did you mean status:failed?")
    expect(suggestion).to_have_count(1)
    expect_accessible(page)
    dashboard.link("status:failed").click()
    expect_rows(dashboard, batch, "Blade")
    expect(dashboard.search).to_have_value(f"{batch} status:failed")
    expect(dashboard.search).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.failing_requests
def test_typing_continues_through_an_incomplete_term(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=batch)
    dashboard.search.press("End")
    page.keyboard.type(" status:")
    expect(dashboard.link("status:failed")).to_be_visible()
    page.keyboard.type("failed")
    expect_rows(dashboard, batch, "Blade")
    expect(dashboard.search).to_be_focused()
    expect(dashboard.search).to_have_value(f"{batch} status:failed")


def test_chips_and_help_are_accessible(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(q=f'{batch} "blade {batch}" -status:completed created:<1h')
    expect_rows(dashboard, batch, "Blade")
    expect_accessible(page)
    dashboard.tab_to(page.get_by_role("button", name="How to filter"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("In the last 2 hours")).to_be_visible()
    expect_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_text("In the last 2 hours")).to_be_hidden()
    expect(page.get_by_role("button", name="How to filter")).to_be_focused()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_chips_and_suggestions_are_links(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.goto("/")
    dashboard.search.fill(f"{batch} status:running")
    dashboard.search.press("Enter")
    expect_rows(dashboard, batch, "Rotor")
    chip(page, "status: running").click()
    expect_rows(dashboard, batch, "Rotor two", "Rotor", "Blade")
    expect(dashboard.search).to_have_value(batch)
    page.get_by_role("button", name="How to filter").click()
    expect(page.get_by_text("In the last 2 hours")).to_be_visible()
