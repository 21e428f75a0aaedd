"""Login mode: a second web server on the same database, for these tests only."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import box
from jobs.browser_tests.logins import Accounts, submit

ONE_LINE = 48
"""The height of the header, of which each line has 44 pixels."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], login_url: str) -> dict[str, Any]:
    return {**browser_context_args, "base_url": login_url}


@pytest.fixture
def log_in(context: BrowserContext, login_url: str, accounts: Accounts) -> Callable[[str], None]:
    """Gives the browser a session of the account with this role."""

    def log_in(role: str) -> None:
        value = accounts[role]["session"]
        context.add_cookies([{"name": "sessionid", "value": value, "url": login_url}])

    return log_in


def return_to(page: Page) -> None:
    """As when the tab is shown again: then it asks at once what has changed."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_login_by_keyboard_leads_to_the_page_that_was_asked_for(
    page: Page, dashboard: Dashboard, accounts: Accounts, batch: str
) -> None:
    wanted = f"/?q={batch.split()[1]}&ordering=name"
    page.goto(wanted)
    expect(page).to_have_title("Log in · Job dashboard")
    submit(page, accounts["viewer"])
    expect(page).to_have_url(re.compile(re.escape(wanted)))
    expect(dashboard.rows()).to_have_count(5)
    page.get_by_role("button", name=accounts["viewer"]["name"]).press("Enter")
    page.get_by_role("button", name="Log out").press("Enter")
    page.goto(wanted)
    expect(page).to_have_title("Log in · Job dashboard")


def test_a_viewer_is_offered_nothing_that_changes(
    page: Page, dashboard: Dashboard, log_in: Callable[[str], None], api: Api
) -> None:
    job = api.create(unique("Seen"))
    log_in("viewer")
    for path in (f"/?q={job['name'].split()[1]}", f"/jobs/{job['id']}/"):
        page.goto(path)
        dashboard.wait_until_ready()
        expect(page.get_by_text(job["name"], exact=True).first).to_be_visible()
        offered = page.get_by_role("main").get_by_role("button")
        expect(offered.filter(has_text=re.compile("Create|Rename|Delete|Restore"))).to_have_count(0)
        expect(page.get_by_role("combobox", name="Status of")).to_have_count(0)
        expect(page.get_by_label("New job name")).to_have_count(0)
    page.keyboard.press("f")
    expect(dashboard.toast).to_contain_text("can look at jobs, and not change them")
    assert api.statuses(job["id"]) == ["PENDING"]


def test_an_operator_is_named_beside_a_change(
    page: Page, dashboard: Dashboard, log_in: Callable[[str], None], accounts: Accounts, api: Api
) -> None:
    job = api.create(unique("Changed"))
    log_in("operator")
    dashboard.open_job(job["id"])
    dashboard.choose_status(job["name"], "Running")
    newest = page.get_by_role("region", name="Status history").get_by_role("listitem").first
    expect(newest).to_contain_text("Running")
    expect(newest).to_contain_text(accounts["operator"]["name"])


@pytest.mark.failing_requests
def test_a_session_that_ends_loses_nothing(
    page: Page,
    dashboard: Dashboard,
    context: BrowserContext,
    log_in: Callable[[str], None],
    accounts: Accounts,
    api: Api,
) -> None:
    """The page asks for a login, which opens another tab, and a change that was refused is made by Retry."""
    job = api.create(unique("Kept"))
    log_in("operator")
    dashboard.open(q=job["name"].split()[1])
    dashboard.name.fill("half a name")
    context.clear_cookies(name="sessionid")
    return_to(page)
    expect(dashboard.banner).to_contain_text("You’re logged out.")
    expect(page.get_by_role("button", name="Logged out. Pause live updates")).to_be_visible()
    dashboard.choose_status(job["name"], "Running")
    expect(page.get_by_text("You are not logged in. Nothing was changed.")).to_be_visible()
    expect(dashboard.status(job["name"])).to_have_text("Pending")
    with context.expect_page() as opened:
        dashboard.banner.get_by_role("link", name="Log in again").click()
    submit(opened.value, accounts["operator"])
    expect(opened.value).to_have_url(page.url)
    opened.value.close()
    return_to(page)
    page.get_by_role("button", name="Retry").click()
    expect(dashboard.status(job["name"])).to_have_text("Running")
    expect(page.get_by_role("button", name="Live. Pause live updates")).to_be_visible()
    expect(dashboard.name).to_have_value("half a name")
    assert api.statuses(job["id"]) == ["RUNNING", "PENDING"]


def test_the_pages_of_an_account_are_accessible(page: Page, log_in: Callable[[str], None]) -> None:
    page.goto("/login/")
    expect_accessible(page)
    log_in("admin")
    for path in ("/account/password/", "/tokens/"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect_accessible(page)


@pytest.mark.parametrize("width", [320, 390, 768, 961])
def test_the_header_is_one_line_that_fits(
    page: Page, dashboard: Dashboard, log_in: Callable[[str], None], width: int
) -> None:
    log_in("operator")
    dashboard.open()
    page.set_viewport_size({"width": width, "height": 844})
    header = page.get_by_role("banner")
    page.locator(".account-button span").evaluate("(name) => name.textContent = 'anna'.repeat(20)")
    for condition in ("live", "paused", "failing", "loggedOut"):
        page.locator("#live-state").evaluate(
            "(state, to) => state.dataset.condition = to", condition
        )
        assert (condition, box(header)["height"] < ONE_LINE) == (condition, True)
        assert header.evaluate("(bar) => bar.scrollWidth - bar.clientWidth") == 0
