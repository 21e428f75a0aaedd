"""Without rows to show, the page explains why and offers links."""

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard


def test_empty_list_suggests_broader_queries(dashboard: Dashboard, page: Page, api: Api) -> None:
    name = api.create(unique("Pending"))["name"]
    dashboard.open(search=name, status="FAILED")
    expect(page.get_by_role("heading", name=f"No failed job matches “{name}”")).to_be_visible()
    expect(dashboard.link("Show all failed jobs")).to_be_visible()
    expect(dashboard.link("Show all jobs")).to_be_visible()
    dashboard.link("Search all statuses").click()
    expect(dashboard.rows()).to_have_text([name])


@pytest.mark.failing_requests
def test_invalid_url_explains_what_is_allowed(
    dashboard: Dashboard, page: Page, base_url: str
) -> None:
    dashboard.open(status="LOST", ordering="size", page_size=0)
    mistakes = dashboard.table.get_by_role("listitem")
    expect(mistakes).to_have_count(3)
    expect(mistakes.nth(0)).to_have_text(
        '"LOST" is not a valid status. Allowed: PENDING, RUNNING, COMPLETED, FAILED.'
    )
    expect(mistakes.nth(1)).to_contain_text("-created_at")
    expect(mistakes.nth(2)).to_contain_text("1 to 200")
    dashboard.link("Show all jobs").click()
    expect(page).to_have_url(f"{base_url}/")
    expect(dashboard.search).to_be_visible()


@pytest.mark.failing_requests
@pytest.mark.parametrize("path", ["/jobs/999999999/", "/nowhere/"])
def test_keys_and_header_work_on_message_pages(
    dashboard: Dashboard, page: Page, base_url: str, path: str
) -> None:
    assert page.goto(path).status == 404  # type: ignore[union-attr]
    dashboard.wait_until_ready().press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    dashboard.press("Escape")
    page.get_by_role("button", name="Commands").click()
    expect(page.get_by_role("dialog", name="Search jobs or run a command")).to_be_visible()
    dashboard.press("Escape", "g", "f")
    expect(page).to_have_url(f"{base_url}/?status=FAILED")
