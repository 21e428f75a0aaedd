"""The browser's history: what is an entry, and what Back and Forward restore."""

import re
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

MARK_SECOND_ROW = """
  () => document.querySelectorAll("#job-table tbody tr")[1]
    .dispatchEvent(new FocusEvent("focusin", { bubbles: true }))
"""


def entries(page: Page) -> int:
    return int(page.evaluate("() => history.length"))


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def expect_rows(dashboard: Dashboard, batch: str, *words: str) -> None:
    expect(dashboard.rows()).to_have_text([f"{word} {batch}" for word in words])


def test_typing_one_search_is_one_entry(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(q=batch)
    before = entries(page)
    dashboard.press("/", "Home")
    # Each part is searched for on its own.
    page.keyboard.type("T")
    expect(page).to_have_url(re.compile("q=T"))
    page.keyboard.type("w")
    expect(page).to_have_url(re.compile("q=Tw"))
    page.keyboard.type("o ")
    expect(page).to_have_url(re.compile("q=Two"))
    dashboard.press("Enter")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()
    assert entries(page) == before + 1

    dashboard.press("/", "Control+a")
    page.keyboard.insert_text(f"Five {batch}")
    dashboard.press("Enter")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    assert entries(page) == before + 2

    page.go_back()
    expect_rows(dashboard, batch, "Two")
    expect(dashboard.search).to_have_value(f"Two {batch}")
    page.go_back()
    expect(dashboard.rows()).to_have_count(5)
    expect(dashboard.search).to_have_value(batch)
    page.go_forward()
    expect_rows(dashboard, batch, "Two")
    expect(dashboard.search).to_have_value(f"Two {batch}")


def test_a_pause_ends_a_search(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.clock.install()
    dashboard.open(q=batch)
    before = entries(page)
    for number, word in enumerate(("Two", "Five"), start=1):
        dashboard.search.fill(f"{word} {batch}")
        dashboard.move_clock(1_000)
        expect_rows(dashboard, batch, word)
        assert entries(page) == before + number
        dashboard.move_clock(6_000)


def _has(name: str, url: str) -> bool:
    return name in parse_qs(urlsplit(url).query)


def test_tabs_orders_and_pages_are_entries(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch, page_size=2)
    before = entries(page)
    for number, (keys, changed) in enumerate(
        ((("g", "p"), "status"), (("s", "n"), "ordering"), (("]",), "cursor")), start=1
    ):
        dashboard.press(*keys)
        page.wait_for_url(partial(_has, changed))
        expect(dashboard.rows().first).to_be_focused()
        assert entries(page) == before + number
    # The list that is shown already
    dashboard.press("{")
    page.wait_for_url(lambda url: "cursor" not in parse_qs(urlsplit(url).query))
    dashboard.press("g", "p", "j")
    expect(dashboard.rows().nth(1)).to_be_focused()
    assert entries(page) == before + 4


def test_back_restores_the_row_and_the_scroll_position(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("")
    api.create_batch(batch, *(f"N{number:02}" for number in range(40)))
    dashboard.open(search=batch, page_size=30)
    dashboard.press("End", "k", "k")
    here = dashboard.link(f"N12 {batch}")
    expect(here).to_be_focused()
    scrolled = page.evaluate("() => scrollY")
    assert scrolled > 0
    dashboard.press("]")
    expect(dashboard.link(f"N09 {batch}")).to_be_focused()
    dashboard.press("j", "x")
    page.go_back()
    expect(here).to_be_focused()
    page.wait_for_function("(scrolled) => scrollY === scrolled", arg=scrolled)
    dashboard.press("j")
    expect(dashboard.link(f"N11 {batch}")).to_be_focused()
    page.go_forward()
    expect(dashboard.link(f"N08 {batch}")).to_be_focused()
    expect(dashboard.bar).to_contain_text("1 selected")


@pytest.mark.parametrize("keys", ["Control+k", "e", "Shift+D", "?"])
def test_back_closes_the_dialog_about_the_job_that_it_replaces(
    dashboard: Dashboard, page: Page, batch: str, keys: str
) -> None:
    dashboard.open(q=batch)
    dashboard.search.fill(f"Two {batch}")
    dashboard.press("Enter")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()
    dashboard.press(keys)
    expect(dashboard.dialog).to_be_visible()
    page.evaluate("() => history.back()")
    expect(dashboard.rows()).to_have_count(5)
    expect(dashboard.dialog).to_have_count(0)


def test_back_closes_the_list_of_statuses(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(q=batch)
    dashboard.search.fill(f"Two {batch}")
    dashboard.press("Enter")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()
    dashboard.status(f"Two {batch}").click()
    expect(dashboard.status_option("Failed")).to_be_visible()
    page.evaluate("() => history.back()")
    expect(dashboard.rows()).to_have_count(5)
    expect(page.get_by_role("listbox", name="Status of")).to_have_count(0)


def test_the_palette_changes_the_job_that_it_names(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(q=batch, ordering="name").press("j", "Control+k")
    expect(dashboard.dialog).to_contain_text(f"Five {batch}")
    # As if the list had been replaced by other means
    page.evaluate(MARK_SECOND_ROW)
    page.keyboard.type("set to failed")
    expect(dashboard.dialog.get_by_role("option", selected=True)).to_contain_text("Set to Failed")
    dashboard.press("Enter")
    expect(dashboard.status(f"Five {batch}")).to_have_text("Failed")
    assert api.named(f"Four {batch}")[0]["current_status"] == "PENDING"
