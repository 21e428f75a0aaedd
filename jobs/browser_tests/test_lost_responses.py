"""If a response is lost after the server has made a change, a retry does not make it twice."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, LIST, UNKNOWN_OUTCOME, Dashboard, LostResponses

pytestmark = pytest.mark.failing_requests


def only_key(lost: LostResponses) -> str | None:
    """The key that all requests have in common."""
    [key] = set(lost.keys)
    return key


def test_a_retried_creation_makes_one_job(dashboard: Dashboard, page: Page, api: Api) -> None:
    dashboard.open()
    lost = LostResponses(page, "POST")
    name = unique("Wing")
    dashboard.submit_name(name)
    expect(page.get_by_role("alert")).to_have_text(f"The server did not respond. {UNKNOWN_OUTCOME}")
    expect(dashboard.link(name)).to_be_visible()  # the list was refetched
    expect(dashboard.name).to_have_value(name)
    lost.losing = False
    dashboard.name.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Created")).to_contain_text(name)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(lost.keys) == 2
    assert only_key(lost)
    assert len(api.named(name)) == 1


def test_another_name_is_another_job(dashboard: Dashboard, page: Page, api: Api) -> None:
    dashboard.open()
    lost = LostResponses(page, "POST")
    batch = unique()
    dashboard.submit_name(f"First {batch}")
    expect(page.get_by_role("alert")).to_be_visible()
    lost.losing = False
    dashboard.submit_name(f"Second {batch}")
    expect(page.get_by_role("status").filter(has_text="Created")).to_contain_text("Second")
    assert len(set(lost.keys)) == 2
    assert len(api.named(batch)) == 2


def test_an_unknown_outcome_is_not_treated_as_a_failure(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    dashboard.open()
    name = unique("Wing")
    keys: list[str | None] = []

    def done_with_unknown_outcome(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) > 1:
            route.continue_()
            return
        route.fetch()
        body = (
            '{"type": "about:blank", "title": "Unavailable", "status": 503,'
            ' "code": "outcome_unknown", "detail": "The connection broke."}'
        )
        route.fulfill(status=503, content_type="application/problem+json", body=body)

    page.route(API, done_with_unknown_outcome)
    dashboard.submit_name(name)
    expect(page.get_by_role("alert")).to_have_text(
        f"The server could not confirm the change. {UNKNOWN_OUTCOME}"
    )
    expect(dashboard.link(name)).to_be_visible()
    dashboard.name.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Created")).to_contain_text(name)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(api.named(name)) == 1
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_status_that_was_set_is_detected(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    lost = LostResponses(page, "PATCH")
    dashboard.choose_status(f"Three {batch}", "Failed")
    expect(dashboard.toast).to_contain_text("is now Failed")
    expect(dashboard.status(f"Three {batch}")).to_have_text("Failed")
    assert len(lost.keys) == 1
    job = api.named(f"Three {batch}")[0]
    assert api.statuses(job["id"]) == ["FAILED", "PENDING"]


def test_a_status_that_cannot_be_checked_is_set_once(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    job = api.named(f"Three {batch}")[0]
    dashboard.open(search=batch)
    page.route(re.compile(r"/live/"), lambda route: route.abort())
    page.route(LIST, lambda route: route.abort())
    lost = LostResponses(page, "PATCH")
    page.route(
        re.compile(rf"/api/jobs/{job['id']}/$"),
        lambda route: route.abort() if route.request.method == "GET" else route.fallback(),
    )
    dashboard.choose_status(f"Three {batch}", "Failed")
    row = dashboard.row(f"Three {batch}")
    expect(row.get_by_role("alert")).to_contain_text(UNKNOWN_OUTCOME)
    lost.losing = False
    row.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("is now Failed")
    expect(dashboard.status(f"Three {batch}")).to_have_text("Failed")
    expect(row.get_by_role("alert")).to_have_count(0)
    assert len(lost.keys) == 2
    assert only_key(lost)
    assert api.statuses(job["id"]) == ["FAILED", "PENDING"]


def test_many_are_set_once(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    lost = LostResponses(page, "PATCH")
    dashboard.press("j", "*", "a", "f")
    expect(dashboard.toast).to_contain_text("Couldn’t confirm that 5 jobs were set to Failed.")
    expect(dashboard.toast).to_contain_text(UNKNOWN_OUTCOME)
    expect(dashboard.status(f"Three {batch}")).to_have_text("Failed")  # refetched
    lost.losing = False
    dashboard.toast.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("5 jobs are now Failed.")
    assert len(lost.keys) == 2
    assert only_key(lost)
    for job in api.named(batch):
        assert api.statuses(job["id"]) == ["FAILED", "PENDING"]


def test_an_undo_is_applied_once(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.choose_status(f"Three {batch}", "Failed")
    expect(dashboard.toast).to_contain_text("is now Failed")
    lost = LostResponses(page, "POST")
    dashboard.toast.get_by_role("button", name="Undo").click()
    expect(dashboard.toast).to_contain_text(UNKNOWN_OUTCOME)
    lost.losing = False
    dashboard.toast.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("restored to Pending.")
    assert len(lost.keys) == 2
    assert only_key(lost)
    job = api.named(f"Three {batch}")[0]
    assert api.statuses(job["id"]) == ["PENDING", "FAILED", "PENDING"]


def test_a_job_that_was_deleted_is_detected(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    lost = LostResponses(page, "DELETE")
    dashboard.ask_to_delete(f"Three {batch}")
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.rows()).to_have_count(4)
    assert len(lost.keys) == 1
    assert only_key(lost)


def test_a_deletion_that_cannot_be_checked_is_retried(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    lost = LostResponses(page, "DELETE")
    page.route(
        API, lambda route: route.abort() if route.request.method == "GET" else route.fallback()
    )
    dashboard.ask_to_delete(f"Three {batch}")
    confirm = dashboard.dialog.get_by_role("button", name="Delete job")
    confirm.click()
    expect(dashboard.dialog).to_contain_text(UNKNOWN_OUTCOME)
    lost.losing = False
    confirm.click()
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.rows()).to_have_count(4)
    assert len(lost.keys) == 2
    assert only_key(lost)
