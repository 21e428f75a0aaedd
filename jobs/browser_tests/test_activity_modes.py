"""The chart of status changes in other modes: with axe, more space, forced colors, on paper, without scripts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.chart import COUNTED, height, open_chart, summary
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import WIDTHS, expect_to_fit_every_width, overflow

pytestmark = pytest.mark.usefixtures("failed")
# The text spacing of WCAG 1.4.12
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
# Elements whose text is cut off or lies under the next one
OVERLAPS = """() => {
  const parts = [...document.querySelectorAll("#activity :is(.summary, .choices a, .toggle)")]
    .filter((element) => element.checkVisibility());
  const boxes = parts.map((element) => element.getBoundingClientRect());
  const cut = parts.filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0);
  const over = boxes.filter((one, n) => boxes.some((other, m) => m > n && one.left < other.right - 1 &&
    other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1));
  return cut.length + over.length;
}"""


def test_has_no_accessibility_violations(dashboard: Dashboard, page: Page, chart: Locator) -> None:
    dashboard.open()
    expect(summary(chart)).to_have_text(COUNTED)
    expect_accessible(page, colors_in=["#activity"])
    open_chart(chart)
    chart.get_by_text("Show data").click()
    chart.get_by_role("slider").focus()
    expect_accessible(page, colors_in=["#activity"])
    expect_to_fit_every_width(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_more_space_between_letters_hides_nothing(
    dashboard: Dashboard, page: Page, chart: Locator, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for opened in (False, True):
        dashboard.open()
        expect(summary(chart)).to_have_text(COUNTED)
        if opened:
            open_chart(chart)
        page.evaluate(SPACED)
        assert page.evaluate(OVERLAPS) == 0
        assert overflow(page) == 0


def test_forced_colors_tell_failures_from_other_changes(
    dashboard: Dashboard, page: Page, chart: Locator
) -> None:
    page.emulate_media(forced_colors="active")
    dashboard.open()
    open_chart(chart)
    fill = "(element) => getComputedStyle(element).fill"
    failures = chart.locator(".area path[data-status=FAILED]").evaluate(fill)
    others = chart.locator(".area path.counted:not([data-status])").evaluate(fill)
    assert failures != others


def test_print_shows_chart_and_numbers(page: Page, chart: Locator) -> None:
    page.goto("/activity/")
    page.emulate_media(media="print", color_scheme="dark")
    expect(summary(chart)).to_have_text(COUNTED)
    expect(chart.locator(".area svg").first).to_be_visible()
    expect(chart.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("slider")).to_have_count(0)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_it_is_a_page(page: Page, chart: Locator) -> None:
    page.goto("/?status=FAILED")
    expect(summary(chart)).to_have_text(re.compile("^Changes to Failed in the last hour"))
    assert height(chart) == 28
    expect(chart).not_to_contain_text("…")
    chart.get_by_role("link", name="Show chart").click()
    expect(page).to_have_url(re.compile(r"/activity/\?range=hour&status=FAILED$"))
    expect(chart.locator(".area svg").first).to_be_visible()
    expect(chart.get_by_role("slider")).to_have_count(0)
    expect(chart.get_by_role("columnheader", name="To Failed")).to_be_visible()
    chart.get_by_role("link", name="Week").click()
    expect(chart).to_have_accessible_name("Changes to Failed in the last 7 days")
