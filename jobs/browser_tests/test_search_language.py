"""The search's language in the browser: typed, shown as chips, taken apart again, and mended."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.test_accessibility import is_accessible


@pytest.fixture
def batch(api: Api) -> str:
    """A word that three jobs have in common: a failed blade, a running and a pending rotor."""
    batch = unique("").strip()
    api.create(f"Blade {batch}", "FAILED")
    api.create(f"Rotor {batch}", "RUNNING")
    api.create(f"Rotor two {batch}")
    return batch


def chip(page: Page, words: str) -> Locator:
    return page.get_by_role("list", name="Asked for").get_by_role("link", name=f"Remove {words}")


def shows(dashboard: Dashboard, batch: str, *words: str) -> None:
    expect(dashboard.rows()).to_have_text([f"{word} {batch}" for word in words])


def asked(page: Page) -> list[str] | None:
    return parse_qs(urlsplit(page.url).query).get("q")


def test_what_is_typed_filters_and_is_taken_apart_by_chips(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open()
    same_document = dashboard.never_reloaded()
    page.keyboard.press("/")
    page.keyboard.insert_text(f"Rotor {batch} -status:PENDING updated:<2h")
    shows(dashboard, batch, "Rotor")
    expect(dashboard.search).to_be_focused()
    assert asked(page) == [f"Rotor {batch} -status:pending updated:<2h"]
    chip(page, "status: not pending").click()
    shows(dashboard, batch, "Rotor two", "Rotor")
    expect(dashboard.search).to_have_value(f"Rotor {batch} updated:<2h")
    chip(page, "name: Rotor").click()
    shows(dashboard, batch, "Rotor two", "Rotor", "Blade")
    expect(chip(page, f"name: {batch}")).to_be_focused()
    assert asked(page) == [f"{batch} updated:<2h"]
    page.go_back()
    shows(dashboard, batch, "Rotor two", "Rotor")
    expect(dashboard.search).to_have_value(f"Rotor {batch} updated:<2h")
    dashboard.link("Clear all").click()
    expect(dashboard.search).to_have_value("")
    assert asked(page) is None
    assert same_document()


def test_a_tab_gives_way_and_the_field_says_so(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=f"{batch} status:failed created:<1h")
    shows(dashboard, batch, "Blade")
    dashboard.shows_counts(All=3, Failed=1, Running=1)
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")
    dashboard.tab("Running").click()
    shows(dashboard, batch, "Rotor")
    expect(dashboard.search).to_have_value(f"{batch} created:<1h")


def test_times_survive_sorting_and_paging(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(q=f"{batch} created:<1h", page_size=2)
    shows(dashboard, batch, "Rotor two", "Rotor")
    dashboard.link("Older →").click()
    shows(dashboard, batch, "Blade")
    dashboard.link("Name").click()
    shows(dashboard, batch, "Blade", "Rotor")
    assert asked(page) == [f"{batch} created:<1h"]


@pytest.mark.failing_requests
def test_a_wrong_part_is_marked_while_typing_and_mended_by_its_link(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open()
    dashboard.search.fill(f"{batch} stauts:failed")
    expect(page.get_by_text("stauts:failed", exact=True)).to_be_visible()
    expect(dashboard.search).to_have_attribute("aria-invalid", "true")
    expect(dashboard.search).to_be_focused()
    said = page.get_by_role("status").filter(has_text="Did you mean status:failed?")
    expect(said).to_have_count(1)
    is_accessible(page)
    dashboard.link("status:failed").click()
    shows(dashboard, batch, "Blade")
    expect(dashboard.search).to_have_value(f"{batch} status:failed")
    expect(dashboard.search).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.failing_requests
def test_typing_goes_on_through_what_is_not_understood_yet(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=batch)
    dashboard.search.press("End")
    page.keyboard.type(" status:")
    expect(dashboard.link("status:failed")).to_be_visible()
    page.keyboard.type("failed")
    shows(dashboard, batch, "Blade")
    expect(dashboard.search).to_be_focused()
    expect(dashboard.search).to_have_value(f"{batch} status:failed")


def test_chips_and_help_are_accessible(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(q=f'{batch} "blade {batch}" -status:completed created:<1h')
    shows(dashboard, batch, "Blade")
    is_accessible(page)
    dashboard.tab_to(page.get_by_role("button", name="How to filter"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("In the last 2 hours")).to_be_visible()
    is_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_text("In the last 2 hours")).to_be_hidden()
    expect(page.get_by_role("button", name="How to filter")).to_be_focused()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_chips_and_remedies_are_links(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.goto("/")
    dashboard.search.fill(f"{batch} status:running")
    dashboard.search.press("Enter")
    shows(dashboard, batch, "Rotor")
    chip(page, "status: running").click()
    shows(dashboard, batch, "Rotor two", "Rotor", "Blade")
    expect(dashboard.search).to_have_value(batch)
    page.get_by_role("button", name="How to filter").click()
    expect(page.get_by_text("In the last 2 hours")).to_be_visible()
