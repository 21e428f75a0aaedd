"""Setting the status that a job has already sends no change, so that its history and undo have nothing to repeat."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import API, LIVE, Dashboard


def test_a_status_that_the_job_has_is_not_set_again(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    [job] = api.named(f"Five {batch}")
    dashboard.open(search=batch).press("j", "f")
    expect(dashboard.toast).to_contain_text("is now Failed")
    changes = dashboard.requests(lambda request: request.method == "PATCH")
    dashboard.press("f")
    expect(page.get_by_text(f"Five {batch} is already Failed.").first).to_be_visible()
    assert changes == []
    assert api.statuses(job["id"]) == ["FAILED", "PENDING"]
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("restored to Pending")


def test_of_many_only_the_others_are_sent(dashboard: Dashboard, api: Api, batch: str) -> None:
    jobs = api.named(batch)
    for job in jobs[:2]:
        api.set_status(job["id"], "FAILED")
    dashboard.open(search=batch)
    bodies: list[str] = []
    dashboard.page.on(
        "request", lambda r: bodies.append(r.post_data or "") if r.method == "PATCH" else None
    )
    dashboard.press("j", "*", "a", "f")
    expect(dashboard.toast).to_contain_text("3 jobs are now Failed. 2 jobs were already Failed.")
    [body] = bodies
    assert [int(i) for i in re.findall(r'"id":(\d+)', body)] == [job["id"] for job in jobs[2:]]
    dashboard.press("f")
    expect(dashboard.page.get_by_text("5 jobs are already Failed.").first).to_be_visible()
    assert len(bodies) == 1
    for job in jobs:
        assert api.statuses(job["id"]) == ["FAILED", "PENDING"]


def test_jobs_on_other_pages_are_compared_too(dashboard: Dashboard, api: Api, batch: str) -> None:
    first = api.named(batch)[0]
    api.set_status(first["id"], "FAILED")
    dashboard.open(search=batch, page_size=2).press("j", "x", "]", "x", "f")
    expect(dashboard.dialog).to_be_visible()
    dashboard.press("Tab", "Enter")
    expect(dashboard.toast).to_contain_text("is now Failed. 1 job was already Failed.")
    assert api.statuses(first["id"]) == ["FAILED", "PENDING"]


def test_a_job_that_has_changed_meanwhile_is_set(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    [job] = api.named(f"Five {batch}")
    api.set_status(job["id"], "FAILED")
    dashboard.open(search=batch)
    page.get_by_role("button", name=re.compile("live updates$")).click()  # paused
    api.set_status(job["id"], "RUNNING")
    dashboard.press("j", "f")
    expect(dashboard.toast).to_contain_text("is now Failed")
    assert api.statuses(job["id"]) == ["FAILED", "RUNNING", "FAILED", "PENDING"]


@pytest.mark.failing_requests
def test_what_the_page_shows_counts_if_the_server_does_not_answer(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    page.route(LIVE, lambda route: route.abort())
    page.context.set_offline(True)
    dashboard.press("j", "p")
    expect(page.get_by_text("is already Pending.").first).to_be_visible()


def test_a_job_page_sets_no_status_twice(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    [job] = api.named(f"Five {batch}")
    dashboard.open_job(job["id"])
    changes = dashboard.requests(
        lambda request: request.method == "PATCH" and bool(API.search(request.url))
    )
    dashboard.press("p")
    expect(page.get_by_text(f"Five {batch} is already Pending.").first).to_be_visible()
    assert changes == []
