"""Deleted jobs: undo, the page of the trash, and the page of a deleted job."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import expect_to_fit_every_width


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Mistaken"), "RUNNING")


@pytest.fixture
def table(page: Page) -> Locator:
    return page.get_by_role("region", name="Deleted jobs")


def open_trash(page: Page, dashboard: Dashboard) -> None:
    page.goto("/trash/")
    dashboard.wait_until_ready()


def test_z_brings_a_deleted_job_back_where_it_was(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("")
    names = api.create_batch(batch, "A", "B", "C")
    dashboard.open(search=batch)
    same_document = dashboard.never_reloaded()
    dashboard.press("j", "j", "r")
    expect(dashboard.toast).to_contain_text(f"{names[1]} is now Running.")
    dashboard.press("Shift+D")
    expect(dashboard.dialog).to_contain_text("They can be restored from the trash for 7 days.")
    dashboard.press("Tab", "Enter")
    expect(dashboard.toast).to_contain_text(f"Deleted {names[1]}.")
    expect(dashboard.rows()).to_have_text([names[2], names[0]])
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Restored {names[1]}.")
    expect(dashboard.rows()).to_have_text(names[::-1])
    dashboard.expect_counts(All=3, Running=1)
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"{names[1]} restored to Pending.")
    assert same_document()
    assert [found["current_status"] for found in api.named(batch)] == ["PENDING"] * 3


def test_a_job_deleted_on_its_own_page_comes_back_by_the_button_of_the_next(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    dashboard.press("Shift+D", "Tab", "Enter")
    expect(dashboard.toast).to_contain_text(f"Deleted {job['name']}.")
    dashboard.toast.get_by_role("button", name="Undo").click()
    expect(dashboard.toast).to_contain_text(f"Restored {job['name']}.")
    expect(dashboard.row(job["name"])).to_contain_text("Running")


def test_the_trash_restores_a_job_by_keyboard(
    dashboard: Dashboard, page: Page, api: Api, table: Locator, job: dict[str, Any]
) -> None:
    other = api.create(unique("Other"))
    for each in (other, job):
        api.delete(each["id"])
    dashboard.open()
    page.get_by_role("link", name="Trash").first.press("Enter")
    dashboard.wait_until_ready()
    row = table.get_by_role("row").filter(has_text=job["name"])
    expect(row).to_contain_text("Running")
    expect(row).to_contain_text("in 7 days")
    row.get_by_role("button", name=f"Restore {job['name']}").press("Enter")
    expect(row).to_have_count(0)
    expect(dashboard.toast).to_contain_text(f"Restored {job['name']}.")
    expect(table.get_by_role("link", name=other["name"])).to_be_focused()
    assert api.exists(job["id"])


def test_selected_jobs_are_restored_together(
    dashboard: Dashboard, page: Page, api: Api, table: Locator
) -> None:
    batch = unique("")
    names = api.create_batch(batch, "A", "B", "C")
    for each in api.named(batch):
        api.delete(each["id"])
    open_trash(page, dashboard)
    for name in names[:2]:
        table.get_by_role("checkbox", name=f"Select {name}").check()
    table.get_by_role("button", name="Restore selected").click()
    expect(dashboard.toast).to_contain_text("Restored 2 jobs.")
    expect(table.get_by_role("row").filter(has_text=batch)).to_have_count(1)
    assert sorted(found["name"] for found in api.named(batch)) == names[:2]


@pytest.mark.failing_requests
def test_the_page_of_a_deleted_job_restores_it(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    api.delete(job["id"])
    response = page.reload()
    assert response
    assert response.status == 404
    dashboard.wait_until_ready()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{job['name']} is in the trash")
    page.get_by_role("button", name="Restore").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(job["name"])
    assert api.exists(job["id"])


def test_the_palette_leads_to_the_trash(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    dashboard.press("Control+k")
    page.keyboard.type("trash")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Trash · Job dashboard")


@pytest.mark.failing_requests
def test_its_pages_are_accessible_and_fit(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    api.delete(job["id"])
    for path in ("/trash/", f"/jobs/{job['id']}/"):
        page.goto(path)
        dashboard.wait_until_ready()
        expect_accessible(page)
        expect_to_fit_every_width(page)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_it_is_readable(page: Page, api: Api, job: dict[str, Any]) -> None:
    api.delete(job["id"])
    page.goto("/")
    page.get_by_role("link", name="Trash").first.click()
    expect(page.get_by_role("row").filter(has_text=job["name"])).to_contain_text("Running")
    expect(page.get_by_role("button", name="Restore")).to_have_count(0)
    hint = page.get_by_role("paragraph").filter(
        has_text="JavaScript is needed to restore jobs here"
    )
    expect(hint).to_be_visible()
