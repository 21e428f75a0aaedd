"""Two selected jobs side by side: by key, by button and by address."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import box


def test_compares_the_selected_job_with_the_cursors(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "x", "j", "=")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare jobs")
    ids = [api.named(f"{name} {batch}")[0]["id"] for name in ("Five", "Four")]
    assert f"ids={ids[0]},{ids[1]}" in page.url


def test_compares_two_jobs_of_different_pages(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("compare")
    names = api.create_batch(batch, *(f"{number:02}" for number in range(26)))
    api.set_status(api.named(names[0])[0]["id"], "FAILED")
    dashboard.open(search=batch, page_size=25, ordering="name").press("j", "x", "=")
    hint = page.locator(".key-hint")
    expect(hint).to_have_text("Select two jobs to compare them: 1 selected.")
    expect(dashboard.bar.get_by_role("button", name="Compare")).to_be_hidden()
    dashboard.press("]")
    expect(dashboard.link(names[25])).to_be_focused()
    dashboard.press("x")
    expect(dashboard.bar.get_by_role("button", name="Compare")).to_be_visible()
    dashboard.press("=")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare jobs")
    ids = [api.named(names[at])[0]["id"] for at in (0, 25)]
    assert f"ids={ids[0]},{ids[1]}" in page.url
    status = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Status"))
    expect(status.get_by_role("cell")).to_have_text(["Failed", "Pending", "≠ different"])
    expect(page.get_by_role("region", name="Timeline since creation")).to_contain_text(
        "1 step differs"
    )
    page.go_back()
    expect(dashboard.link(names[25])).to_be_focused()
    page.go_forward()
    dashboard.wait_until_ready().press("u")
    expect(dashboard.link(names[25])).to_be_focused()
    expect(dashboard.rows()).to_have_count(1)


@pytest.mark.failing_requests  # the second one is an error
def test_u_leads_to_the_list_from_every_page(dashboard: Dashboard, page: Page) -> None:
    for url in ("/activity/", "/jobs/999999999/"):
        page.goto(url)
        dashboard.wait_until_ready().press("u")
        expect(dashboard.table).to_be_visible()


def test_works_without_scripts(browser: Any, base_url: str, api: Api) -> None:
    one, other = api.create(unique("One"), "RUNNING"), api.create(unique("Other"))
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/compare/?ids={one['id']},{other['id']}")
    expect(page.get_by_role("columnheader", name=one["name"]).first).to_be_visible()
    expect(page.get_by_role("columnheader", name=other["name"]).first).to_be_visible()
    context.close()


def test_stacks_on_narrow_screens_and_is_accessible(page: Page, api: Api) -> None:
    one, other = api.create(unique("One"), "RUNNING", "FAILED"), api.create(unique("Other"))
    page.goto(f"/compare/?ids={one['id']},{other['id']}")
    expect(page.locator("html[data-complete]")).to_have_count(1)
    expect_accessible(page)
    step = page.locator(".steps tbody td").first
    icon, word = box(step.locator(".icon")), box(step.locator("b"))
    assert icon["right"] <= word["x"]
    assert abs(icon["y"] - word["y"]) < 8
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_explains_what_cannot_be_compared(page: Page, api: Api) -> None:
    job = api.create(unique("Left"))
    gone = api.create(unique("Gone"))
    api.delete(gone["id"])
    for ids, words in (
        (f"{job['id']},{gone['id']}", f"Job {gone['id']} doesn’t exist."),
        (f"{job['id']},{job['id']}", "a job is compared with another one"),
        ("x", "is not a list of numbers"),
    ):
        response = page.request.get(f"/compare/?ids={ids}")
        assert response.status in (400, 404)
        assert words in response.text()
