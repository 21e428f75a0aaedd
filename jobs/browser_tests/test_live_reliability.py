"""Live updates can be paused and resumed, and recover from failures."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import LIVE, Dashboard


@pytest.fixture
def batch(api: Api) -> str:
    batch = unique("batch")
    api.create_batch(batch, "First", "Second", "Third")
    return batch


def test_can_be_paused_across_pages_and_resumed(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    page.get_by_role("button", name="Live. Pause live updates").click()
    expect(page.get_by_role("button", name="Paused. Resume live updates")).to_be_focused()
    requests = dashboard.requests(lambda request: LIVE.search(request.url) is not None)
    dashboard.open(search=batch)
    [job, *_] = api.named(batch)
    api.set_status(job["id"], "RUNNING")
    assert requests == []
    page.get_by_role("button", name="Paused. Resume live updates").click()
    expect(dashboard.status(job["name"])).to_have_text("Running")


@pytest.mark.failing_requests
def test_a_failing_server_is_reported_and_retry_recovers(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    page.clock.install()
    dashboard.open(search=batch)
    page.route(LIVE, lambda route: route.fulfill(status=503, body="down"))
    retry = page.get_by_role("button", name="Retry", exact=True)
    for _ in range(3):
        with page.expect_response(LIVE):
            page.clock.fast_forward(14_000)
    expect(retry).to_be_visible()
    expect(page.get_by_role("button", name="Reconnecting")).to_be_visible()
    page.unroute(LIVE)
    [job, *_] = api.named(batch)
    api.set_status(job["id"], "RUNNING")
    retry.click()
    page.clock.fast_forward(1_000)
    expect(dashboard.status(job["name"])).to_have_text("Running")
    expect(retry).to_be_hidden()
    expect(page.get_by_role("button", name="Live. Pause live updates")).to_be_visible()


@pytest.mark.failing_requests
def test_polls_immediately_when_back_online(
    dashboard: Dashboard, context: BrowserContext, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    context.set_offline(True)
    [job, *_] = api.named(batch)
    api.set_status(job["id"], "RUNNING")
    context.set_offline(False)
    expect(dashboard.status(job["name"])).to_have_text("Running")


def test_the_list_shown_after_back_is_live(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.tab("Failed").click()
    expect(dashboard.rows()).to_have_count(0)
    page.go_back()
    expect(dashboard.rows()).to_have_count(3)
    [job, *_] = api.named(batch)
    api.set_status(job["id"], "RUNNING")
    expect(dashboard.status(job["name"])).to_have_text("Running")
