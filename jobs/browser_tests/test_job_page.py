"""A job's own page: what it is, what became of it, and how long each status lasted."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, Dashboard, problem


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Simulation"), "RUNNING", "FAILED")


def history(page: Page) -> Locator:
    return page.get_by_role("region", name="Status history").get_by_role("listitem")


def test_history_is_newest_first_with_durations(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    expect(page).to_have_title(f"{job['name']} · Job dashboard")
    expect(page.get_by_role("heading", level=1)).to_have_text(job["name"])
    duration = r"\d+(\.\d)? s"
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    expect(history(page)).to_have_text(
        [
            re.compile(rf"Failed\s+{time}\s+{duration} so far"),
            re.compile(rf"Running\s+{time}\s+{duration}\s*$"),
            re.compile(rf"Pending\s+{time}\s+{duration}\s*$"),
        ]
    )


def test_status_change_grows_the_history_without_a_reload(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    select = dashboard.open_job(job["id"]).status(job["name"])
    same_document = dashboard.never_reloaded()
    select.select_option("Completed")
    expect(history(page)).to_have_count(4)
    expect(history(page).first).to_contain_text("Completed")
    expect(history(page).first).to_contain_text("so far")
    expect(page.get_by_text("so far")).to_have_count(1)
    expect(select).to_have_value("COMPLETED")
    select.select_option("Running")
    expect(history(page)).to_have_count(5)
    assert same_document()
    assert api.statuses(job["id"])[:2] == ["RUNNING", "COMPLETED"]


@pytest.mark.failing_requests
def test_failed_change_leaves_the_history_as_it_is(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    select = dashboard.open_job(job["id"]).status(job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    select.select_option("Completed")
    expect(page.get_by_role("alert")).to_contain_text("The database cannot be reached.")
    expect(select).to_have_value("FAILED")
    expect(history(page)).to_have_count(3)


@pytest.mark.failing_requests
def test_failed_refresh_of_the_history_is_said_and_retried(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    select = dashboard.open_job(job["id"]).status(job["name"])
    here = re.compile(rf"^[^?]*//[^/]+/jobs/{job['id']}/")
    page.route(here, lambda route: route.fulfill(status=503, body="down"))
    select.select_option("Completed")
    expect(dashboard.banner).to_contain_text("The history could not be refreshed")
    expect(select).to_have_value("COMPLETED")
    page.unroute(here)
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(history(page)).to_have_count(4)
    expect(dashboard.banner).to_be_hidden()


def test_long_history_has_pages(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique("Flapping"), *["RUNNING", "FAILED"] * 25)
    dashboard.open_job(job["id"])
    expect(history(page)).to_have_count(50)
    page.get_by_role("link", name="Older →").click()
    expect(history(page)).to_have_count(1)
    expect(history(page)).to_contain_text("Pending")
    page.get_by_role("link", name="← Newer").click()
    expect(history(page)).to_have_count(50)


def test_crumb_leads_back_to_the_list(
    dashboard: Dashboard, page: Page, base_url: str, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Jobs").click()
    expect(page).to_have_url(f"{base_url}/")


@pytest.mark.failing_requests
def test_deleted_job_has_a_page_that_says_so(
    page: Page, api: Api, base_url: str, job: dict[str, Any]
) -> None:
    api.delete(job["id"])
    answer = page.goto(f"/jobs/{job['id']}/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    page.get_by_role("link", name="Show all jobs").click()
    expect(page).to_have_url(f"{base_url}/")
