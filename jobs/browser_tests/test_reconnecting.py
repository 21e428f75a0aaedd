"""After the connection is back, only what is shown is refreshed; what was asked for waits for Retry."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import API, LIST, LIVE, Dashboard

pytestmark = pytest.mark.failing_requests

NOT_OPENED = "Couldn’t open the list: there was no connection."


def test_a_page_that_could_not_be_opened_waits_for_retry(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2).press("j")
    context.set_offline(True)
    dashboard.press("]")
    expect(dashboard.banner).to_contain_text(NOT_OPENED)
    dashboard.press("j")
    pages = dashboard.requests(lambda request: bool(LIST.search(request.url)))
    with page.expect_response(LIVE):
        context.set_offline(False)
    live = page.get_by_role("button", name=re.compile("live updates$"))
    expect(live).to_have_text("Live")
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    assert pages == []
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    expect(dashboard.banner).to_be_hidden()


def test_a_page_that_could_not_be_opened_is_forgotten_when_another_one_is(
    dashboard: Dashboard, context: BrowserContext, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2).press("j")
    context.set_offline(True)
    dashboard.press("]")
    expect(dashboard.banner).to_contain_text(NOT_OPENED)
    context.set_offline(False)
    dashboard.press("}")
    expect(dashboard.rows()).to_have_text([f"Two {batch}", f"One {batch}"])
    expect(dashboard.banner).to_be_hidden()


def test_the_header_says_offline_while_the_browser_is(
    dashboard: Dashboard, context: BrowserContext, page: Page
) -> None:
    dashboard.open()
    live = page.get_by_role("button", name=re.compile("live updates$"))
    context.set_offline(True)
    expect(live).to_have_text("Offline")
    expect(live).to_have_accessible_name("Offline. Pause live updates")
    context.set_offline(False)
    expect(live).to_have_text("Live")


def test_a_silent_server_is_noticed_within_seconds(dashboard: Dashboard, page: Page) -> None:
    page.clock.install()
    dashboard.open()
    page.route(LIVE, lambda route: route.abort())
    live = page.get_by_role("button", name=re.compile("live updates$"))
    with page.expect_event("requestfailed"):
        page.clock.run_for(3_500)
    with page.expect_event("requestfailed"):
        page.clock.run_for(1_500)
    expect(live).to_have_text("Reconnecting")


def test_a_refresh_that_failed_is_repeated_without_a_word_from_live_updates(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    page.clock.install()
    dashboard.open(search=batch)
    page.get_by_role("button", name=re.compile("live updates$")).click()  # paused
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"), times=1)
    name = f"Sixth {batch}"
    dashboard.submit_name(name)
    expect(dashboard.banner).to_contain_text("Couldn’t refresh the list: server error (503).")
    page.clock.run_for(6_000)
    expect(dashboard.status(name)).to_have_text("Pending")
    expect(dashboard.banner).to_be_hidden()


def test_a_failure_is_gone_once_the_change_was_made_by_other_means(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "j")
    page.route(API, lambda route: route.abort())
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text("Four")
    expect(dashboard.toast.get_by_role("button", name="Retry")).to_be_visible()
    page.unroute(API)
    dashboard.press("r")
    expect(dashboard.toast).to_contain_text("is now Running")
    expect(dashboard.toast.get_by_role("button", name="Retry")).to_have_count(0)


def test_a_failed_change_goes_away_after_the_connection_is_back(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch).press("j")
    context.set_offline(True)
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text("You’re offline.")
    context.set_offline(False)
    expect(dashboard.toast).to_be_empty()


def test_undo_does_not_step_over_a_change_with_an_unknown_outcome(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "r")
    expect(dashboard.toast).to_contain_text("is now Running")
    page.route(LIVE, lambda route: route.abort())
    page.route(API, lambda route: route.abort())
    dashboard.choose_status(f"Three {batch}", "Failed")
    expect(dashboard.row(f"Three {batch}").get_by_role("alert")).to_be_visible()
    page.unroute(API)
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Can’t undo: the outcome of the last change of Three")
    [job] = api.named(f"Five {batch}")
    assert job["current_status"] == "RUNNING"


def test_back_that_failed_waits_for_retry(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.search.fill(f"Two {batch}")
    dashboard.press("Enter")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    context.set_offline(True)
    page.evaluate("() => history.back()")
    expect(dashboard.banner).to_contain_text(NOT_OPENED)
    context.set_offline(False)
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(dashboard.rows()).to_have_count(5)


NO_PAGE = "Couldn’t open the page: there was no connection."


def test_keys_that_leave_the_list_stay_without_a_connection(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "x", "j", "x")
    context.set_offline(True)
    for keys, text in ((("Escape", "o"), NO_PAGE), (("g", "h"), NOT_OPENED)):
        dashboard.press(*keys)
        expect(dashboard.banner).to_contain_text(text)
        dashboard.press("Escape")
        expect(dashboard.banner).to_be_hidden()
    dashboard.press("x", "j", "x", "=")
    expect(dashboard.banner).to_contain_text(NO_PAGE)
    expect(dashboard.rows()).to_have_count(5)
    context.set_offline(False)
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare jobs")


def test_keys_that_leave_a_job_stay_without_a_connection(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "j", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")
    dashboard.wait_until_ready()
    context.set_offline(True)
    for key in ("j", "k", "u"):
        dashboard.press(key)
        expect(dashboard.banner).to_contain_text(NO_PAGE)
        dashboard.press("Escape")
        expect(dashboard.banner).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")


def test_a_search_without_a_connection_stays_to_be_retried_or_is_dropped(
    dashboard: Dashboard, context: BrowserContext, page: Page, batch: str
) -> None:
    dashboard.open(q=batch)
    for ends in ("drop", "retry"):
        context.set_offline(True)
        dashboard.search.fill(f"Two {batch}")
        dashboard.press("Enter")
        expect(dashboard.banner).to_contain_text(NOT_OPENED)
        with page.expect_response(LIST):
            context.set_offline(False)
            page.evaluate("() => document.body.dispatchEvent(new Event('jobs:outcome-unknown'))")
        expect(dashboard.banner).to_contain_text(NOT_OPENED)
        if ends == "drop":
            dashboard.press("Escape")
            expect(dashboard.banner).to_be_hidden()
            expect(dashboard.search).to_have_value(batch)
    dashboard.press("Control+k")
    page.keyboard.type("retry")
    dashboard.press("Enter")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    expect(dashboard.search).to_have_value(f"Two {batch}")
    expect(dashboard.banner).to_be_hidden()
