"""Pages that are empty by now, addresses with more than the page knows, and browsers without a time zone."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.dashboard import Dashboard

EMPTY_NOW = "The page you were on is empty now. This is the last page."
# A browser whose system has a zone that it cannot name, names none, or cannot say at all
ZONES = {
    "unknown": "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({timeZone: 'Etc/Unknown'})",
    "none": "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({})",
    "throws": "Intl.DateTimeFormat = function () { throw new RangeError('no data') }",
    "no Intl": "delete window.Intl",
}


def turn_to_the_last_page(dashboard: Dashboard, batch: str) -> None:
    """Two jobs a page, of five."""
    for shown in (["Three", "Two"], ["One"]):
        dashboard.page.get_by_role("link", name="Older →").click()
        expect(dashboard.rows()).to_have_text([f"{word} {batch}" for word in shown])


def test_the_last_job_of_the_last_page_leads_to_the_page_before(
    dashboard: Dashboard, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    turn_to_the_last_page(dashboard, batch)
    dashboard.ask_to_delete(f"One {batch}")
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])
    expect(dashboard.table).to_contain_text(EMPTY_NOW)
    expect(dashboard.table).not_to_contain_text("No job matches")


def test_jobs_that_left_the_last_page_by_their_status_lead_to_the_page_before(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2, status="PENDING")
    turn_to_the_last_page(dashboard, batch)
    dashboard.press("j", "f")
    expect(dashboard.toast).to_contain_text("is now Failed")
    page.reload()
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])
    expect(dashboard.table).to_contain_text(EMPTY_NOW)


def test_what_an_address_asks_in_vain_is_said(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch, stauts="FAILED", utm_source="mail")
    said = page.get_by_role("list", name="About this address")
    expect(said).to_have_text('"stauts" is not a parameter of this page and was ignored.')
    expect(dashboard.rows()).to_have_count(5)
    dashboard.tab("Pending").click()
    expect(page).to_have_url(re.compile("status=PENDING"))
    expect(said).to_have_count(0)


def test_a_list_is_offered_to_spreadsheets(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    summary = page.get_by_text("CSV for Excel")
    summary.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Export as CSV for Excel, separated by semicolon")
    expect(link).to_be_visible()
    expect(link).to_have_attribute(
        "href", re.compile(r"^/api/jobs/export/\?format=csv&bom=yes&separator=semicolon&q=")
    )


@pytest.mark.parametrize("zone", ZONES)
def test_a_browser_without_a_time_zone_shows_utc_quietly(
    dashboard: Dashboard, page: Page, batch: str, zone: str
) -> None:
    page.add_init_script(ZONES[zone])
    dashboard.open(search=batch)
    cell = dashboard.row(f"One {batch}").get_by_role("cell").filter(has_text="ago")
    expect(cell.first).to_be_visible()
    expect(page.get_by_role("radio", name="local time, UTC")).to_be_checked()
    expect(dashboard.banner).to_be_hidden()
