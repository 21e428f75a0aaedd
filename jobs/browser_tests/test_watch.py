"""Watched jobs and lists: notifications, the badge in the title, and one tab that asks."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

# Notifications that the page has shown, and whether permission has been asked for. Headless browsers show none.
FAKE = """
  window.shown = [];
  window.asked = 0;
  window.answer = %s;
  class FakeNotification {
    static get permission() { return localStorage.permission ?? "default"; }
    static async requestPermission() { window.asked += 1; return (localStorage.permission = window.answer); }
    constructor(title, options) { window.shown.push([title, options.body]); }
    close() {}
  }
  window.Notification = FakeNotification;
"""
# The tab is in the background, or in front again.
HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOW = """() => {
  delete document.hidden;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
WATCH = re.compile("/watch/")
# Whether these are the marked rows.
MARKED = """(ids) => {
  const texts = [...document.querySelectorAll("#job-table .name small")];
  const marked = texts.filter((text) => getComputedStyle(text, "::after").content.includes("watched"));
  return String(marked.map((text) => text.textContent)) === String(ids);
}"""


@pytest.fixture(params=["granted"])
def answer(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def notifications(context: BrowserContext, answer: str) -> None:
    context.add_init_script(FAKE % f'"{answer}"')


def shown(page: Page) -> list[list[str]]:
    return list(page.evaluate("window.shown"))


def requests(page: Page) -> list[str]:
    """The requests about what is watched, from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if WATCH.search(request.url):
            found.append(request.url)

    page.on("request", note)
    return found


def hurry(page: Page) -> None:
    """The tab asks again and again, instead of after its usual delay."""
    page.evaluate("setInterval(() => dispatchEvent(new Event('online')), 250)")


def test_a_watched_job_tells_when_it_fails(dashboard: Dashboard, page: Page, api: Api) -> None:
    name = unique("Watched")
    job = api.create(name, "RUNNING")
    dashboard.open(search=name)
    assert page.evaluate("window.asked") == 0
    dashboard.press("j", "w")
    expect(dashboard.toast).to_contain_text(f"Watching {name} until it completes or fails.")
    expect(dashboard.toast).to_contain_text("You’ll get a notification.")
    assert page.evaluate("window.asked") == 1
    hurry(page)
    api.set_status(job["id"], "FAILED")
    expect(dashboard.toast).to_contain_text(f"{name} failed")
    assert shown(page) == [[f"{name} failed", ""]]
    assert page.evaluate("localStorage['job-dashboard:watched']") is None


def test_survives_a_reload_and_is_listed(dashboard: Dashboard, page: Page, api: Api) -> None:
    name = unique("Listed")
    job = api.create(name, "RUNNING")
    dashboard.open_job(job["id"])
    button = page.get_by_role("button", name="Watch", exact=True)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()
    dashboard.wait_until_ready()
    expect(button).to_have_attribute("aria-pressed", "true")
    dashboard.press("g", "w")
    dialog = page.get_by_role("dialog", name="Watched jobs and lists")
    expect(dialog.get_by_role("link", name=name)).to_be_visible()
    expect_accessible(page)
    dialog.get_by_role("button", name=f"Stop watching {name}").press("Enter")
    expect(dialog).to_contain_text("Nothing is watched.")
    expect(button).to_have_attribute("aria-pressed", "false")
    dashboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_rows_of_watched_jobs_are_marked_in_every_tab(
    dashboard: Dashboard, page: Page, context: BrowserContext, api: Api
) -> None:
    name = unique("Marked")
    job = api.create(name)
    api.create(f"{name} too")
    dashboard.open(search=name)
    other = context.new_page()
    other.goto(page.url)
    Dashboard(other).wait_until_ready()
    dashboard.press("j", "j", "w")
    for tab in (page, other):
        tab.wait_for_function(MARKED, arg=[str(job["id"])])
    Dashboard(other).press("j", "j", "w")
    for tab in (page, other):
        tab.wait_for_function(MARKED, arg=[])
    other.close()


def test_a_hidden_tab_counts_in_its_title_until_it_is_looked_at(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("badge")
    names = api.create_batch(batch, "One", "Two")
    dashboard.open(search=batch).press("*", "a", "w")
    expect(dashboard.toast).to_contain_text("Watching 2 jobs")
    page.evaluate(HIDE)
    hurry(page)
    for name in names:
        api.set_status(api.named(name)[0]["id"], "COMPLETED")
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    page.evaluate(SHOW)
    expect(page).not_to_have_title(re.compile(r"^\(2\) "))
    expect(dashboard.toast).to_contain_text("2 jobs: 2 completed")


def test_a_watched_list_tells_and_stays(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("view")
    dashboard.open(q=batch).press("Shift+w")
    expect(dashboard.toast).to_contain_text("for jobs that complete or fail")
    # from the present on, which the first answer tells
    page.wait_for_function("() => JSON.parse(localStorage['job-dashboard:watched']).cursor !== ''")
    hurry(page)
    api.create(f"First {batch}", "FAILED")
    expect(dashboard.toast).to_contain_text(f"First {batch} failed")
    api.create(f"Elsewhere {unique('')}", "FAILED")
    api.create(f"Second {batch}", "RUNNING", "COMPLETED")
    expect(dashboard.toast).to_contain_text(f"Second {batch} completed")
    assert [title for title, _ in shown(page)] == [
        f"First {batch} failed",
        f"Second {batch} completed",
    ]
    dashboard.press("Shift+w")
    expect(dashboard.toast).to_contain_text("No longer watching")


@pytest.mark.parametrize("answer", ["denied"], indirect=True)
def test_without_permission_the_page_says_so_and_tells_all_the_same(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    name = unique("Denied")
    job = api.create(name)
    dashboard.open(search=name).press("j", "w")
    expect(dashboard.toast).to_contain_text(
        "so this page will say so, and its title while you are elsewhere."
    )
    hurry(page)
    api.set_status(job["id"], "COMPLETED")
    expect(dashboard.toast).to_contain_text(f"{name} completed")
    assert shown(page) == []


def test_of_several_tabs_one_asks_and_one_notifies(
    dashboard: Dashboard, page: Page, context: BrowserContext, api: Api
) -> None:
    batch = unique("tabs")
    names = api.create_batch(batch, "First", "Second")
    dashboard.open(search=batch).press("*", "a", "w")
    expect(dashboard.toast).to_contain_text("Watching 2 jobs")
    other = context.new_page()
    asked = requests(other)
    other.goto("/")
    Dashboard(other).wait_until_ready()
    hurry(page)
    api.set_status(api.named(names[0])[0]["id"], "FAILED")
    # told and looked at: the other job is all that is left
    page.wait_for_function(
        """() => {
            const { jobs, unseen } = JSON.parse(localStorage["job-dashboard:watched"]);
            return jobs.length === 1 && unseen.length === 0;
        }"""
    )
    assert [*shown(page), *shown(other)] == [[f"{names[0]} failed", ""]]
    assert asked == []
    with other.expect_request(WATCH):
        page.close()
    hurry(other)
    api.set_status(api.named(names[1])[0]["id"], "COMPLETED")
    expect(Dashboard(other).toast).to_contain_text(f"{names[1]} completed")
    other.close()


def test_without_anything_watched_a_tab_asks_for_nothing(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    name = unique("Idle")
    job = api.create(name)
    asked = requests(page)
    page.clock.install()
    dashboard.open(search=name)
    page.evaluate(HIDE)
    dashboard.move_clock(600_000)
    api.set_status(job["id"], "FAILED")
    assert asked == []
