"""Jobs come first: where the rows begin, how many are in view, and what stays in view while they scroll."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import overflow
from jobs.browser_tests.views import Views

# The chart is one line until it is opened.
ONE_LINE_CHART = """
  () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`#activity { height: 28px; min-height: 0; padding-block: 0; border: 0; overflow: hidden }`);
    document.adoptedStyleSheets = [sheet];
  }
"""
ROWS = """
  () => [...document.querySelectorAll("#job-table tbody tr")].map((row) => {
    const { top, bottom, height } = row.getBoundingClientRect();
    return [top, bottom, height];
  })
"""
EDGES = """
  (selectors) => selectors.map((selector) => {
    const { left, right } = document.querySelector(selector).getBoundingClientRect();
    return [Math.round(left), Math.round(right)];
  })
"""


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of two jobs share."""
    batch = unique("batch")
    api.create_batch(batch, "Plain", "محاكاة")
    return batch


@pytest.fixture
def many(api: Api) -> str:
    """The word that the names of a page of jobs share."""
    batch = unique("batch")
    api.create_batch(batch, *(f"N{number:02}" for number in range(50)))
    return batch


@pytest.mark.parametrize(
    ("density", "height", "has_view", "first", "rows"),
    [
        ("comfortable", 40, False, 162, 18),
        ("comfortable", 40, True, 180, 18),
        ("compact", 30, False, 142, 24),
        ("compact", 30, True, 164, 24),
    ],
)
def test_jobs_come_first(
    dashboard: Dashboard,
    page: Page,
    base_url: str,
    views: Views,
    name: str,
    many: str,
    density: str,
    first: int,
    rows: int,
    height: int,
    has_view: bool,
) -> None:
    assert views.kept == []
    if has_view:
        views.save(name)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.context.add_cookies([{"name": "density", "value": density, "url": base_url}])
    dashboard.open(search=many)
    page.evaluate(ONE_LINE_CHART)
    # Without the line of filter chips, which only a search has
    page.evaluate("() => document.querySelector('.chips').remove()")
    boxes = page.evaluate(ROWS)
    assert boxes[0][0] <= first
    assert {box[2] for box in boxes} == {height}
    assert len([bottom for _, bottom, _ in boxes if bottom <= 900]) >= rows


@pytest.mark.parametrize("width", [1440, 1920, 2560])
def test_wide_windows_are_used(dashboard: Dashboard, page: Page, batch: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    dashboard.open(search=batch)
    [brand, tools, create, panel] = page.evaluate(
        EDGES, [".brand", ".tools", "create-job", "#job-panel"]
    )
    assert {brand[0], tools[0], panel[0]} == {24}
    assert {tools[1], create[1], panel[1]} == {width - 24}
    assert overflow(page) == 0


def test_status_stands_beside_the_name(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 900})
    dashboard.open(search=batch)
    [status, name] = page.evaluate(EDGES, ["td.current_status .status", "td.name a"])
    assert 0 <= name[0] - status[1] <= 40


UNDER_HEAD = """
  () => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    const head = document.querySelector("#job-table thead").getBoundingClientRect();
    return document.activeElement.closest("tbody") && top < head.bottom - 1 ? [top, bottom, head.bottom] : null;
  }
"""


def test_tools_and_head_stay_in_view_and_hide_no_focus(
    dashboard: Dashboard, page: Page, many: str
) -> None:
    page.set_viewport_size({"width": 1440, "height": 700})
    dashboard.open(search=many)
    head = dashboard.heading("Created")
    dashboard.press(*["j"] * 40)
    expect(head).to_be_in_viewport(ratio=1)
    expect(dashboard.search).to_be_in_viewport(ratio=1)
    expect(dashboard.tab("Failed")).to_be_in_viewport(ratio=1)
    assert page.evaluate("() => scrollY") > 500
    for key, times in (("k", 40), ("Tab", 80), ("Shift+Tab", 80)):
        for _ in range(times):
            page.keyboard.press(key)
            assert page.evaluate(UNDER_HEAD) is None, key
    page.set_viewport_size({"width": 1440, "height": 400})
    page.evaluate("() => scrollTo(0, 1000)")
    expect(head).not_to_be_in_viewport()


def test_a_phone_shows_three_jobs_at_first(dashboard: Dashboard, page: Page, many: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    dashboard.open(search=many)
    page.evaluate(ONE_LINE_CHART)
    assert len([bottom for _, bottom, _ in page.evaluate(ROWS) if bottom <= 844]) >= 3
    row = dashboard.row(f"N49 {many}")
    expect(row).to_contain_text(re.compile(r"waiting \d+ s|waiting < 0.1 s|waiting 0"))
    labels = row.get_by_role("cell").evaluate_all(
        "(cells) => cells.map((cell) => getComputedStyle(cell, '::before').content)"
    )
    assert {'"Created "', '"Updated "'} <= set(labels)
    assert overflow(page) == 0


def test_delete_appears_where_the_user_is_looking(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    page.mouse.move(0, 0)
    button, other = (dashboard.delete_button(f"{name} {batch}") for name in ("Plain", "محاكاة"))
    for each in (button, other):
        expect(each).to_have_css("opacity", "0")
    dashboard.row(f"Plain {batch}").hover()
    expect(button).to_have_css("opacity", "1")
    expect(other).to_have_css("opacity", "0")
    other.focus()
    expect(other).to_have_css("opacity", "1")
