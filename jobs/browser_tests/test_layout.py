"""Mounting the islands causes no layout shift, and no width makes the page scroll horizontally."""

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import (
    WATCH_SHIFTS,
    WIDTHS,
    box,
    expect_to_fit_every_width,
    overflow,
    shifts,
)
from jobs.browser_tests.relay import relay


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of jobs of every status and with unusual names share."""
    batch = unique("batch")
    api.create(f"Plain {batch}", "RUNNING")
    api.create(f"{'unbroken' * 26} {batch}", "FAILED")
    api.create(f"{'many short words ' * 12} {batch}", "COMPLETED")
    api.create(f"محاكاة {batch}")
    return batch


def test_columns_have_their_width_before_the_rows_arrive(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    columns = """() => [...document.querySelectorAll("th")].map((cell) => {
      const { x, y, width } = cell.getBoundingClientRect();
      return [x, y, width];
    })"""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        dashboard.open(search=batch)
        with_rows = page.evaluate(columns)
        dashboard.table.locator("tbody").evaluate("(rows) => rows.replaceChildren()")
        assert (width, page.evaluate(columns)) == (width, with_rows)


@pytest.mark.parametrize(
    "mark", ["/activity/?range=hour", ">Hi", 'class="shown"', 'id="delete-title"']
)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_that_arrives_in_two_parts_does_not_shift(
    page: Page, base_url: str, batch: str, mark: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFTS)
    with relay(base_url, mark) as address:
        page.goto(f"{address}/?search={batch}")
        expect(page.locator("html[data-complete]")).to_have_count(1)
    assert shifts(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_do_not_shift(
    dashboard: Dashboard, page: Page, api: Api, batch: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFTS)
    dashboard.open(search=batch)
    expect(page.get_by_role("combobox", name="Status of")).to_have_count(4)
    assert shifts(page) == []
    assert overflow(page) == 0
    for job in api.named(batch)[1:3]:
        dashboard.open_job(job["id"])
        assert shifts(page) == []
        assert overflow(page) == 0


def test_messages_and_dialog_fit(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch, status="COMPLETED")
    dashboard.submit_name("x" * 300)
    expect(page.get_by_role("alert")).to_be_visible()
    expect_to_fit_every_width(page)
    page.get_by_role("button", name="Delete many").click()
    expect(dashboard.dialog).to_be_visible()
    expect_to_fit_every_width(page)
    expect(dashboard.dialog.get_by_role("button", name="Delete job")).to_be_in_viewport()


def test_bar_toast_palette_and_shortcuts_fit(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "x", "j", "x", "f")
    expect(dashboard.toast).to_contain_text("2 jobs are now Failed.")
    dashboard.toast.get_by_role("button", name="Undo").focus()  # keeps it open
    expect_to_fit_every_width(page)
    for control in dashboard.bar.get_by_role("button").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        assert box["x"] + box["width"] <= WIDTHS[-1]
        expect(control).to_be_in_viewport(ratio=1)
    for control in dashboard.toast.get_by_role("button").all():
        expect(control).to_be_in_viewport(ratio=1)
    for key in ("Control+k", "?"):
        dashboard.press(key)
        expect(dashboard.dialog).to_be_visible()
        expect_to_fit_every_width(page)
        dashboard.press("Escape")


def test_text_stands_in_the_middle_of_a_toast(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch).press("j", "r")
    expect(dashboard.toast).to_contain_text("is now Running.")
    outer, text = box(dashboard.toast), box(dashboard.toast.get_by_text("is now Running."))
    assert abs(text["y"] - outer["y"] - (outer["bottom"] - text["bottom"])) <= 2


def test_a_long_name_takes_two_lines_of_a_message(dashboard: Dashboard, page: Page) -> None:
    dashboard.open().submit_name(unique("W" * 220))
    message = box(page.locator(".created").filter(has_text="Created"))
    assert message["height"] < 70


def test_a_badge_covers_neither_name_nor_id(dashboard: Dashboard, api: Api) -> None:
    job = api.create(unique("W" * 200))
    dashboard.open(search=job["name"])
    api.delete(job["id"])
    cell = dashboard.row(job["name"]).locator("td.name")
    badge, number = box(cell.locator(".mark")), box(cell.locator("small:not(.mark)"))
    assert box(cell.get_by_role("link"))["right"] <= number["x"]
    assert number["right"] <= badge["x"]


@pytest.mark.failing_requests
def test_empty_and_error_states_fit(dashboard: Dashboard, page: Page) -> None:
    dashboard.open(search="x" * 200)
    expect_to_fit_every_width(page)
    dashboard.open(status="x" * 200, ordering="wrong")
    expect_to_fit_every_width(page)
    page.goto("/nothing-here/")
    expect_to_fit_every_width(page)


def test_creating_and_changing_shift_nothing_above_the_table(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    before = dashboard.table.bounding_box()
    dashboard.submit_name("")
    expect(page.get_by_role("alert")).to_be_visible()
    shown = dashboard.table.bounding_box()
    assert before is not None
    assert shown is not None
    assert shown["y"] == before["y"]
    name = f"Another {batch}"
    dashboard.submit_name(name)
    expect(dashboard.status(name)).to_be_visible()
    created = dashboard.table.bounding_box()
    assert created is not None
    assert created["y"] == before["y"]
