"""Pages that became empty, URLs with unknown parameters, and browsers without a time zone."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.dashboard import Dashboard

EMPTY_NOW = "The page you were on is now empty. This is the last page."
# What browsers report if the system's time zone is unknown, missing or unavailable
ZONES = {
    "unknown": "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({timeZone: 'Etc/Unknown'})",
    "none": "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({})",
    "throws": "Intl.DateTimeFormat = function () { throw new RangeError('no data') }",
    "no Intl": "delete window.Intl",
}


def go_to_last_page(dashboard: Dashboard, batch: str) -> None:
    """Two of five jobs per page."""
    for shown in (["Three", "Two"], ["One"]):
        dashboard.page.get_by_role("link", name="Older →").click()
        expect(dashboard.rows()).to_have_text([f"{word} {batch}" for word in shown])


def test_deleting_the_last_job_of_the_last_page_shows_the_previous_page(
    dashboard: Dashboard, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    go_to_last_page(dashboard, batch)
    dashboard.ask_to_delete(f"One {batch}")
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])
    expect(dashboard.table).to_contain_text(EMPTY_NOW)
    expect(dashboard.table).not_to_contain_text("No job matches")


def test_a_last_page_emptied_by_status_changes_shows_the_previous_page(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2, status="PENDING")
    go_to_last_page(dashboard, batch)
    dashboard.press("j", "f")
    expect(dashboard.toast).to_contain_text("is now Failed")
    page.reload()
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])
    expect(dashboard.table).to_contain_text(EMPTY_NOW)


def test_unknown_parameters_are_reported(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch, stauts="FAILED", utm_source="mail")
    notices = page.get_by_role("list", name="Notices")
    expect(notices).to_have_text('"stauts" is not a parameter of this page and was ignored.')
    expect(dashboard.rows()).to_have_count(5)
    dashboard.tab("Pending").click()
    expect(page).to_have_url(re.compile("status=PENDING"))
    expect(notices).to_have_count(0)


def test_a_list_can_be_exported_for_spreadsheets(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
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
def test_a_browser_without_a_time_zone_shows_utc_without_errors(
    dashboard: Dashboard, page: Page, batch: str, zone: str
) -> None:
    page.add_init_script(ZONES[zone])
    dashboard.open(search=batch)
    cell = dashboard.row(f"One {batch}").get_by_role("cell").filter(has_text="ago")
    expect(cell.first).to_be_visible()
    expect(dashboard.heading("Created")).to_have_text("Created UTC")
    expect(page.get_by_role("radio", name="Local (UTC)", include_hidden=True)).to_be_checked()
    expect(page.get_by_role("group", name="Time zone")).to_be_hidden()
    expect(dashboard.banner).to_be_hidden()
