"""The pages in other display modes: compact, dark, forced colors, print, zoomed, offline."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import LABELS, Dashboard
from jobs.browser_tests.layout import WATCH_SHIFTS, overflow, shifts

# The minimum target size (WCAG 2.5.8), except for links in running text
SMALL_TARGETS = """
  () => [...document.querySelectorAll("main :is(a, button, input, select, summary), header :is(a, button)")]
    .filter((element) => getComputedStyle(element).clipPath === "none") // visually hidden
    .filter((element) => element.checkVisibility() && !element.closest("p, dd, svg, .visually-hidden, [hidden]"))
    .map((element) => [element.outerHTML.slice(0, 90), (element.closest("label") ?? element).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 24 || height < 24)
    .map(([html, { width, height }]) => `${Math.round(width)} × ${Math.round(height)}: ${html}`)
"""


@pytest.fixture
def batch(api: Api) -> str:
    batch = unique("batch")
    for status in LABELS:
        api.create(f"{status} {batch}", status)
    return batch


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Looked at"), "RUNNING", "FAILED")


def height(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["height"]


def test_row_density_applies_from_the_first_paint(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.add_init_script(WATCH_SHIFTS)
    dashboard.open(search=batch)
    row = dashboard.row(f"FAILED {batch}")
    assert height(row) == 40
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("radio", name="Compact").check()
    assert height(row) == 30
    dashboard.open(search=batch)
    assert shifts(page) == []
    assert height(row) == 30
    page.get_by_role("button", name="View", exact=True).click()
    expect(page.get_by_role("radio", name="Compact")).to_be_checked()
    page.get_by_role("radio", name="Comfortable").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("radio", name="Compact")).to_be_hidden()
    assert height(row) == 40


def test_the_theme_can_differ_from_the_systems(dashboard: Dashboard, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    dashboard.open()
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("radio", name="Dark").check()
    dashboard.open()
    background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("radio", name="System").check()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == background


def test_forced_colors_show_everything(
    dashboard: Dashboard, page: Page, batch: str, job: dict[str, Any]
) -> None:
    page.emulate_media(forced_colors="active")
    dashboard.open(search=batch)
    for _ in range(2):
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        dashboard.open_job(job["id"])


def test_print_shows_the_jobs_without_controls(
    dashboard: Dashboard, page: Page, batch: str, job: dict[str, Any]
) -> None:
    dashboard.open(search=batch)
    expect(page.get_by_role("combobox", name="Status of")).to_have_count(4)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 650, "height": 900})
    for status in ("Pending", "Failed"):
        expect(dashboard.row(f"{status.upper()} {batch}")).to_be_visible()
        printed = dashboard.status(f"{status.upper()} {batch}").bounding_box()
        assert printed is not None
        assert printed["width"] > 80
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Status")).to_be_visible()
    white = "() => getComputedStyle(document.body).color"
    assert page.evaluate(white) == "rgb(0, 0, 0)"
    assert overflow(page) == 0
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"“{batch}” in jobs")
    expect(
        page.get_by_text(re.compile(r"^Newest first\. Printed \d+ \w+ 20\d\d, "))
    ).to_be_visible()
    expect(page.locator("#job-table time .ago").first).to_be_hidden()
    expect(page.locator("#job-table time .short").first).to_have_text(
        re.compile(r"\d\d:\d\d:\d\d \w+")
    )
    page.emulate_media(media="screen")
    dashboard.open_job(job["id"])
    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="Status history")).to_contain_text("Failed")
    expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_every_target_is_large_enough(
    dashboard: Dashboard, page: Page, batch: str, job: dict[str, Any], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    dashboard.open(search=batch, page_size=3)
    expect(page.get_by_role("combobox", name="Status of")).to_have_count(3)
    assert page.evaluate(SMALL_TARGETS) == []
    for path in ("/?page_size=1", "/activity/"):
        page.goto(path)
        expect(page.get_by_role("region", name="Changes")).to_contain_text("to Running")
        assert page.evaluate(SMALL_TARGETS) == []
    dashboard.open_job(job["id"])
    assert page.evaluate(SMALL_TARGETS) == []


def test_zoom_of_200_percent_loses_nothing(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.set_viewport_size({"width": 640, "height": 450})  # a window of 1280 × 900 at 200 %
    dashboard.open(search=batch)
    assert overflow(page) == 0
    for control in (dashboard.search, dashboard.create_button, dashboard.tab("Failed")):
        control.scroll_into_view_if_needed()
        expect(control).to_be_in_viewport()


@pytest.mark.failing_requests
def test_being_offline_is_reported_until_it_ends(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    expect(page.get_by_role("region", name="Changes in the last hour")).to_contain_text(
        "to Pending"
    )
    page.context.set_offline(True)
    expect(dashboard.banner).to_contain_text("You’re offline.")
    page.context.set_offline(False)
    expect(dashboard.banner).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text="You’re back online")).to_have_count(1)


# WCAG 1.4.12
TEXT_SPACING = """
  () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important } p { margin-bottom: 2em !important }
      .visually-hidden { display: none !important }`);
    document.adoptedStyleSheets = [sheet];
  }
"""
# Texts that their own box cuts off. Names may be cut: their links and the job's page have them whole.
CUT_TEXTS = """
  () => [...document.querySelectorAll("header *, main *")]
    .filter((element) => getComputedStyle(element).clipPath === "none") // visually hidden
    .filter((element) => element.checkVisibility() && !element.closest("td.name, .visually-hidden, .printed, svg, #activity"))
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => {
      const box = element.closest("td, th, dd, button, a") ?? element;
      const clipped = getComputedStyle(box).overflowX !== "visible" || getComputedStyle(element).overflowX !== "visible";
      return clipped && (box.scrollWidth > box.clientWidth + 1 || element.scrollWidth > element.clientWidth + 1);
    })
    .map((element) => element.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("width", [1440, 768, 320])
def test_wider_text_spacing_cuts_nothing(
    dashboard: Dashboard, page: Page, batch: str, job: dict[str, Any], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    dashboard.open(search=batch)
    page.evaluate(TEXT_SPACING)
    assert page.evaluate(CUT_TEXTS) == []
    assert overflow(page) == 0
    dashboard.open_job(job["id"])
    page.evaluate(TEXT_SPACING)
    assert page.evaluate(CUT_TEXTS) == []
    assert overflow(page) == 0


def test_columns_are_chosen_by_keyboard_and_kept(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    def columns() -> list[str]:
        heads = page.get_by_role("columnheader").all()
        return [head.inner_text().split()[0] for head in heads if head.inner_text().strip()][:-1]

    dashboard.open(search=batch)
    assert columns() == ["Status", "Name", "Duration", "Created", "Updated"]
    page.get_by_role("button", name="View", exact=True).press("Enter")
    page.get_by_role("checkbox", name="Created").press("Space")
    move = page.get_by_role("button", name="Move Duration to the left")
    move.press("Enter")
    expect(move).to_be_focused()
    move.press("Enter")
    expected = ["Duration", "Status", "Name", "Updated"]
    assert columns() == expected
    expect(page.get_by_role("checkbox", name="Name", exact=True)).to_be_disabled()
    expect(dashboard.status(f"FAILED {batch}")).to_be_visible()
    page.reload()
    dashboard.wait_until_ready()
    assert columns() == expected
    dashboard.link("Name").click()
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "ascending")
    assert columns() == expected
    for row in (dashboard.row(f"FAILED {batch}"), dashboard.row(f"PENDING {batch}")):
        order = row.get_by_role("cell").evaluate_all(
            "(cells) => cells.map(({ classList }) => classList[0])"
        )
        assert order == ["select", "duration", "current_status", "name", "updated_at", "actions"]
