"""The chart of status changes: a line above the list that opens, and a page of its own."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.chart import COUNTED, height, open_chart, readout, summary
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import TWO_FRAMES, WATCH_SHIFTS, WIDTHS, overflow, shifts

pytestmark = pytest.mark.usefixtures("failed")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_closed_chart_is_one_line_and_nothing_shifts(
    dashboard: Dashboard, page: Page, chart: Locator, width: int
) -> None:
    page.add_init_script(WATCH_SHIFTS)
    page.set_viewport_size({"width": width, "height": 900})
    dashboard.open()
    expect(chart.locator("path.counted").first).to_be_attached()
    expect(summary(chart)).to_have_text(COUNTED)
    assert height(chart) == 28
    assert shifts(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_the_opened_chart_has_its_place_before_it_loads_and_when_it_refreshes(
    dashboard: Dashboard, page: Page, chart: Locator, slider: Locator, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    dashboard.open()
    open_chart(chart)
    page.add_init_script(WATCH_SHIFTS)
    dashboard.open()
    expect(slider).to_be_visible()
    assert height(chart) <= (120 if width == 1440 else 170)
    opened = height(chart)
    slider.focus()
    expect(readout(chart)).to_be_visible()
    assert height(chart) == opened
    with page.expect_response("**/activity/**"):
        chart.dispatch_event("activity:stale")
    expect(slider).to_be_focused()
    assert height(chart) == opened
    assert shifts(page) == []


def test_range_and_view_are_remembered(
    dashboard: Dashboard, page: Page, chart: Locator, slider: Locator
) -> None:
    dashboard.open()
    expect(slider).to_have_count(0)
    toggle = chart.get_by_role("link", name="Show chart")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.press("Enter")
    hide = chart.get_by_role("link", name="Hide chart")
    expect(hide).to_be_focused()
    expect(hide).to_have_attribute("aria-expanded", "true")
    chart.get_by_role("link", name="Day").press("Enter")
    expect(chart).to_have_accessible_name("Changes in the last day")
    expect(chart.get_by_role("link", name="Day")).to_be_focused()
    dashboard.open()
    expect(chart).to_have_accessible_name("Changes in the last day")
    expect(slider).to_be_visible()
    hide.click()
    expect(slider).to_have_count(0)
    dashboard.open()
    expect(chart.get_by_role("link", name="Show chart")).to_be_visible()
    expect(chart).to_have_accessible_name("Changes in the last day")


def test_a_link_has_the_range_and_changes_no_settings(
    dashboard: Dashboard, page: Page, chart: Locator, slider: Locator
) -> None:
    page.goto("/activity/?range=day")
    expect(slider).to_be_visible()
    expect(chart.get_by_role("table")).to_be_visible()
    chart.get_by_role("link", name="Week").click()
    expect(page).to_have_url(re.compile(r"/activity/\?range=week$"))
    expect(chart).to_have_accessible_name("Changes in the last 7 days")
    dashboard.open()
    expect(chart).to_have_accessible_name("Changes in the last hour")


def test_it_follows_the_tabs_and_is_hidden_by_a_search(
    dashboard: Dashboard, page: Page, chart: Locator, failed: dict[str, Any]
) -> None:
    dashboard.open()
    expect(summary(chart)).to_have_text(COUNTED)
    requests = dashboard.requests(lambda request: "/activity/" in request.url)
    dashboard.tab("Failed").click()
    expect(chart).to_have_accessible_name("Changes to Failed in the last hour")
    expect(summary(chart)).to_have_text(re.compile(r"^[\d,]+ changes? to Failed in the last hour"))
    assert len(requests) == 1
    page.go_back()
    expect(chart).to_have_accessible_name("Changes in the last hour")
    dashboard.search.fill(failed["name"])
    expect(chart).to_be_hidden()
    dashboard.search.fill("")
    expect(summary(chart)).to_be_visible()
    dashboard.open(search=failed["name"])
    requests.clear()
    dashboard.status(failed["name"])
    page.evaluate(TWO_FRAMES)
    assert requests == []


def test_no_frame_shows_the_numbers_of_another_list(
    dashboard: Dashboard, page: Page, chart: Locator
) -> None:
    dashboard.open()
    expect(summary(chart)).to_have_text(COUNTED)
    held: list[Route] = []
    page.route("**/activity/**", lambda route: held.append(route))
    dashboard.tab("Failed").click()
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")
    expect(summary(chart)).to_be_hidden()
    held[0].continue_()
    expect(summary(chart)).to_contain_text("to Failed in the last hour")
    assert height(chart) == 28


def test_changes_in_this_tab_appear_while_the_data_stays_open(
    dashboard: Dashboard, page: Page, chart: Locator, api: Api, failed: dict[str, Any]
) -> None:
    dashboard.open()
    open_chart(chart)
    chart.get_by_text("Show data").click()
    before = summary(chart).text_content() or ""
    dashboard.choose_status(failed["name"], "Running")
    expect(summary(chart)).not_to_have_text(before)
    expect(chart.get_by_role("table")).to_be_visible()
    newest = chart.get_by_role("row").nth(1)
    expect(newest.get_by_role("cell")).to_have_count(4)


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
    expect(summary(chart)).to_have_text(re.compile("^Changes in the last hour"))
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(summary(chart)).to_have_text(COUNTED)
    expect(dashboard.banner).to_be_hidden()
