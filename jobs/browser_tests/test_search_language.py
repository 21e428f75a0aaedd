"""The search language in the browser: typing, chips, and fixing invalid terms."""

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote_plus, urlsplit
from zoneinfo import ZoneInfo

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


def announcement(page: Page, text: str) -> Locator:
    return page.locator("#announcer p").filter(has_text=text)


@pytest.mark.failing_requests
def test_half_a_filter_keeps_the_list_and_enter_shows_the_error(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=batch)
    url = page.url
    dashboard.search.press("End")
    page.keyboard.type(" stauts:failed")
    doubt = page.get_by_text("Did you mean status:failed?")
    expect(doubt).to_have_count(1)
    expect_rows(dashboard, batch, "Rotor two", "Rotor", "Blade")
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
    expect_rows(dashboard, batch, "Blade")
    expect(dashboard.search).to_have_value(f"{batch} status:failed")
    expect(dashboard.search).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.failing_requests
def test_typing_continues_through_an_incomplete_term(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=batch)
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
        expect_rows(dashboard, batch, "Rotor two", "Rotor", "Blade")
    page.keyboard.type("ailed")
    expect_rows(dashboard, batch, "Blade")
    expect(page.locator("#search-doubt")).to_be_hidden()
    expect(dashboard.search).to_be_focused()
    expect(dashboard.search).to_have_value(f"{batch} status:failed")


@pytest.mark.failing_requests
def test_leaving_half_a_filter_shows_the_error_but_a_link_leads_on(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=batch)
    dashboard.search.press("End")
    page.keyboard.type(" status:x")
    expect(page.locator("#search-doubt")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="understand part of this search")).to_be_visible()
    dashboard.open(q=batch)
    dashboard.search.press("End")
    page.keyboard.type(" status:x")
    expect(page.locator("#search-doubt")).to_be_visible()
    dashboard.tab("Failed").click()
    expect_rows(dashboard, batch, "Blade")
    expect(dashboard.search).to_have_value(batch)


@pytest.mark.failing_requests
def test_half_a_filter_is_announced_after_two_seconds(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=batch)
    page.clock.install()
    dashboard.search.press("End")
    page.keyboard.type(" status:x")
    dashboard.move_clock(300)
    expect(page.locator("#search-doubt")).to_be_visible()
    dashboard.move_clock(1000)
    expect(announcement(page, "is not a valid status")).to_have_count(0)
    dashboard.move_clock(1500)
    expect(announcement(page, "is not a valid status")).to_have_count(1)


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


def test_words_exclude_and_alternatives_unite(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(q=f"{batch} -two")
    expect_rows(dashboard, batch, "Rotor", "Blade")
    expect(chip(page, "name: not two")).to_be_visible()
    dashboard.open(q=f"{batch} two OR blade")
    expect_rows(dashboard, batch, "Rotor two", "Blade")
    chip(page, "name: two or blade").click()
    expect_rows(dashboard, batch, "Rotor two", "Rotor", "Blade")


def test_a_word_that_looks_like_a_filter_is_corrected_by_a_link(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=f"{batch} NOT blade failed")
    hints = page.get_by_role("list", name="Search hints")
    expect(hints).to_contain_text("A minus sign excludes.")
    expect_accessible(page)
    dashboard.open(q=f"{batch} failed")
    hints.get_by_role("link", name=f"{batch} status:failed").click()
    expect_rows(dashboard, batch, "Blade")
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
