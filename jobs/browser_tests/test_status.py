"""A job's status: what it shows, and how failures are explained."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, LABELS, LIST, Dashboard, problem


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Turbine"))


@pytest.mark.parametrize("status", LABELS)
def test_any_status_can_be_set_and_persists(
    dashboard: Dashboard, page: Page, api: Api, status: str
) -> None:
    job = api.create(unique("Turbine"), "FAILED" if status != "FAILED" else "COMPLETED")
    control = dashboard.open(search=job["name"]).status(job["name"])
    with page.expect_response(API) as answer:
        dashboard.choose_status(job["name"], LABELS[status])
    assert answer.value.ok
    expect(control).to_have_text(LABELS[status])
    expect(control).to_have_attribute("aria-busy", "false")
    page.reload()
    expect(control).to_have_text(LABELS[status])
    assert api.statuses(job["id"])[0] == status


def test_counts_are_updated_while_the_table_stays(
    dashboard: Dashboard, api: Api, job: dict[str, Any]
) -> None:
    api.create(f"Other {job['name']}", "RUNNING")
    dashboard.open(search=job["name"])
    dashboard.expect_counts(All=2, Pending=1, Running=1, Completed=0, Failed=0)
    same_document = dashboard.never_reloaded()
    refetched = dashboard.requests(lambda request: LIST.match(request.url) is not None)
    dashboard.choose_status(job["name"], "Completed")
    dashboard.expect_counts(All=2, Pending=0, Running=1, Completed=1, Failed=0)
    assert refetched == []
    assert same_document()


def test_job_stays_in_a_list_it_no_longer_matches_until_a_refresh(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"], status="PENDING")
    dashboard.choose_status(job["name"], "Running")
    dashboard.expect_counts(Pending=0, Running=1)
    expect(dashboard.status(job["name"])).to_have_text("Running")
    dashboard.tab("Pending").click()
    expect(dashboard.row(job["name"])).to_have_count(0)


@pytest.mark.failing_requests
def test_failure_restores_the_confirmed_status_and_can_be_retried(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    control = dashboard.open(search=job["name"]).status(job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    control.focus()
    dashboard.choose_status(job["name"], "Running")
    failure = dashboard.row(job["name"]).get_by_role("alert")
    expect(failure).to_contain_text("The database cannot be reached.")
    expect(control).to_have_text("Pending")
    expect(control).to_be_focused()
    assert api.statuses(job["id"]) == ["PENDING"]
    page.unroute(API)
    failure.get_by_role("button", name="Retry").click()
    expect(control).to_have_text("Running")
    expect(failure).to_have_count(0)
    expect(control).to_be_focused()
    expect(control).to_have_attribute("aria-busy", "false")
    assert api.statuses(job["id"]) == ["RUNNING", "PENDING"]


@pytest.mark.failing_requests
def test_being_offline_is_reported(
    dashboard: Dashboard, context: BrowserContext, job: dict[str, Any]
) -> None:
    control = dashboard.open(search=job["name"]).status(job["name"])
    context.set_offline(True)
    dashboard.choose_status(job["name"], "Failed")
    failure = dashboard.row(job["name"]).get_by_role("alert")
    expect(failure).to_contain_text("You’re offline.")
    expect(control).to_have_text("Pending")
    context.set_offline(False)
    failure.get_by_role("button", name="Retry").click()
    expect(control).to_have_text("Failed")


@pytest.mark.failing_requests
def test_deleted_job_is_reported(dashboard: Dashboard, api: Api, job: dict[str, Any]) -> None:
    dashboard.open(search=job["name"]).block_live_updates()
    api.delete(job["id"])
    dashboard.choose_status(job["name"], "Running")
    failure = dashboard.row(job["name"]).get_by_role("alert")
    expect(failure).to_have_text("This job was deleted.")
    expect(failure.get_by_role("button")).to_have_count(0)


@pytest.mark.failing_requests
def test_failure_on_one_row_survives_a_refresh_of_the_table(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    control = dashboard.open(search=job["name"]).status(job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.choose_status(job["name"], "Running")
    failure = dashboard.row(job["name"]).get_by_role("alert")
    expect(failure).to_be_visible()
    page.unroute(API)
    newer = f"Newer {job['name']}"
    dashboard.submit_name(newer)
    expect(dashboard.status(newer)).to_be_visible()
    expect(failure).to_contain_text("The database cannot be reached.")
    expect(control).to_have_text("Pending")


def test_last_choice_wins_on_a_slow_server(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    control = dashboard.open(search=job["name"]).status(job["name"])

    def choose_again(route: Route) -> None:
        dashboard.choose_status(job["name"], "Completed")
        route.continue_()

    page.route(API, choose_again, times=1)
    dashboard.choose_status(job["name"], "Running")
    dashboard.expect_counts(Completed=1, Pending=0, Running=0)
    expect(control).to_have_text("Completed")
    assert api.statuses(job["id"]) == ["COMPLETED", "RUNNING", "PENDING"]
