"""Deletion: the dialog names the job; then the row disappears, or the dialog shows the error."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, Dashboard, problem


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Obsolete"))


def confirm(dashboard: Dashboard) -> None:
    dashboard.dialog.get_by_role("button", name="Delete job").click()


def test_dialog_names_the_job(dashboard: Dashboard, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"]).ask_to_delete(job["name"])
    expect(dashboard.dialog).to_have_accessible_name("Delete job?")
    expect(dashboard.dialog).to_contain_text(f"{job['name']} {job['id']} and its status history")
    expect(dashboard.dialog.get_by_role("button", name="Cancel")).to_be_focused()


@pytest.mark.parametrize("way", ["Escape", "Cancel", "Enter"])
def test_canceling_keeps_the_job(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any], way: str
) -> None:
    dashboard.open(search=job["name"])
    deletions = dashboard.requests(lambda request: request.method == "DELETE")
    dashboard.ask_to_delete(job["name"])
    if way == "Cancel":
        dashboard.dialog.get_by_role("button", name=way).click()
    else:
        page.keyboard.press(way)
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.delete_button(job["name"])).to_be_focused()
    expect(dashboard.link(job["name"])).to_be_visible()
    assert deletions == []
    assert api.exists(job["id"])


def test_row_disappears_without_a_reload(dashboard: Dashboard, api: Api) -> None:
    batch = unique("")
    older, job, newer = api.create_batch(batch, "A", "B", "C")
    dashboard.open(search=batch)
    same_document = dashboard.never_reloaded()
    dashboard.ask_to_delete(job)
    confirm(dashboard)
    expect(dashboard.rows()).to_have_text([newer, older])
    dashboard.expect_counts(All=2, Pending=2)
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.link(older)).to_be_focused()
    assert same_document()
    assert [found["name"] for found in api.named(batch)] == [newer, older]


def test_deleting_the_last_row_shows_the_empty_state(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"]).ask_to_delete(job["name"])
    confirm(dashboard)
    expect(page.get_by_role("heading", name="No job matches")).to_be_visible()
    expect(dashboard.table).to_be_focused()


@pytest.mark.failing_requests
def test_failure_is_shown_in_the_dialog_and_can_be_retried(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.ask_to_delete(job["name"])
    confirm(dashboard)
    failure = dashboard.dialog.get_by_role("alert")
    expect(failure).to_have_text("The database cannot be reached.")
    assert api.exists(job["id"])
    page.unroute(API)
    confirm(dashboard)
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.row(job["name"])).to_have_count(0)


@pytest.mark.failing_requests
def test_an_earlier_failure_is_not_shown_for_another_job(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("")
    first, second = api.create_batch(batch, "First", "Second")
    dashboard.open(search=batch)
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.ask_to_delete(first)
    confirm(dashboard)
    expect(dashboard.dialog.get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")
    dashboard.ask_to_delete(second)
    expect(dashboard.dialog).to_contain_text(second)
    expect(dashboard.dialog.get_by_role("alert")).to_have_count(0)


@pytest.mark.failing_requests
def test_job_that_is_already_gone_counts_as_deleted(
    dashboard: Dashboard, api: Api, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"])
    dashboard.block_live_updates()
    api.delete(job["id"])
    dashboard.ask_to_delete(job["name"])
    confirm(dashboard)
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.row(job["name"])).to_have_count(0)


def test_deleting_on_the_job_page_returns_to_the_list(
    dashboard: Dashboard, page: Page, base_url: str, api: Api, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(dashboard.dialog).to_contain_text(job["name"])
    confirm(dashboard)
    expect(page).to_have_url(f"{base_url}/")
    expect(dashboard.row(job["name"])).to_have_count(0)
    assert not api.exists(job["id"])
    expect(dashboard.toast).to_contain_text(f"Deleted {job['name']}.")
    page.reload()
    dashboard.wait_until_ready()
    expect(dashboard.toast).to_have_text("")


def test_a_job_deleted_on_its_own_page_is_deselected(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("")
    kept, gone = api.create_batch(batch, "A", "B")
    dashboard.open(search=batch)
    dashboard.press("j", "x", "j", "x", "k", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(gone)
    dashboard.wait_until_ready()
    dashboard.press("Shift+D", "Tab", "Enter")
    expect(dashboard.toast).to_contain_text(f"Deleted {gone}.")
    expect(dashboard.rows()).to_have_text([kept])
    expect(dashboard.bar).to_contain_text("1 selected")
