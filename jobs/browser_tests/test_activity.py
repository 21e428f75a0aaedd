"""The activity chart above the table, and its links to the list."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import WATCH_SHIFTS, expect_to_fit_every_width, shifts

MINUTE = r"q=updated:\d{4}-\d\d-\d\dT\d\d:\d\dZ"


@pytest.fixture(autouse=True)
def failed(api: Api) -> str:
    """The name of a job that has failed within the last hour."""
    return str(api.create(unique("Drawn"), "RUNNING", "FAILED")["name"])


@pytest.fixture
def chart(page: Page) -> Locator:
    return page.get_by_role("region", name="Changes in the last")


def bars(chart: Locator) -> Locator:
    return chart.get_by_role("group").get_by_role("link")


def test_appears_after_the_table_without_layout_shift(
    dashboard: Dashboard, page: Page, chart: Locator
) -> None:
    page.add_init_script(WATCH_SHIFTS)
    for width in (1440, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        dashboard.open()
        expect(bars(chart).last).to_have_accessible_name(re.compile(r"[1-9][\d,]* failed$"))
        assert shifts(page) == []


def test_a_bar_links_to_the_jobs_of_its_minute(
    dashboard: Dashboard, page: Page, chart: Locator
) -> None:
    dashboard.open(ordering="name")
    same_document = dashboard.never_reloaded()
    box = bars(chart).last.bounding_box()
    assert box is not None
    bars(chart).last.click(position={"x": box["width"] / 2, "y": 1})
    expect(page).to_have_url(re.compile(rf"/\?{MINUTE}$"))
    assert same_document()


def test_a_segment_of_a_bar_filters_by_its_status_too(
    dashboard: Dashboard, page: Page, chart: Locator
) -> None:
    dashboard.open()
    box = bars(chart).last.bounding_box()
    assert box is not None
    bars(chart).last.click(position={"x": box["width"] / 2, "y": box["height"] - 0.5})
    expect(page).to_have_url(re.compile(rf"/\?status=(FAILED|PENDING)&{MINUTE}$"))
    expect(dashboard.table).to_be_visible()


def test_bars_are_one_tab_stop_and_arrow_keys_move_between_them(
    dashboard: Dashboard, page: Page, chart: Locator, api: Api
) -> None:
    dashboard.open()
    chart.get_by_role("link", name="Day").click()
    expect(chart).to_have_accessible_name("Changes in the last day")  # the hour's bars are gone
    count = bars(chart).count()
    assert chart.locator("svg a[tabindex='0']").count() == 1
    dashboard.tab_to(bars(chart).last)
    page.keyboard.press("Home")
    expect(bars(chart).first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bars(chart).nth(min(1, count - 1))).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(bars(chart).first).to_be_focused()
    page.keyboard.press("End")
    expect(bars(chart).last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?q=updated:[^&]+$"))


def test_the_data_is_available_as_a_table(dashboard: Dashboard, page: Page, chart: Locator) -> None:
    dashboard.open()
    expect(bars(chart).last).to_be_visible()
    chart.get_by_text("Show data").click()
    newest = chart.get_by_role("row").nth(1)
    expect(newest.get_by_role("cell")).to_have_count(4)
    newest.get_by_role("cell").last.get_by_role("link").click()
    expect(page).to_have_url(re.compile(rf"/\?status=FAILED&{MINUTE}$"))


def test_changes_in_this_tab_appear_while_the_data_stays_open(
    dashboard: Dashboard, page: Page, chart: Locator, failed: str
) -> None:
    dashboard.open(search=failed)
    chart.get_by_role("link", name="Week").click()
    expect(chart).to_have_accessible_name("Changes in the last 7 days")
    chart.get_by_text("Show data").click()
    running = chart.get_by_role("listitem").filter(has_text="Running")
    before = int((running.text_content() or "").split()[-1].replace(",", ""))
    dashboard.choose_status(failed, "Running")
    expect(running).not_to_have_text(f"Running {before:,}")
    expect(chart.get_by_role("table")).to_be_visible()


def test_range_and_hiding_are_remembered(
    dashboard: Dashboard, page: Page, chart: Locator, api: Api
) -> None:
    dashboard.open()
    chart.get_by_role("link", name="Day").click()
    expect(chart).to_have_accessible_name("Changes in the last day")
    dashboard.open()
    expect(chart).to_have_accessible_name("Changes in the last day")
    expect(bars(chart).last).to_be_visible()
    chart.get_by_role("link", name="Hide").click()
    expect(bars(page.get_by_role("region", name="Changes"))).to_have_count(0)
    requests = dashboard.requests(lambda request: "/activity/" in request.url)
    dashboard.open()
    dashboard.choose_status(str(api.named("Drawn")[0]["name"]), "Completed")
    expect(dashboard.toast).to_contain_text("is now Completed.")
    # A visible chart would be refetched by a timer that the change has started before this one.
    page.evaluate("() => new Promise((done) => setTimeout(done, 2000))")
    assert requests == []
    page.get_by_role("region", name="Changes").get_by_role("link", name="Hour").click()
    expect(bars(chart).last).to_be_visible()


@pytest.mark.browser_context_args(timezone_id="Asia/Tokyo")
def test_times_are_in_the_chosen_zone(dashboard: Dashboard, page: Page, chart: Locator) -> None:
    dashboard.open()
    name = bars(chart).last.get_attribute("id") or ""
    chart.get_by_text("Show data").click()
    end, caption = chart.locator("summary time").last, chart.get_by_role("caption")
    expect(caption).to_contain_text("Times are in Asia/Tokyo")
    expect(chart.locator("summary")).to_contain_text("local")
    local = end.text_content()
    expect(page.locator(f"[id='{name}'] title")).to_have_text(re.compile(r"^\w{3} \d\d:\d\d to "))
    page.get_by_role("radio", name="UTC").check()
    expect(caption).to_contain_text("Times are in UTC")
    expect(end).to_have_text((end.get_attribute("datetime") or "")[11:16])
    assert end.text_content() != local


def test_hiding_and_showing_keep_the_focus(
    dashboard: Dashboard, page: Page, chart: Locator
) -> None:
    dashboard.open()
    expect(bars(chart).last).to_be_visible()
    chart.get_by_role("link", name="Hide").press("Enter")
    hour = page.get_by_role("region", name="Changes").get_by_role("link", name="Hour")
    expect(hour).to_be_focused()
    hour.press("Enter")
    expect(bars(chart).last).to_be_visible()
    expect(hour).to_be_focused()


@pytest.mark.failing_requests
def test_a_failure_is_reported_and_the_table_stays(
    dashboard: Dashboard, page: Page, chart: Locator
) -> None:
    answers = [lambda route: route.fulfill(status=503, body="down")]

    def answer(route: Route) -> None:
        answers.pop()(route) if answers else route.continue_()

    page.route("**/activity/**", answer)
    dashboard.open()
    expect(dashboard.banner).to_contain_text("Couldn’t refresh the chart")
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(bars(chart).last).to_be_visible()
    expect(dashboard.banner).to_be_hidden()


def test_has_no_accessibility_violations(dashboard: Dashboard, page: Page, chart: Locator) -> None:
    dashboard.open()
    expect(bars(chart).last).to_be_visible()
    chart.get_by_text("Show data").click()
    expect_accessible(page)
    expect_to_fit_every_width(page)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_it_is_a_page(page: Page, chart: Locator) -> None:
    page.goto("/")
    page.get_by_role("link", name="Show changes in the last hour").click()
    expect(bars(chart).last).to_be_visible()
    chart.get_by_role("link", name="Week").click()
    expect(chart).to_have_accessible_name("Changes in the last 7 days")
    bars(chart).last.click()
    expect(page).to_have_url(re.compile(r"/\?q=updated:"))
