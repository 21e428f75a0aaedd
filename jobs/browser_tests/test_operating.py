"""Triage by keyboard: find, select, change, undo, next, without unintended side effects."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, LIST, Dashboard


def statuses(api: Api, batch: str) -> dict[str, str]:
    return {job["name"].split()[0]: job["current_status"] for job in api.named(batch)}


def test_find_select_act_undo_next(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open()
    dashboard.press("/")
    page.keyboard.type(batch)
    expect(dashboard.rows()).to_have_count(5)
    dashboard.press("ArrowDown")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    dashboard.press("x", "j", "x", "j", "Shift+J")
    expect(dashboard.bar).to_contain_text("4 selected")

    dashboard.press("f")
    expect(dashboard.toast).to_contain_text("4 jobs are now Failed.")
    dashboard.expect_counts(Failed=4, Pending=1)
    for word in ("Five", "Four", "Three", "Two"):
        expect(dashboard.status(f"{word} {batch}")).to_have_text("Failed")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()

    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Restored 4 jobs.")
    dashboard.expect_counts(Failed=0, Pending=5)
    assert set(statuses(api, batch).values()) == {"PENDING"}
    five = next(job for job in api.named(batch) if job["name"].startswith("Five"))
    assert api.statuses(five["id"]) == ["PENDING", "FAILED", "PENDING"]

    dashboard.press("Escape")
    expect(dashboard.bar).to_be_hidden()
    dashboard.press("j", "c")
    expect(dashboard.toast).to_contain_text(f"One {batch} is now Completed.")
    dashboard.press("Home", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Five {batch}")


def test_statuses_are_set_row_by_row(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "r", "j", "c", "j", "f", "j", "p", "k", "k", "k")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    dashboard.expect_counts(Running=1, Completed=1, Failed=1, Pending=2)
    wanted = {"Five": "RUNNING", "Four": "COMPLETED", "Three": "FAILED", "Two": "PENDING"}
    assert statuses(api, batch) == {**wanted, "One": "PENDING"}


def test_deleting_moves_to_the_next_row(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "Shift+D")
    expect(dashboard.dialog).to_contain_text(f"Five {batch}")
    dashboard.press("Escape")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    dashboard.press("Shift+D", "Tab", "Enter")
    expect(dashboard.rows()).to_have_count(4)
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    dashboard.press("Shift+J", "Shift+D")
    expect(dashboard.dialog).to_contain_text("Delete 2 jobs?")
    dashboard.press("Tab", "Enter")
    expect(dashboard.toast).to_contain_text("Deleted 2 jobs.")
    expect(dashboard.rows()).to_have_text([f"Two {batch}", f"One {batch}"])
    expect(dashboard.bar).to_be_hidden()
    dashboard.press("j")
    expect(dashboard.table.locator(":focus")).to_have_count(1)


def test_keys_do_nothing_while_typing(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j")
    changes = dashboard.requests(lambda request: request.method != "GET")
    dashboard.press("n")
    expect(dashboard.name).to_be_focused()
    page.keyboard.type("jxfrz?Dgf[]/")
    expect(dashboard.name).to_have_value("jxfrz?Dgf[]/")
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.bar).to_be_hidden()
    dashboard.delete_button(f"Five {batch}").click()
    expect(dashboard.dialog).to_be_visible()
    dashboard.press("f", "x", "z", "j")
    dashboard.press("Escape")
    expect(dashboard.bar).to_be_hidden()
    assert changes == []


def test_shortcuts_on_the_job_page(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    job = api.named(f"Five {batch}")[0]
    dashboard.open_job(job["id"])
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Failed.")
    history = page.get_by_role("region", name="Status history").get_by_role("listitem")
    expect(history).to_have_count(2)
    dashboard.press("z")
    expect(history.first).to_contain_text("Undid Failed")
    expect(page.get_by_role("combobox")).to_have_text("Pending")
    dashboard.press("Shift+D")
    expect(dashboard.dialog).to_be_visible()
    dashboard.press("Escape", "u")
    expect(dashboard.create_button).to_be_enabled()
    assert api.exists(job["id"])


def test_deleting_a_job_that_another_client_deleted_says_so(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    job = api.named(f"Five {batch}")[0]
    dashboard.open_job(job["id"])
    api.delete(job["id"])
    expect(page.locator(".head[data-gone]")).to_be_visible()
    dashboard.press("Shift+D")
    said = page.get_by_role("status").filter(has_text="This job was deleted.")
    expect(said).to_have_count(1)
    expect(dashboard.dialog).to_have_count(0)


def test_the_list_restores_the_cursor(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "j", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")
    page.go_back()
    dashboard.wait_until_ready()
    dashboard.press("j")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()


def test_returning_from_a_job_focuses_its_row_and_scrolls_to_it(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("")
    api.create_batch(batch, *(f"N{number:02}" for number in range(40)))
    dashboard.open(search=batch)
    dashboard.press("End", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"N00 {batch}")
    dashboard.wait_until_ready()
    dashboard.press("u")
    expect(dashboard.link(f"N00 {batch}")).to_be_focused()
    expect(dashboard.link(f"N00 {batch}")).to_be_in_viewport()
    page.reload()
    dashboard.wait_until_ready()
    expect(dashboard.table.locator(":focus")).to_have_count(0)


def test_returning_from_a_job_puts_the_cursor_on_the_last_one_seen(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "o")
    for word in ("Five", "Four", "Three"):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{word} {batch}")
        dashboard.wait_until_ready()
        dashboard.press("u" if word == "Three" else "j")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    dashboard.press("j")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()


def test_shortcuts_do_not_shift_the_page(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    before = dashboard.table.bounding_box()
    dashboard.press("j", "x", "r")
    expect(dashboard.toast).to_contain_text("is now Running.")
    expect(dashboard.bar).to_be_visible()
    assert dashboard.table.bounding_box() == before


def test_a_change_refetches_counts_but_never_the_table(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    lists = dashboard.requests(lambda request: LIST.match(request.url) is not None)
    calls = dashboard.requests(lambda request: API.search(request.url) is not None)
    dashboard.press("j", "*", "a", "c")
    dashboard.expect_counts(Completed=5)
    assert lists == []
    assert len(calls) == 1


def test_the_same_key_confirms_a_change_out_of_sight_but_not_by_repeating(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    [first] = api.named(f"Five {batch}")
    dashboard.open(search=batch, page_size=2).press("j", "x", "]")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    page.keyboard.down("c")
    expect(dashboard.dialog).to_contain_text("1 job, not on this page:")
    for _ in range(3):  # the browser reports them as repetitions
        page.keyboard.down("c")
    page.keyboard.up("c")
    expect(dashboard.dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert api.statuses(first["id"]) == ["PENDING"]
    dashboard.press("c")
    expect(dashboard.toast).to_contain_text("is now Completed")
    expect(dashboard.dialog).to_have_count(0)
    assert api.statuses(first["id"]) == ["COMPLETED", "PENDING"]


def test_a_key_that_was_pressed_while_the_list_loaded_asks_once(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    [first] = api.named(f"Five {batch}")
    dashboard.open(search=batch, page_size=2).press("j", "x")
    held: list[Route] = []
    page.route(LIST, lambda route: held.append(route))
    dashboard.press("]", "c", "c", "j")
    [route] = held
    route.continue_()
    page.unroute(LIST)
    expect(dashboard.dialog).to_have_count(1)
    expect(dashboard.dialog).to_contain_text("1 job, not on this page:")
    assert api.statuses(first["id"]) == ["PENDING"]
    dashboard.press("Escape")
    expect(dashboard.dialog).to_have_count(0)


@pytest.mark.parametrize("own", ["Space", "m v"])
def test_only_a_plain_key_confirms_a_change_out_of_sight(
    dashboard: Dashboard, page: Page, api: Api, batch: str, own: str
) -> None:
    [first] = api.named(f"Five {batch}")
    settings = json.dumps({"off": False, "own": {"set-COMPLETED": own}})
    page.add_init_script(f"localStorage.setItem('job-dashboard:keys', '{settings}')")
    dashboard.open(search=batch, page_size=2).press("j", "x", "]")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    for _ in range(2):
        dashboard.press(*own.split())
    expect(dashboard.dialog).to_have_count(0 if own == "Space" else 1)
    assert api.statuses(first["id"]) == ["PENDING"]
