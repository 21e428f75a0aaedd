"""axe finds no violations in any state of the pages: light and dark, desktop and mobile width."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, LABELS, LIST, Dashboard, problem

pytestmark = pytest.mark.failing_requests


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Accessible"), "RUNNING")


def test_list(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    for status in LABELS:
        api.create(f"{status} {batch}", status)
    dashboard.open(search=batch, page_size=3, ordering="name")
    expect(dashboard.page.get_by_role("combobox", name="Status of")).to_have_count(3)
    expect_accessible(page)


def test_empty_list(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"], status="FAILED")
    expect_accessible(page)


def test_invalid_url(dashboard: Dashboard, page: Page) -> None:
    dashboard.open(status="LOST", page_size=0)
    expect_accessible(page)


def test_job_page(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open_job(job["id"])
    expect_accessible(page)


def test_job_page_within_a_list(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    for status in ("FAILED", "PENDING", "COMPLETED"):
        api.set_status(job["id"], status)
    dashboard.open(search=job["name"], status=["COMPLETED", "FAILED"])
    dashboard.link(job["name"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(job["name"])
    dashboard.wait_until_ready()
    page.get_by_role("button", name="Copy ID").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect_accessible(page)


def test_not_found(page: Page) -> None:
    page.goto("/nothing-here/")
    expect_accessible(page)


def test_delete_dialog(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.ask_to_delete(job["name"])
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(dashboard.dialog.get_by_role("alert")).to_be_visible()
    expect_accessible(page)


def test_messages_next_to_controls(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.submit_name("")
    dashboard.choose_status(job["name"], "Failed")
    expect(page.get_by_role("alert")).to_have_count(2)
    expect_accessible(page)


def test_created_message_and_banner(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"])
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"))
    dashboard.submit_name(f"Next {job['name']}")
    expect(page.get_by_role("status").get_by_role("link")).to_be_visible()
    expect(dashboard.banner).to_be_visible()
    expect_accessible(page)


def test_selection_bar_and_toast(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"])
    dashboard.press("j", "x", "f")
    expect(dashboard.toast).to_contain_text("is now Failed.")
    expect(dashboard.bar).to_be_visible()
    dashboard.toast.get_by_role("button", name="Undo").focus()  # keeps it open
    expect_accessible(page)


def test_failures_of_several_jobs(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.press("j", "x", "f")
    expect(dashboard.toast.get_by_role("button", name="Retry")).to_be_visible()
    expect_accessible(page)


def test_keyboard_shortcuts(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    dashboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect_accessible(page)


def test_palette(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"])
    dashboard.press("j", "Control+k")
    page.keyboard.type(job["name"].split()[1])
    expect(dashboard.dialog.get_by_role("option", selected=True)).to_contain_text("Accessible")
    expect_accessible(page)
    dashboard.press("Escape", "Control+k")
    expect_accessible(page)


def test_deleting_several_jobs(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    api.create_batch(batch, "One", "Two")
    dashboard.open(search=batch)
    dashboard.press("j", "Shift+J", "Shift+D")
    expect(dashboard.dialog).to_be_visible()
    expect_accessible(page)
