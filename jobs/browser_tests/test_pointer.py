"""The mouse on rows: where there is no control, a click opens the job; dragging over checkboxes selects."""

import re

from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.dashboard import Dashboard


def press_on(page: Page, checkbox: Locator) -> None:
    checkbox.hover()
    page.mouse.down()


def test_a_click_on_an_empty_part_of_a_row_opens_the_job(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.row(f"Four {batch}").locator("td.duration").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")


def test_a_click_with_ctrl_opens_a_tab(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    with page.context.expect_page() as opened:
        dashboard.row(f"Four {batch}").locator("td.duration").click(modifiers=["Control"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")
    expect(page).to_have_url(re.compile("search="))


def test_controls_and_selected_text_are_no_clicks_on_the_row(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    stays = dashboard.never_reloaded()
    dashboard.row(f"Four {batch}").locator("td.select").click(position={"x": 2, "y": 2})
    dashboard.status(f"Four {batch}").click()
    dashboard.press("Escape")
    cell = dashboard.row(f"Three {batch}").locator("td.duration")
    box = cell.bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert page.evaluate("() => getSelection().toString()") != ""
    assert stays()
    expect(page).to_have_url(re.compile("search="))


def test_dragging_over_checkboxes_selects_the_rows_between(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    press_on(page, dashboard.checkbox(f"Five {batch}"))
    for word in ("Four", "Three", "Two"):
        dashboard.checkbox(f"{word} {batch}").hover()
    expect(dashboard.bar).to_contain_text("4 selected")
    dashboard.checkbox(f"Three {batch}").hover()
    page.mouse.up()
    expect(dashboard.bar).to_contain_text("3 selected")
    expect(dashboard.checkbox(f"Two {batch}")).not_to_be_checked()

    press_on(page, dashboard.checkbox(f"Five {batch}"))
    dashboard.checkbox(f"Four {batch}").hover()
    page.mouse.up()
    expect(dashboard.bar).to_contain_text("1 selected")
    expect(dashboard.checkbox(f"Three {batch}")).to_be_checked()


def test_a_drag_that_returns_keeps_its_first_row(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    press_on(page, dashboard.checkbox(f"Five {batch}"))
    dashboard.checkbox(f"Four {batch}").hover()
    expect(dashboard.bar).to_contain_text("2 selected")
    dashboard.checkbox(f"Five {batch}").hover()
    page.mouse.up()
    expect(dashboard.bar).to_contain_text("1 selected")
    expect(dashboard.checkbox(f"Five {batch}")).to_be_checked()
