"""The API documentation: linked from the header, readable on any screen and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import expect_to_fit_every_width


def test_is_linked_from_the_list_and_links_back(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    page.get_by_role("link", name="API", exact=True).click()
    expect(page).to_have_url(re.compile("/api/docs/$"))
    expect(page.get_by_role("heading", level=1, name="API")).to_be_visible()
    dashboard.wait_until_ready()
    page.get_by_role("link", name="Jobs", exact=True).click()
    expect(dashboard.table).to_be_visible()


def test_has_no_accessibility_violations(page: Page) -> None:
    page.goto("/api/docs/#error-job_changed")
    page.get_by_role("group").first.locator("summary").click()
    expect_accessible(page, colors_in=["header", "#change_job", "#errors"])
    expect_to_fit_every_width(page)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_it_links_to_operations_and_errors(page: Page) -> None:
    page.goto("/api/docs/")
    calls = page.get_by_role("navigation", name="Contents")
    calls.get_by_role("link", name="PATCH /api/jobs/{job_id}/", exact=True).click()
    call = page.get_by_role("region", name="Update a job", exact=True)
    expect(call.get_by_role("heading", name="Update a job")).to_be_in_viewport()
    expect(call.get_by_text("curl -X PATCH")).to_be_visible()
    call.get_by_role("link", name="404 not_found").click()
    error = page.locator("#error-not_found")
    expect(error).to_be_in_viewport()
    error.locator("summary").click()
    expect(error.get_by_text('"code": "not_found"')).to_be_visible()
