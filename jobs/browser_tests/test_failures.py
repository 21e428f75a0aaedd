"""When the list cannot be fetched, the page says so in words, keeps what it shows, and can try again."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import LIST, Dashboard

pytestmark = pytest.mark.failing_requests


@pytest.fixture
def batch(api: Api) -> str:
    """What a PENDING and a RUNNING job have in common."""
    batch = unique("batch")
    api.create(f"Waiting {batch}")
    api.create(f"Working {batch}", "RUNNING")
    return batch


def retry(dashboard: Dashboard) -> None:
    dashboard.banner.get_by_role("button", name="Retry").click()


def test_failing_server_is_said_and_retry_shows_the_answer(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    before = dashboard.open(search=batch).page.url
    page.route(LIST, lambda route: route.fulfill(status=503, body="<h1>Unavailable</h1>"))
    dashboard.tab("Running").click()
    expect(dashboard.banner).to_contain_text(
        "The list could not be refreshed: the server failed (503)."
    )
    expect(dashboard.rows()).to_have_count(2)
    assert page.url == before
    page.unroute(LIST)
    retry(dashboard)
    expect(dashboard.rows()).to_have_text([f"Working {batch}"])
    expect(dashboard.banner).to_be_hidden()
    assert "status=RUNNING" in page.url


def test_retry_that_fails_again_says_so_again(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"), times=1)
    dashboard.tab("Running").click()
    expect(dashboard.banner).to_contain_text("the server failed (503)")
    page.route(LIST, lambda route: route.fulfill(status=500, body="down"), times=1)
    retry(dashboard)
    expect(dashboard.banner).to_contain_text("the server failed (500)")
    retry(dashboard)
    expect(dashboard.rows()).to_have_text([f"Working {batch}"])


def test_banner_can_be_dismissed(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    page.route(LIST, lambda route: route.abort())
    dashboard.link("Name").click()
    expect(dashboard.banner).to_contain_text("the server did not answer")
    dashboard.banner.get_by_role("button", name="Dismiss").click()
    expect(dashboard.banner).to_be_hidden()
    expect(dashboard.rows()).to_have_count(2)


def test_being_offline_is_said_and_made_good_by_itself(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    context.set_offline(True)
    dashboard.tab("Pending").click()
    expect(dashboard.banner).to_contain_text("The list could not be refreshed: you are offline.")
    live = page.get_by_role("button", name=re.compile("live updates$"))
    expect(live).to_have_text("Live updates paused")
    context.set_offline(False)
    expect(dashboard.rows()).to_have_text([f"Waiting {batch}"])
    expect(dashboard.banner).to_be_hidden()
    expect(live).to_have_text("Live")


@pytest.mark.parametrize("width", [1440, 768, 390])
@pytest.mark.parametrize("picks", [False, True])
def test_what_failed_before_does_not_hide_the_banner(
    dashboard: Dashboard, context: BrowserContext, batch: str, width: int, picks: bool
) -> None:
    dashboard.page.set_viewport_size({"width": width, "height": 800})
    dashboard.open(search=batch).press("j")
    if picks:
        dashboard.press("x")
        expect(dashboard.bar).to_be_visible()
    context.set_offline(True)
    dashboard.press("f")
    expect(dashboard.toast).to_be_visible()
    dashboard.tab("Pending").click()
    expect(dashboard.banner).to_contain_text("The list could not be refreshed")
    for part in (dashboard.banner, dashboard.toast, *([dashboard.bar] if picks else [])):
        expect(part).to_be_in_viewport(ratio=1)
        for button in part.get_by_role("button").all():
            button.click(trial=True)


def test_created_job_is_confirmed_though_the_list_cannot_follow(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"))
    name = f"Third {batch}"
    dashboard.submit_name(name)
    expect(page.get_by_role("status").get_by_role("link", name=name)).to_be_visible()
    expect(dashboard.banner).to_contain_text("The list could not be refreshed")
    page.unroute(LIST)
    retry(dashboard)
    expect(dashboard.status(name)).to_have_value("PENDING")


def test_counts_that_cannot_follow_are_said(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    page.route("**/status-tabs/**", lambda route: route.fulfill(status=503, body="down"))
    dashboard.status(f"Waiting {batch}").select_option("Failed")
    expect(dashboard.banner).to_contain_text("could not be refreshed")
    expect(dashboard.status(f"Waiting {batch}")).to_have_value("FAILED")
    page.unroute("**/status-tabs/**")
    retry(dashboard)
    dashboard.shows_counts(Pending=0, Failed=1)
    expect(dashboard.banner).to_be_hidden()


def test_back_while_offline_is_said_and_made_good(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.tab("Pending").click()
    expect(dashboard.rows()).to_have_text([f"Waiting {batch}"])
    context.set_offline(True)
    page.evaluate("() => history.back()")
    expect(dashboard.banner).to_contain_text("you are offline")
    context.set_offline(False)
    expect(dashboard.rows()).to_have_count(2)
    expect(dashboard.banner).to_be_hidden()


def test_controls_that_cannot_load_leave_a_readable_list(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.route("**/assets/root-*.js", lambda route: route.abort())
    page.goto(f"/?search={batch}")
    expect(dashboard.rows()).to_have_count(2)
    expect(dashboard.banner).to_contain_text("The controls could not be loaded.")
