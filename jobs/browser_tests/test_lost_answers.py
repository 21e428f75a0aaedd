"""An answer is lost after the server has done what was asked: the same wish again does it once."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, LIST, UNSURE, Dashboard, Lost

pytestmark = pytest.mark.failing_requests


def once(lost: Lost) -> str | None:
    """The one key of all requests."""
    [key] = set(lost.keys)
    return key


def test_a_creation_asked_again_makes_one_job(dashboard: Dashboard, page: Page, api: Api) -> None:
    dashboard.open()
    lost = Lost(page, "POST")
    name = unique("Wing")
    dashboard.submit_name(name)
    expect(page.get_by_role("alert")).to_have_text(f"The server did not answer. {UNSURE}")
    expect(dashboard.link(name)).to_be_visible()  # the list has been looked at
    expect(dashboard.name).to_have_value(name)
    lost.losing = False
    dashboard.name.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Created")).to_contain_text(name)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(lost.keys) == 2
    assert once(lost)
    assert len(api.named(name)) == 1


def test_another_name_is_another_job(dashboard: Dashboard, page: Page, api: Api) -> None:
    dashboard.open()
    lost = Lost(page, "POST")
    batch = unique()
    dashboard.submit_name(f"First {batch}")
    expect(page.get_by_role("alert")).to_be_visible()
    lost.losing = False
    dashboard.submit_name(f"Second {batch}")
    expect(page.get_by_role("status").filter(has_text="Created")).to_contain_text("Second")
    assert len(set(lost.keys)) == 2
    assert len(api.named(batch)) == 2


def test_a_server_that_cannot_tell_is_not_believed_to_have_failed(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    dashboard.open()
    name = unique("Wing")
    keys: list[str | None] = []

    def done_but_unsure(route: Route) -> None:
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

    page.route(API, done_but_unsure)
    dashboard.submit_name(name)
    expect(page.get_by_role("alert")).to_have_text(
        f"The server cannot tell what became of this. {UNSURE}"
    )
    expect(dashboard.link(name)).to_be_visible()
    dashboard.name.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Created")).to_contain_text(name)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(api.named(name)) == 1
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_status_that_was_set_is_found_to_be_set(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    lost = Lost(page, "PATCH")
    dashboard.status(f"Three {batch}").select_option("Failed")
    expect(dashboard.toast).to_contain_text("is now Failed")
    expect(dashboard.status(f"Three {batch}")).to_have_value("FAILED")
    assert len(lost.keys) == 1
    job = api.named(f"Three {batch}")[0]
    assert api.statuses(job["id"]) == ["FAILED", "PENDING"]


def test_a_status_that_cannot_be_looked_at_is_set_once(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    job = api.named(f"Three {batch}")[0]
    dashboard.open(search=batch)
    page.route(re.compile(r"/live/"), lambda route: route.abort())
    page.route(LIST, lambda route: route.abort())
    lost = Lost(page, "PATCH")
    page.route(
        re.compile(rf"/api/jobs/{job['id']}/$"),
        lambda route: route.abort() if route.request.method == "GET" else route.fallback(),
    )
    dashboard.status(f"Three {batch}").select_option("Failed")
    row = dashboard.row(f"Three {batch}")
    expect(row.get_by_role("alert")).to_contain_text(UNSURE)
    lost.losing = False
    row.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("is now Failed")
    expect(dashboard.status(f"Three {batch}")).to_have_value("FAILED")
    expect(row.get_by_role("alert")).to_have_count(0)
    assert len(lost.keys) == 2
    assert once(lost)
    assert api.statuses(job["id"]) == ["FAILED", "PENDING"]


def test_many_are_set_once(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    lost = Lost(page, "PATCH")
    dashboard.press("j", "*", "a", "f")
    expect(dashboard.toast).to_contain_text("It is not known whether 5 jobs became Failed.")
    expect(dashboard.toast).to_contain_text(UNSURE)
    expect(dashboard.status(f"Three {batch}")).to_have_value("FAILED")  # looked at
    lost.losing = False
    dashboard.toast.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("5 jobs are now Failed.")
    assert len(lost.keys) == 2
    assert once(lost)
    for job in api.named(batch):
        assert api.statuses(job["id"]) == ["FAILED", "PENDING"]


def test_an_undo_is_done_once(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.status(f"Three {batch}").select_option("Failed")
    expect(dashboard.toast).to_contain_text("is now Failed")
    lost = Lost(page, "POST")
    dashboard.toast.get_by_role("button", name="Undo").click()
    expect(dashboard.toast).to_contain_text(UNSURE)
    lost.losing = False
    dashboard.toast.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("is Pending again.")
    assert len(lost.keys) == 2
    assert once(lost)
    job = api.named(f"Three {batch}")[0]
    assert api.statuses(job["id"]) == ["PENDING", "FAILED", "PENDING"]


def test_a_job_that_was_deleted_is_found_to_be_gone(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    lost = Lost(page, "DELETE")
    dashboard.ask_to_delete(f"Three {batch}")
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.rows()).to_have_count(4)
    assert len(lost.keys) == 1
    assert once(lost)


def test_a_deletion_that_cannot_be_looked_at_is_asked_again(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    lost = Lost(page, "DELETE")
    page.route(
        API, lambda route: route.abort() if route.request.method == "GET" else route.fallback()
    )
    dashboard.ask_to_delete(f"Three {batch}")
    confirm = dashboard.dialog.get_by_role("button", name="Delete job")
    confirm.click()
    expect(dashboard.dialog).to_contain_text(UNSURE)
    lost.losing = False
    confirm.click()
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.rows()).to_have_count(4)
    assert len(lost.keys) == 2
    assert once(lost)
