"""Selection, undo, palette, and changing shortcuts."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import Dashboard, problem


def test_the_selection_survives_pages_and_a_reload(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.checkbox(f"Five {batch}").check()
    dashboard.press("]")
    expect(dashboard.checkbox(f"Three {batch}")).not_to_be_checked()
    expect(dashboard.bar).to_contain_text("1 selected · 1 on other pages")
    page.get_by_role("checkbox", name="Select all jobs on this page").check()
    expect(dashboard.bar).to_contain_text("3 selected")
    page.reload()
    expect(dashboard.bar).to_contain_text("3 selected · 1 on other pages")
    expect(dashboard.checkbox(f"Three {batch}")).to_be_checked()
    dashboard.wait_until_ready()
    dashboard.bar.get_by_role("button", name="Set selected jobs to Running").click()
    expect(dashboard.dialog).to_contain_text(f"Five {batch}")
    expect(dashboard.dialog).not_to_contain_text(f"Three {batch}")
    dashboard.press("Tab", "Enter")
    expect(dashboard.toast).to_contain_text("3 jobs are now Running.")
    dashboard.expect_counts(Running=3, Pending=2)
    dashboard.toast.get_by_role("button", name="Undo").click()
    dashboard.expect_counts(Running=0, Pending=5)
    dashboard.bar.get_by_role("button", name="Clear selection").click()
    expect(dashboard.bar).to_be_hidden()


def test_another_list_drops_the_selection_and_says_so(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    # Different numbers, since each is announced for some seconds
    for number, keys in enumerate((("g", "p"), ("s", "n"), ("/", *"Five", "Enter")), start=2):
        dashboard.press("Home", "x", *["j", "x"] * (number - 1))
        expect(dashboard.bar).to_contain_text(f"{number} selected")
        dashboard.press(*keys)
        expect(dashboard.bar).to_be_hidden()
        announced = page.get_by_role("status").filter(has_text=f"Selection cleared: {number} jobs")
        expect(announced).to_have_count(1)
    dashboard.open(search=f"Five {batch}")
    dashboard.press("j", "x")
    dashboard.open(search=batch)
    expect(dashboard.bar).to_be_hidden()


def test_keys_never_change_jobs_on_other_pages_without_asking(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.press("j", "x", "]")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    dashboard.press("f")
    expect(dashboard.dialog).to_contain_text("Set 1 job to Failed?")
    expect(dashboard.dialog.locator("bdi")).to_have_text([f"Five {batch}"])
    page.keyboard.press("Escape")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    assert {job["current_status"] for job in api.named(batch)} == {"PENDING"}
    dashboard.press("f", "Tab", "Enter")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Failed.")


def test_a_job_deleted_by_another_client_is_not_counted(
    dashboard: Dashboard, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "x", "j", "x")
    expect(dashboard.bar).to_contain_text("2 selected")
    api.delete(api.named(f"Five {batch}")[0]["id"])
    expect(dashboard.bar).to_contain_text("1 selected")


def test_escape_on_a_jobs_page_keeps_the_selection(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "x", "j", "x", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")
    dashboard.wait_until_ready()
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text(f"Four {batch} is now Failed.")
    dashboard.press("Escape")
    expect(dashboard.toast).to_have_text("")
    dashboard.press("Escape", "u")
    expect(dashboard.bar).to_contain_text("2 selected")


def test_a_shift_click_selects_a_range(dashboard: Dashboard, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.checkbox(f"Five {batch}").click()
    dashboard.checkbox(f"Two {batch}").click(modifiers=["Shift"])
    expect(dashboard.bar).to_contain_text("4 selected")
    dashboard.checkbox(f"Three {batch}").click(modifiers=["Shift"])
    expect(dashboard.bar).to_contain_text("2 selected")


@pytest.mark.failing_requests
def test_undo_of_a_changed_job_is_rejected(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.choose_status(f"Five {batch}", "Running")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Running.")
    job = api.named(f"Five {batch}")[0]
    api.set_status(job["id"], "COMPLETED")
    with dashboard.page.expect_response(re.compile("/undo/")) as answer:
        dashboard.toast.get_by_role("button", name="Undo").click()
    assert answer.value.json()["results"][0]["status"] == 409
    expect(dashboard.toast).to_contain_text(f"Can’t undo: Five {batch} has changed since.")
    assert api.statuses(job["id"]) == ["COMPLETED", "RUNNING", "PENDING"]


@pytest.mark.failing_requests
def test_failures_for_the_same_reason_are_reported_once_and_retried(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    page.route(re.compile("/api/jobs/$"), problem(503, "The database cannot be reached."))
    dashboard.press("j", "x", "j", "x", "f")
    expect(dashboard.toast).to_contain_text("Couldn’t set 2 jobs to Failed.")
    expect(dashboard.toast.get_by_role("listitem")).to_have_text(
        ["The database cannot be reached."]
    )
    page.unroute_all()
    dashboard.toast.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("2 jobs are now Failed.")
    dashboard.expect_counts(Failed=2, Pending=3)
    dashboard.press("z")
    dashboard.expect_counts(Failed=0, Pending=5)


def test_a_deleted_job_does_not_block_the_others(
    dashboard: Dashboard, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "x", "j", "x")
    api.delete(api.named(f"Five {batch}")[0]["id"])
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text("1 of 2 jobs are now Failed.")
    expect(dashboard.toast).to_contain_text(f"Five {batch}: This job was deleted.")
    expect(dashboard.bar).to_contain_text("1 selected")


def test_the_palette_finds_jobs_and_acts_on_the_selection(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "x", "j", "x", "Control+k")
    field = dashboard.dialog.get_by_role("combobox", name="Search jobs or run a command")
    expect(field).to_be_focused()
    expect(dashboard.dialog.get_by_role("group", name="2 jobs")).to_be_visible()
    page.keyboard.type("set to run")
    expect(dashboard.dialog.get_by_role("option", selected=True)).to_contain_text("Set to Running")
    dashboard.press("Enter")
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.toast).to_contain_text("2 jobs are now Running.")
    expect(dashboard.link(f"Four {batch}")).to_be_focused()

    dashboard.press("Control+k")
    page.keyboard.type(f"Three {batch}")
    three = dashboard.dialog.get_by_role("option", name=f"Three {batch}")
    expect(three).to_have_attribute("aria-selected", "true")
    dashboard.press("Escape")
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    dashboard.press("Control+k")
    page.keyboard.type(str(api.named(f"Three {batch}")[0]["id"]))
    expect(three).to_have_attribute("aria-selected", "true")
    dashboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Three {batch}")


def test_single_key_shortcuts_can_be_switched_off_and_rebound(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    help_dialog.get_by_role("button", name="Next job: j. Change").click()
    dashboard.press("m", "Enter")
    expect(help_dialog.get_by_role("button", name="Next job: m. Change")).to_be_focused()
    dashboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    dashboard.press("j")
    expect(dashboard.table.locator(":focus")).to_have_count(0)
    dashboard.press("m")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()

    page.get_by_role("button", name="Keyboard shortcuts", exact=True).click()
    help_dialog.get_by_role("checkbox", name="Single-key shortcuts").uncheck()
    dashboard.press("Escape")
    page.reload()
    dashboard.wait_until_ready()
    dashboard.press("F1")
    expect(help_dialog).to_be_visible()
    dashboard.press("Escape", "m", "x", "?", "/")
    expect(help_dialog).to_be_hidden()
    expect(dashboard.bar).to_be_hidden()
    expect(dashboard.search).not_to_be_focused()
    dashboard.press("ArrowDown")
    expect(dashboard.table.locator(":focus")).to_have_count(1)


def test_shortcuts_are_swapped_and_bound_to_sequences(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    help_dialog.get_by_role("button", name="Toggle selection: x. Change").click()
    dashboard.press("o")
    swap = help_dialog.get_by_role("button", name="Swap")
    expect(swap).to_be_focused()
    page.keyboard.press("Enter")
    expect(help_dialog.get_by_role("button", name="Open job: x. Change")).to_be_visible()
    help_dialog.get_by_role("button", name="Next job: j. Change").click()
    dashboard.press("g", "j")
    expect(help_dialog.get_by_role("button", name="Next job: g then j. Change")).to_be_focused()
    dashboard.press("Escape", "g", "j", "o")
    expect(dashboard.checkbox(f"Five {batch}")).to_be_checked()


def test_a_toast_stays_while_focused_and_is_closed_by_its_button(
    dashboard: Dashboard, batch: str
) -> None:
    page = dashboard.page
    page.clock.install()
    dashboard.open(search=batch)
    dashboard.press("j", "r")
    expect(dashboard.toast).to_contain_text("is now Running.")
    dashboard.move_clock(4_000)
    expect(dashboard.toast).to_contain_text("is now Running.")
    dashboard.toast.get_by_role("button", name="Undo").focus()
    dashboard.move_clock(30_000)
    expect(dashboard.toast).to_contain_text("is now Running.")
    dashboard.toast.get_by_role("button", name="Close").press("Enter")
    expect(dashboard.toast).to_have_text("")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text("is now Failed.")
    dashboard.move_clock(11_000)
    expect(dashboard.toast).to_have_text("")
