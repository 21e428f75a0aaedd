"""The chart of status changes, read out: a bar or a range, by pointer and by keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.chart import COUNTED, open_chart, readout, summary
from jobs.browser_tests.dashboard import Dashboard

pytestmark = pytest.mark.usefixtures("failed")
COUNTS = r"[1-9][\d,]* to (Pending|Running|Completed|Failed)"
SPAN = r"(\w{3} )?\d\d:\d\d–(\w{3} )?\d\d:\d\d"


def test_a_bar_is_read_out_under_the_pointer_and_leads_nowhere(
    dashboard: Dashboard, page: Page, chart: Locator, slider: Locator
) -> None:
    dashboard.open()
    open_chart(chart)
    expect(summary(chart)).to_have_text(COUNTED)
    box = slider.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 2, y)
    expect(readout(chart)).to_have_text(re.compile(f"^{SPAN}: "))
    expect(summary(chart)).to_be_hidden()
    first = readout(chart).text_content()
    page.mouse.move(box["x"] + box["width"] - 2, y)
    expect(readout(chart)).not_to_have_text(first or "")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=4)
    page.mouse.up()
    page.mouse.move(0, 0)
    expect(readout(chart)).to_have_text(re.compile(rf"^{SPAN}: ({COUNTS}(, )?)+$"))
    assert chart.locator(".plot a, table a").count() == 0
    expect(page).to_have_url(re.compile(r"/$"))


def test_it_is_one_tab_stop_that_speaks_each_bar(
    dashboard: Dashboard, page: Page, chart: Locator, slider: Locator
) -> None:
    dashboard.open()
    open_chart(chart)
    dashboard.tab_to(slider)
    newest = slider.get_attribute("aria-valuetext") or ""
    assert re.fullmatch(rf"{SPAN}: ({COUNTS}(, )?)+", newest)
    expect(readout(chart)).to_have_text(newest)
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "1")
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "59")
    page.keyboard.press("Tab")
    expect(chart.locator("summary")).to_be_focused()
    expect(readout(chart)).to_be_hidden()


def test_a_range_survives_a_refresh_and_ends_with_escape(
    dashboard: Dashboard, page: Page, chart: Locator, slider: Locator, api: Api
) -> None:
    dashboard.open()
    dashboard.press("j", "x")
    open_chart(chart)
    slider.focus()
    page.keyboard.press("End")
    for _ in range(20):
        page.keyboard.press("Shift+ArrowLeft")
    span = (readout(chart).text_content() or "").partition(": ")[0]
    counted = summary(chart).text_content() or ""
    api.create(unique("Another"), "FAILED")
    with page.expect_response("**/activity/**"):
        chart.dispatch_event("activity:stale")
    expect(summary(chart)).not_to_have_text(counted)
    expect(readout(chart)).to_contain_text(span)
    expect(slider).to_be_focused()
    expect(dashboard.bar).to_be_visible()
    page.keyboard.press("Escape")
    expect(readout(chart)).not_to_contain_text(span)
    expect(slider).to_be_focused()
    expect(dashboard.bar).to_be_visible()  # the jobs are still selected


@pytest.mark.browser_context_args(timezone_id="Asia/Tokyo")
def test_times_are_in_the_chosen_zone(
    dashboard: Dashboard, page: Page, chart: Locator, slider: Locator
) -> None:
    dashboard.open()
    open_chart(chart)
    chart.get_by_text("Show data").click()
    caption = chart.get_by_role("caption")
    expect(caption).to_contain_text("Times are in Asia/Tokyo")
    expect(chart.locator("summary")).to_contain_text("local")
    slider.focus()
    page.keyboard.press("Home")
    local, spoken = readout(chart).text_content(), slider.get_attribute("aria-valuetext")
    assert local == spoken
    start = (slider.get_attribute("data-from") or "")[11:16]
    assert not (local or "").startswith(start)
    page.get_by_role("radio", name="UTC").check()
    expect(caption).to_contain_text("Times are in UTC")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{start}–"))
    slider.focus()
    expect(readout(chart)).to_have_text(re.compile(f"^{start}–"))
