"""The command palette: whatever the page offers, by keyboard and by what people type for it."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import Dashboard, problem
from jobs.browser_tests.palette import expect_heading, open_palette, option, run

HEALTH = "**/api/health/"
FOUND = re.compile(r"/api/jobs/\?")


def test_sorts_pages_and_settings_are_commands(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    run(dashboard, "z to a", "Sort by name, Z to A")
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "descending")
    run(dashboard, "oldest", "Sort by created, oldest first")
    expect(dashboard.rows().first).to_have_text(f"One {batch}")
    expect(dashboard.heading("Name")).not_to_have_attribute("aria-sort", "descending")
    run(dashboard, "200", "200 per page")
    expect(page).to_have_url(re.compile("page_size=200"))

    run(dashboard, "dark", "Theme: Dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    run(dashboard, "compact", "Rows: Compact")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    open_palette(dashboard)
    for name in ("Theme: Dark", "Rows: Compact", "200 per page"):
        expect(option(dashboard, name)).to_have_count(0)
    expect(option(dashboard, "Theme: Light")).to_have_count(1)
    dashboard.press("Escape")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_pages_are_commands_while_there_are_any(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    open_palette(dashboard)
    expect(option(dashboard, "Previous page")).to_have_count(0)
    expect(option(dashboard, "First page")).to_have_count(0)
    dashboard.press("Escape")
    run(dashboard, "next page", "Next page")
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])
    run(dashboard, "last page", "Last page")
    expect(dashboard.rows().last).to_have_text(f"One {batch}")
    open_palette(dashboard)
    expect(option(dashboard, "Next page")).to_have_count(0)
    expect(option(dashboard, "Last page")).to_have_count(0)
    page.keyboard.type("first page")
    dashboard.press("Enter")
    expect(dashboard.rows().first).to_have_text(f"Five {batch}")


def test_exports_have_the_current_filter(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    api.set_status(api.named(f"Two {batch}")[0]["id"], "FAILED")
    dashboard.open(search=batch, status="FAILED")
    open_palette(dashboard)
    page.keyboard.type("download csv")
    expect(dashboard.dialog.get_by_role("option", selected=True)).to_have_text("Export as CSV")
    with page.expect_download() as download:
        dashboard.press("Enter")
    content = download.value.path().read_text()
    assert f"Two {batch}" in content
    assert f"One {batch}" not in content


def test_live_updates_and_the_chart_are_commands(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    live = page.get_by_role("button", name=re.compile("live updates"))
    run(dashboard, "refresh", "Pause live updates")
    expect(live).to_have_accessible_name("Paused. Resume live updates")
    run(dashboard, "live", "Resume live updates")
    expect(live).to_have_accessible_name("Live. Pause live updates")
    dashboard.open()
    run(dashboard, "show chart", "Show chart")
    expect(page.get_by_role("link", name="Hide chart")).to_be_visible()
    run(dashboard, "chart week", "Chart: Week")
    expect(page.get_by_role("link", name="Week", exact=True)).to_have_attribute(
        "aria-current", "true"
    )


@pytest.mark.failing_requests  # what is half typed is not understood
def test_a_search_replaces_the_whole_query(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    api.set_status(api.named(f"Two {batch}")[0]["id"], "FAILED")
    dashboard.open(status="PENDING", ordering="name")
    open_palette(dashboard)
    page.keyboard.type(f"status:failed {batch}")
    first = dashboard.dialog.get_by_role("option", selected=True)
    expect(first).to_have_text(f"Search for status:failed {batch}")
    expect(option(dashboard, f"Two {batch}")).to_have_count(1)
    dashboard.press("Enter")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    expect(page).to_have_url(re.compile(r"/\?q=[^&]+$"))
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")

    page.goto("/activity/")
    dashboard.wait_until_ready()
    open_palette(dashboard)
    page.keyboard.type(f"status:failed {batch}")
    dashboard.press("Enter")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])


def test_a_job_returns_to_the_list_that_it_was_opened_from(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(status="PENDING", q=batch)
    url = page.url
    open_palette(dashboard)
    page.keyboard.type(f"Four {batch}")
    dashboard.press("Enter")  # at typing speed: nothing is found yet
    expect_heading(page, f"Four {batch}")
    dashboard.wait_until_ready()
    open_palette(dashboard)
    page.keyboard.type(f"Two {batch}")
    dashboard.press("Enter")
    expect_heading(page, f"Two {batch}")
    dashboard.wait_until_ready().press("u")
    expect(page).to_have_url(url)
    expect(dashboard.wait_until_ready().link(f"Two {batch}")).to_be_focused()


def test_enter_waits_for_the_jobs(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    held: list[Route] = []
    is_slow = True
    page.route(FOUND, lambda route: held.append(route) if is_slow else route.continue_())
    open_palette(dashboard)
    page.keyboard.type(f"Four {batch}")
    dashboard.press("Enter")
    note = dashboard.dialog.get_by_text("The first job opens as soon as it is found").first
    expect(note).to_be_visible()
    is_slow = False
    for route in held:
        route.continue_()
    expect_heading(page, f"Four {batch}")


def test_mouse_keys_and_focus(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch).press("j", "j")
    focused = dashboard.link(f"Four {batch}")
    expect(focused).to_be_focused()
    page.get_by_role("button", name="Commands").click()
    options = dashboard.dialog.get_by_role("option")
    active = dashboard.dialog.get_by_role("option", selected=True)
    expect(active).to_contain_text("Set to Pending")
    dashboard.press("End")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(options.last).to_be_in_viewport()
    dashboard.press("ArrowDown", "PageDown")
    expect(options.nth(8)).to_have_attribute("aria-selected", "true")
    dashboard.press("Home")
    expect(active).to_contain_text("Set to Pending")
    page.mouse.click(5, 5)
    expect(dashboard.dialog).to_have_count(0)
    focused.focus()
    open_palette(dashboard)
    page.keyboard.type(f"Three {batch}")
    expect(dashboard.dialog.get_by_role("status")).to_have_text("2 results")
    dashboard.press("Control+k")
    expect(dashboard.dialog).to_have_count(0)
    expect(focused).to_be_focused()
    open_palette(dashboard)
    option(dashboard, "Set to Running").click()
    expect(dashboard.status(f"Four {batch}")).to_have_text("Running")


@pytest.mark.failing_requests  # what is half typed is not understood
def test_on_a_phone(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    dashboard.open(search=batch)
    page.get_by_role("button", name="Commands").click()
    page.keyboard.type(f"status:pending {batch}")
    expect(option(dashboard, f"Five {batch}")).to_be_visible()
    box = dashboard.dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    expect_accessible(page)


@pytest.mark.failing_requests
def test_a_failed_search_is_reported(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    page.route(FOUND, problem(503, "The database cannot be reached."))
    open_palette(dashboard)
    page.keyboard.type(f"Three {batch}")
    dashboard.press("Enter")
    expect(dashboard.dialog.get_by_text("Couldn’t search jobs.").first).to_be_visible()
    expect_accessible(page)
