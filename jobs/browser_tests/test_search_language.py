"""The search language in the browser: typing, chips, and what is hinted."""

import re
from datetime import datetime, timedelta
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.searching import expect_rows, query


def chip(page: Page, words: str) -> Locator:
    return page.get_by_role("list", name="Active filters").get_by_role(
        "link", name=f"Remove {words}"
    )


def test_a_typed_query_filters_and_its_chips_remove_terms(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open()
    same_document = dashboard.never_reloaded()
    page.keyboard.press("/")
    page.keyboard.insert_text(f"Rotor {rotor_word} -status:PENDING updated:<2h")
    expect_rows(dashboard, rotor_word, "Rotor")
    expect(dashboard.search).to_be_focused()
    assert query(page) == [f"Rotor {rotor_word} -status:pending updated:<2h"]
    chip(page, "status: not pending").click()
    expect_rows(dashboard, rotor_word, "Rotor two", "Rotor")
    expect(dashboard.search).to_have_value(f"Rotor {rotor_word} updated:<2h")
    chip(page, "name: Rotor").click()
    expect_rows(dashboard, rotor_word, "Rotor two", "Rotor", "Blade")
    expect(chip(page, f"name: {rotor_word}")).to_be_focused()
    assert query(page) == [f"{rotor_word} updated:<2h"]
    page.go_back()
    expect_rows(dashboard, rotor_word, "Rotor two", "Rotor")
    expect(dashboard.search).to_have_value(f"Rotor {rotor_word} updated:<2h")
    dashboard.link("Clear all").click()
    expect(dashboard.search).to_have_value("")
    assert query(page) is None
    assert same_document()


def test_a_status_term_replaces_the_tab_and_the_field_shows_it(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=f"{rotor_word} status:failed created:<1h")
    expect_rows(dashboard, rotor_word, "Blade")
    dashboard.expect_counts(All=3, Failed=1, Running=1)
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")
    dashboard.tab("Running").click()
    expect_rows(dashboard, rotor_word, "Rotor")
    expect(dashboard.search).to_have_value(f"{rotor_word} created:<1h")


def test_times_survive_sorting_and_paging(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=f"{rotor_word} created:<1h", page_size=2)
    expect_rows(dashboard, rotor_word, "Rotor two", "Rotor")
    dashboard.link("Older →").click()
    expect_rows(dashboard, rotor_word, "Blade")
    dashboard.link("Name").click()
    expect_rows(dashboard, rotor_word, "Blade", "Rotor")
    assert query(page) == [f"{rotor_word} created:<1h"]


@pytest.mark.parametrize(
    "zone",
    [
        pytest.param(zone, marks=pytest.mark.browser_context_args(timezone_id=zone))
        for zone in ("America/St_Johns", "Asia/Kolkata", "Pacific/Kiritimati")
    ],
)
def test_days_are_those_of_the_zone_that_the_page_shows(
    dashboard: Dashboard, page: Page, api: Api, zone: str
) -> None:
    name = unique("Day")
    created = datetime.fromisoformat(api.create(name)["created_at"])
    day = created.astimezone(ZoneInfo(zone)).date()
    in_url = f"&tz={quote_plus(zone)}"
    label = zone.rpartition("/")[2].replace("_", " ")
    # On the first visit, the server does not know the zone.
    page.goto(f"/?q={quote_plus(name)}+created:{day}")
    expect(page).to_have_url(re.compile("tz="))
    expect(chip(page, f"created: {day} ({label})")).to_be_visible()
    expect(dashboard.rows()).to_have_text([name])
    dashboard.open()
    dashboard.search.fill(f"{name} created:{day - timedelta(1)}")
    expect(page.get_by_text("No job matches")).to_be_visible()
    dashboard.search.fill(f"{name} created:{day}")
    expect(dashboard.rows()).to_have_text([name])
    assert page.url.endswith(in_url)
    page.get_by_role("radio", name="UTC", exact=True).check()
    expect(page).to_have_url(re.compile("tz=UTC"))
    expect(chip(page, f"created: {day} (UTC)")).to_be_visible()
    if created.date() == day:
        expect(dashboard.rows()).to_have_text([name])
    else:
        expect(page.get_by_text("No job matches")).to_be_visible()


def test_words_exclude_and_alternatives_unite(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=f"{rotor_word} -two")
    expect_rows(dashboard, rotor_word, "Rotor", "Blade")
    expect(chip(page, "name: not two")).to_be_visible()
    dashboard.open(q=f"{rotor_word} two OR blade")
    expect_rows(dashboard, rotor_word, "Rotor two", "Blade")
    chip(page, "name: two or blade").click()
    expect_rows(dashboard, rotor_word, "Rotor two", "Rotor", "Blade")


def test_a_word_that_looks_like_a_filter_is_corrected_by_a_link(
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    dashboard.open(q=f"{rotor_word} NOT blade failed")
    hints = page.get_by_role("list", name="Search hints")
    expect(hints).to_contain_text("A minus sign excludes.")
    expect_accessible(page)
    dashboard.open(q=f"{rotor_word} failed")
    hints.get_by_role("link", name=f"{rotor_word} status:failed").click()
    expect_rows(dashboard, rotor_word, "Blade")
    expect(dashboard.search).to_have_value(f"{rotor_word} status:failed")


def test_chips_and_help_are_accessible(dashboard: Dashboard, page: Page, rotor_word: str) -> None:
    dashboard.open(q=f'{rotor_word} "blade {rotor_word}" -status:completed created:<1h')
    expect_rows(dashboard, rotor_word, "Blade")
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
    dashboard: Dashboard, page: Page, rotor_word: str
) -> None:
    page.goto("/")
    dashboard.search.fill(f"{rotor_word} status:running")
    dashboard.search.press("Enter")
    expect_rows(dashboard, rotor_word, "Rotor")
    chip(page, "status: running").click()
    expect_rows(dashboard, rotor_word, "Rotor two", "Rotor", "Blade")
    expect(dashboard.search).to_have_value(rotor_word)
    page.get_by_role("button", name="How to filter").click()
    expect(page.get_by_text("In the last 2 hours")).to_be_visible()
