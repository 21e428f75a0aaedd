"""If the list cannot be fetched, the page explains why, keeps its content, and offers a retry."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, LIST, Dashboard, problem

pytestmark = pytest.mark.failing_requests

OFFLINE = "You’re offline. This page may be out of date."


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of a PENDING and a RUNNING job share."""
    batch = unique("batch")
    api.create(f"Waiting {batch}")
    api.create(f"Working {batch}", "RUNNING")
    return batch


def retry(dashboard: Dashboard) -> None:
    dashboard.banner.get_by_role("button", name="Retry").click()


def fail_offline(dashboard: Dashboard, action: Callable[[], object]) -> None:
    """The banner is shown before any request fails, so it does not tell when one has."""
    expect(dashboard.banner).to_contain_text(OFFLINE)
    with dashboard.page.expect_event("requestfailed", lambda one: bool(LIST.search(one.url))):
        action()
    expect(dashboard.banner).to_contain_text(OFFLINE)


def test_server_error_is_reported_and_can_be_retried(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    before = dashboard.open(search=batch).page.url
    page.route(LIST, lambda route: route.fulfill(status=503, body="<h1>Unavailable</h1>"))
    dashboard.tab("Running").click()
    expect(dashboard.banner).to_contain_text("Couldn’t open the list: server error (503).")
    expect(dashboard.rows()).to_have_count(2)
    assert page.url == before
    page.unroute(LIST)
    retry(dashboard)
    expect(dashboard.rows()).to_have_text([f"Working {batch}"])
    expect(dashboard.banner).to_be_hidden()
    assert "status=RUNNING" in page.url


def test_retry_that_fails_again_is_reported_again(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"), times=1)
    dashboard.tab("Running").click()
    expect(dashboard.banner).to_contain_text("server error (503)")
    page.route(LIST, lambda route: route.fulfill(status=500, body="down"), times=1)
    retry(dashboard)
    expect(dashboard.banner).to_contain_text("server error (500)")
    retry(dashboard)
    expect(dashboard.rows()).to_have_text([f"Working {batch}"])


def test_banner_can_be_dismissed(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    page.route(LIST, lambda route: route.abort())
    dashboard.link("Name").click()
    expect(dashboard.banner).to_contain_text("the server did not respond")
    dashboard.banner.get_by_role("button", name="Dismiss").click()
    expect(dashboard.banner).to_be_hidden()
    expect(dashboard.rows()).to_have_count(2)


REFRESH = "() => document.body.dispatchEvent(new Event('jobs:outcome-unknown'))"


def test_being_offline_is_reported_and_recovers_by_itself(
    dashboard: Dashboard, context: BrowserContext, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    context.set_offline(True)
    api.create(f"Later {batch}")
    fail_offline(dashboard, lambda: page.evaluate(REFRESH))
    context.set_offline(False)
    expect(dashboard.rows()).to_have_count(3)
    expect(dashboard.banner).to_be_hidden()


def test_being_offline_is_reported_again_if_a_request_fails_after_it_was_dismissed(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    context.set_offline(True)
    expect(dashboard.banner).to_contain_text(OFFLINE)
    dashboard.banner.get_by_role("button", name="Dismiss").click()
    expect(dashboard.banner).to_be_hidden()
    page.evaluate(REFRESH)
    expect(dashboard.banner).to_contain_text(OFFLINE)
    context.set_offline(False)
    expect(dashboard.banner).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 768, 390])
@pytest.mark.parametrize("selects", [False, True])
def test_an_earlier_failure_does_not_hide_the_banner(
    dashboard: Dashboard, page: Page, batch: str, width: int, selects: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    dashboard.open(search=batch).press("j")
    if selects:
        dashboard.press("x")
        expect(dashboard.bar).to_be_visible()
    page.route(API, problem(503, "The database is away."))
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"))
    dashboard.press("f")
    expect(dashboard.toast).to_be_visible()
    dashboard.tab("Pending").click()
    expect(dashboard.banner).to_contain_text("Couldn’t open the list")
    for part in (dashboard.banner, dashboard.toast, *([dashboard.bar] if selects else [])):
        expect(part).to_be_in_viewport(ratio=1)
        for button in part.get_by_role("button").all():
            button.click(trial=True)


def test_created_job_is_confirmed_even_if_the_list_cannot_refresh(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"))
    name = f"Third {batch}"
    dashboard.submit_name(name)
    expect(page.get_by_role("status").get_by_role("link", name=name)).to_be_visible()
    expect(dashboard.banner).to_contain_text("Couldn’t refresh the list")
    page.unroute(LIST)
    retry(dashboard)
    expect(dashboard.status(name)).to_have_text("Pending")


def test_counts_that_cannot_refresh_are_reported(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    page.route("**/status-tabs/**", lambda route: route.fulfill(status=503, body="down"))
    dashboard.choose_status(f"Waiting {batch}", "Failed")
    expect(dashboard.banner).to_contain_text("Couldn’t refresh")
    expect(dashboard.status(f"Waiting {batch}")).to_have_text("Failed")
    page.unroute("**/status-tabs/**")
    retry(dashboard)
    dashboard.expect_counts(Pending=0, Failed=1)
    expect(dashboard.banner).to_be_hidden()


def test_controls_that_fail_to_load_leave_a_readable_list(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.route("**/assets/react-*.js", lambda route: route.abort())
    page.goto(f"/?search={batch}")
    expect(dashboard.rows()).to_have_count(2)
    expect(dashboard.banner).to_contain_text("Controls failed to load.")
