"""The list of statuses stands beside its control at every size, in every display mode."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import LABELS, Dashboard
from jobs.browser_tests.layout import TWO_FRAMES, WATCH_SHIFTS, box, overflow, shifts

# WCAG 1.4.12
SPACE_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }");
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Turbine"))


def test_the_list_follows_its_control_until_that_is_out_of_sight(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("batch")
    api.create_batch(batch, *(f"Job {number:02}" for number in range(30)))
    dashboard.open(search=batch)
    control = dashboard.status(f"Job 25 {batch}")
    control.click()
    listbox = page.get_by_role("listbox")
    distance = box(listbox)["y"] - box(control)["bottom"]
    page.mouse.wheel(0, 120)
    page.wait_for_function("() => scrollY > 100")
    page.evaluate(TWO_FRAMES)
    assert box(listbox)["y"] - box(control)["bottom"] == pytest.approx(distance, abs=1)
    page.mouse.wheel(0, 3000)
    expect(listbox).to_have_count(0)
    expect(control).to_have_text("Pending")
    dashboard.press("ArrowDown")
    expect(listbox).to_be_in_viewport(ratio=0.99)
    expect(control).to_be_in_viewport(ratio=0.99)


def test_the_list_closes_when_the_head_of_the_table_hides_its_control(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("batch")
    api.create_batch(batch, *(f"Job {number:02}" for number in range(30)))
    dashboard.open(search=batch)
    control = dashboard.status(f"Job 25 {batch}")
    control.click()
    listbox = page.get_by_role("listbox")
    expect(listbox).to_be_visible()
    control.evaluate("control => scrollBy(0, control.getBoundingClientRect().top - 20)")
    expect(listbox).to_have_count(0)
    dashboard.press("ArrowDown")
    expect(listbox).to_be_in_viewport(ratio=0.99)
    assert box(control)["y"] >= box(dashboard.heading("Status"))["bottom"]


def test_it_opens_upward_near_the_lower_edge(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("batch")
    api.create_batch(batch, *(f"Job {number:02}" for number in range(30)))
    dashboard.open(search=batch)
    control = dashboard.status(f"Job 10 {batch}")
    control.evaluate("control => control.scrollIntoView({ block: 'end' })")
    control.press("Enter")
    listbox = page.get_by_role("listbox")
    expect(listbox).to_be_in_viewport(ratio=0.99)
    assert box(listbox)["bottom"] <= box(control)["y"]


def test_by_touch_its_targets_are_large_enough(
    browser: Browser, browser_context_args: dict[str, Any], job: dict[str, Any]
) -> None:
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**{**browser_context_args, **phone})
    dashboard = Dashboard(context.new_page())
    dashboard.page.goto(f"/?search={job['name']}")
    control = dashboard.status(job["name"])
    control.tap()
    listbox = dashboard.page.get_by_role("listbox")
    expect(listbox).to_be_in_viewport(ratio=0.99)
    for label in LABELS.values():
        assert box(dashboard.status_option(label))["height"] >= 40
    assert overflow(dashboard.page) == 0
    dashboard.page.get_by_role("banner").tap(position={"x": 3, "y": 3})
    expect(listbox).to_have_count(0)
    control.tap()
    dashboard.status_option("Completed").tap()
    expect(control).to_have_text("Completed")
    context.close()


@pytest.mark.parametrize("zoom", [2, 4])
def test_when_zoomed_every_status_can_be_reached(
    dashboard: Dashboard, page: Page, api: Api, zoom: int
) -> None:
    page.set_viewport_size({"width": 1280 // zoom, "height": 900 // zoom})
    job = api.create(unique("Zoomed"))
    control = dashboard.open_job(job["id"]).status(job["name"])
    control.press("ArrowDown")
    dashboard.press("End")
    expect(page.get_by_role("listbox")).to_be_in_viewport(ratio=0.99)
    expect(dashboard.status_option("Failed")).to_be_in_viewport(ratio=0.99)
    assert overflow(page) == 0
    dashboard.press("Home")
    expect(dashboard.status_option("Pending")).to_be_in_viewport(ratio=0.99)


def test_text_spacing_cuts_no_label(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique("Spaced"), "COMPLETED")
    control = dashboard.open_job(job["id"]).status(job["name"])
    page.evaluate(SPACE_TEXT)
    label, own = box(control.locator("span")), box(control)
    assert label["right"] <= own["right"] - 15  # the arrow
    control.click()
    listbox = page.get_by_role("listbox")
    assert listbox.evaluate("list => list.scrollWidth - list.clientWidth") == 0


@pytest.mark.parametrize("forced", ["none", "active"])
def test_it_is_accessible_while_open(
    dashboard: Dashboard, page: Page, job: dict[str, Any], forced: Any
) -> None:
    page.emulate_media(forced_colors=forced)
    dashboard.open(search=job["name"]).status(job["name"]).focus()
    dashboard.press("ArrowDown", "ArrowDown")
    expect_accessible(page)
    expect(dashboard.status_option("Running")).to_have_attribute("data-active", "")


def test_it_shifts_nothing_and_is_made_only_while_open(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    page.add_init_script(WATCH_SHIFTS)
    control = dashboard.open(search=job["name"]).status(job["name"])
    expect(page.locator("[role=listbox]:not(#search-options), [role=option]")).to_have_count(0)
    control.focus()
    dashboard.press("ArrowDown")
    expect(page.locator("[role=listbox]:not(#search-options)")).to_have_count(1)
    dashboard.press("Escape")
    assert shifts(page) == []
