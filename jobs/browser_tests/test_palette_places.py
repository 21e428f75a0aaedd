"""The palette on other pages, after visits to jobs and searches, and on a read-only database."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.palette import expect_heading, open_palette, option, run

HEALTH = "**/api/health/"
FOUND = re.compile(r"/api/jobs/\?")


def test_recent_jobs_and_searches(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    ids = {job["name"].split()[0]: job["id"] for job in api.named(batch)}
    for word in ("One", "Two"):
        dashboard.open_job(ids[word])
    dashboard.open()
    dashboard.press("/")
    page.keyboard.type(batch)
    expect(dashboard.rows()).to_have_count(5)
    page.get_by_role("link", name="Export as CSV", exact=True).focus()
    open_palette(dashboard)
    recent = dashboard.dialog.get_by_role("group", name="Recent jobs")
    expect(recent.get_by_role("option")).to_have_text(
        [re.compile(f"^Two {batch}"), re.compile(f"^One {batch}")]
    )
    searches = dashboard.dialog.get_by_role("group", name="Recent searches")
    expect(searches.get_by_role("option")).to_have_text([batch])
    recent.get_by_role("option").first.click()
    expect_heading(page, f"Two {batch}")

    dashboard.wait_until_ready()
    run(dashboard, "clear recent", "Clear recent")
    open_palette(dashboard)
    expect(recent).to_have_count(0)
    expect(searches).to_have_count(0)


@pytest.mark.failing_requests
def test_a_recent_job_that_was_deleted_has_the_page_for_it(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(unique("Gone"))
    dashboard.open_job(job["id"])
    api.delete(job["id"])
    dashboard.open()
    open_palette(dashboard)
    option(dashboard, job["name"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is in the trash")

    # The palette works there too, with what can run there.
    dashboard.wait_until_ready()
    open_palette(dashboard)
    groups = dashboard.dialog.get_by_role("group")
    expect(groups).to_have_count(6)  # the first ones are there before the others
    names = [group.get_attribute("aria-label") for group in groups.all()]
    assert names == ["Recent jobs", "Go to", "Move", "More", "View", "Trash"]
    page.keyboard.type("api")
    dashboard.press("Enter")
    expect(page).to_have_url(re.compile("/api/docs/$"))


def test_other_pages_offer_nothing_for_a_list_or_a_job(dashboard: Dashboard, page: Page) -> None:
    for url in ("/activity/", "/api/docs/"):
        page.goto(url)
        dashboard.wait_until_ready()
        open_palette(dashboard)
        for name in ("Set to", "Delete", "Sort by", "Next", "Export", "Create", "Toggle"):
            expect(option(dashboard, name)).to_have_count(0)
        expect(option(dashboard, "Failed jobs")).to_have_count(1)
        expect_accessible(page, colors_in=["dialog[open]"])
        dashboard.press("Control+k")
        expect(dashboard.dialog).to_have_count(0)
    page.goto("/activity/")
    dashboard.wait_until_ready()
    run(dashboard, "day", "Chart: Day")
    expect(page.get_by_role("link", name="Day", exact=True)).to_have_attribute(
        "aria-current", "true"
    )


@pytest.mark.failing_requests
def test_a_read_only_database_offers_no_changes(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.route(
        HEALTH,
        lambda route: route.fulfill(
            status=503,
            content_type="application/problem+json",
            json={"status": 503, "code": "database_read_only", "title": "", "detail": "Read-only."},
        ),
    )
    dashboard.open(search=batch).press("j", "x")
    open_palette(dashboard)
    expect(dashboard.dialog.get_by_text("The database is read-only")).to_be_visible()
    for name in ("Set to", "Delete", "Create job"):
        expect(option(dashboard, name)).to_have_count(0)
    expect(option(dashboard, "Clear selection")).to_have_count(1)
