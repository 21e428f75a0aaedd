"""Everything works by keyboard, and the focus is never lost."""

import re

from playwright.sync_api import Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard


def test_first_tab_skips_to_the_content(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Show chart")).to_be_focused()
    page.keyboard.press("Tab")
    expect(dashboard.name).to_be_focused()


def test_create_change_and_delete(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    other, name = f"Other {batch}", f"Keyed {batch}"
    api.create(other)
    dashboard.open(search=batch)
    dashboard.tab_to(dashboard.name)
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    control = dashboard.status(name)
    expect(control).to_have_text("Pending")

    dashboard.tab_to(control)
    dashboard.press("r", "Enter")
    expect(control).to_have_text("Running")
    dashboard.expect_counts(Running=1, Pending=1)
    expect(control).to_be_focused()
    assert api.named(name)[0]["current_status"] == "RUNNING"

    dashboard.press("Tab")
    expect(dashboard.link(name)).to_be_focused()
    dashboard.press("Tab")
    expect(dashboard.delete_button(name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(dashboard.dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    expect(dashboard.dialog.get_by_role("button", name="Delete job")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.rows()).to_have_text([other])
    expect(dashboard.link(other)).to_be_focused()
    assert api.named(name) == []


def test_typing_before_the_field_is_mounted_runs_no_commands(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(unique("Early"))
    held: list[Route] = []
    page.route(re.compile("/CreateJob"), lambda route: held.append(route))
    page.goto(f"/?search={job['name']}")
    dashboard.wait_until_ready().press("j", "n", "c", "r")
    expect(page.locator("create-job")).to_be_focused()
    for route in held:
        route.continue_()
    expect(dashboard.name).to_be_focused()
    page.keyboard.type("Late")
    expect(dashboard.name).to_have_value("Late")
    page.keyboard.press("Escape")
    dashboard.press("r")
    expect(dashboard.status(job["name"])).to_have_text("Running")
    history = page.request.get(f"/api/jobs/{job['id']}/statuses/").json()["results"]
    assert [status["status_type"] for status in history] == ["RUNNING", "PENDING"]


def test_dialog_keeps_the_focus_inside(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique("Modal"))
    dashboard.open(search=job["name"])
    dashboard.tab_to(dashboard.delete_button(job["name"]))
    page.keyboard.press("Space")
    expect(dashboard.dialog).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert not dashboard.name.evaluate("field => field === document.activeElement")
        assert not dashboard.search.evaluate("field => field === document.activeElement")
    page.keyboard.press("Escape")
    expect(dashboard.delete_button(job["name"])).to_be_focused()


def test_search_filter_sort_and_open(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    api.create(f"Bravo {batch}", "RUNNING")
    api.create(f"Alpha {batch}", "RUNNING")
    dashboard.open()
    page.keyboard.press("/")
    page.keyboard.insert_text(batch)
    expect(dashboard.rows()).to_have_text([f"Alpha {batch}", f"Bravo {batch}"])
    page.keyboard.press("Shift+Tab")
    dashboard.tab_to(dashboard.link("Name"))
    page.keyboard.press("Enter")
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Enter")
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "descending")
    expect(dashboard.rows()).to_have_text([f"Bravo {batch}", f"Alpha {batch}"])
    dashboard.tab_to(dashboard.link(f"Bravo {batch}"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bravo {batch}")


def test_paging_keeps_the_focus_in_the_list(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    api.create_batch(batch, "One", "Two", "Three", "Four", "Five")
    dashboard.open(search=batch, page_size=2)
    dashboard.tab_to(dashboard.link("Older →"))
    page.keyboard.press("Enter")
    expect(dashboard.rows().first).to_have_text(f"Three {batch}")
    expect(dashboard.link("Older →")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dashboard.rows()).to_have_text([f"One {batch}"])
    expect(dashboard.table).to_be_focused()


def test_escape_moves_from_a_field_to_the_jobs(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    api.create_batch(batch, "One", "Two", "Three")
    dashboard.open(search=batch)
    dashboard.press("n", "Escape", "j")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()
    expect(dashboard.name).to_have_value("")

    dashboard.press("/")
    page.keyboard.type(f"Two {batch}")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    dashboard.press("Escape")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()
    expect(dashboard.search).to_have_value(f"Two {batch}")
    dashboard.press("x", "Escape")
    expect(dashboard.bar).to_be_hidden()
    dashboard.press("Escape")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])


def test_keys_work_on_after_a_status_is_chosen(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    api.create_batch(batch, "One", "Two", "Three")
    dashboard.open(search=batch)
    dashboard.choose_status(f"Two {batch}", "Running")
    expect(dashboard.status(f"Two {batch}")).to_be_focused()
    dashboard.press("j", "x")
    expect(dashboard.checkbox(f"One {batch}")).to_be_checked()
    dashboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"One {batch}")
    dashboard.wait_until_ready()
    page.get_by_role("combobox").focus()
    dashboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Two {batch}")


def test_escape_closes_an_open_list_of_statuses_before_it_clears_the_selection(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(unique("Listed"))
    dashboard.open(search=job["name"]).press("j", "x")
    control = dashboard.status(job["name"])
    control.click()
    expect(page.get_by_role("listbox")).to_be_visible()
    dashboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(control).to_be_focused()
    expect(dashboard.checkbox(job["name"])).to_be_checked()
    dashboard.press("Escape")
    expect(dashboard.checkbox(job["name"])).not_to_be_checked()


def test_a_sequence_goes_before_the_letters_of_a_status_control(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(unique("Sequence"))
    dashboard.open(search=job["name"]).status(job["name"]).focus()
    dashboard.press("g", "f")
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")
    assert api.statuses(job["id"]) == ["PENDING"]


def test_what_a_new_shortcut_needs_is_said_in_view(dashboard: Dashboard, page: Page) -> None:
    dashboard.open().press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    status = dialog.get_by_role("status")
    dashboard.press("Tab", "Enter")
    expect(status).to_contain_text("Press the new key")
    expect(status).to_be_in_viewport(ratio=1)
    dashboard.press("k", "Enter")
    expect(status).to_contain_text("k is already used by")
    expect(status).to_be_in_viewport(ratio=1)
    dashboard.press("Escape", "?", "Shift+Tab")
    expect(dialog.get_by_role("button", name="Reset all")).to_be_focused()


def test_results_are_announced(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique("Spoken"))
    dashboard.open()
    announced = page.get_by_role("status").filter(has_not_text="Created")
    dashboard.search.fill(job["name"])
    expect(announced.filter(has_text="1 job")).to_have_count(1)
    dashboard.ask_to_delete(job["name"])
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(announced.filter(has_text=f"Deleted {job['name']}")).to_have_count(1)


def test_a_filter_that_a_suggestion_begins_is_searched_for_when_it_is_whole(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(q=batch).press("/", "End")
    with page.expect_response(lambda response: response.url.endswith("+upd")):
        page.keyboard.type(" upd")
    expect(dashboard.rows()).to_have_count(0)
    dashboard.press("Tab")
    expect(dashboard.search).to_have_value(f"{batch} updated:")
    expect(dashboard.rows()).to_have_count(5)
    page.keyboard.type("<9h")
    expect(page).to_have_url(re.compile("updated"))
    expect(dashboard.rows()).to_have_count(5)
