"""Where the cursor is in new lists, on other pages, after refreshes and at the ends of a page; counts and copying."""

import re

from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

BOX = "document.querySelector('tr[aria-current]').getBoundingClientRect()"
# Something else than the cursor's row is in the middle of it, or nothing.
COVERED = f"""
  () => {{
    const {{ left, top, width, height }} = {BOX};
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return !there?.closest("tr[aria-current]");
  }}
"""


def test_the_focus_stays_with_its_job_through_every_swap(
    dashboard: Dashboard, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "j", "r")
    four = dashboard.link(f"Four {batch}")
    expect(dashboard.status(f"Four {batch}")).to_have_text("Running")
    expect(four).to_be_focused()
    # Refetches the same list
    dashboard.page.evaluate(
        "() => document.body.dispatchEvent(new CustomEvent('jobs:outcome-unknown', {bubbles: true}))"
    )
    api.create(f"Six {batch}")
    dashboard.page.evaluate(
        "() => document.body.dispatchEvent(new CustomEvent('jobs:outcome-unknown', {bubbles: true}))"
    )
    expect(dashboard.rows()).to_have_count(6)
    expect(four).to_be_focused()


def test_a_new_list_puts_the_cursor_on_its_first_job(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("")
    api.create_batch(batch, *(f"N{number:02}" for number in range(40)))
    dashboard.open(search=batch, page_size=30)
    for keys, first in (
        (("g", "p"), "N39"),
        (("s", "n"), "N00"),
        (("s", "n"), "N39"),
        (("s", "c"), "N39"),
        (("s", "u"), "N39"),
        (("}",), "N29"),
        (("{",), "N39"),
    ):
        dashboard.press("End")
        dashboard.press(*keys)
        expect(dashboard.link(f"{first} {batch}")).to_be_focused()
        expect(dashboard.rows().first).to_have_text(f"{first} {batch}")
        page.wait_for_function("() => scrollY === 0")
    dashboard.press("]")
    expect(dashboard.rows().last).to_be_visible()
    expect(dashboard.rows().first).to_be_focused()


def test_keys_pressed_at_once_after_paging_or_searching_act_on_the_new_rows(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.press("j", "]", "x", "j", "x")
    expect(dashboard.bar).to_contain_text("2 selected")
    expect(dashboard.checkbox(f"Three {batch}")).to_be_checked()
    expect(dashboard.checkbox(f"Two {batch}")).to_be_checked()
    dashboard.press("/")
    page.keyboard.insert_text(f"One {batch}")
    dashboard.press("Enter", "x")
    expect(dashboard.checkbox(f"One {batch}")).to_be_checked()
    expect(dashboard.link(f"One {batch}")).to_be_focused()
    expect(dashboard.bar).to_contain_text("1 selected")


def test_the_end_of_a_page_speaks_and_a_second_press_goes_on(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    announced = page.get_by_role("status")
    dashboard.press("x", "j", "x", "j", "x", "j")
    expect(announced.filter(has_text="End of page. ] for the next page")).to_have_count(1)
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    dashboard.press("x", "j")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    expect(dashboard.bar).to_contain_text("2 selected · 2 on other pages")
    dashboard.press("k", "k")
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    dashboard.press("}")
    expect(dashboard.link(f"Three {batch}")).to_have_count(0)
    dashboard.press("]")
    expect(announced.filter(has_text="This is the last page.")).to_have_count(1)
    dashboard.press("Shift+G", "j", "j")
    expect(announced.filter(has_text="End of the list")).to_have_count(1)


def test_counts_copying_and_the_hint_after_a_prefix(
    dashboard: Dashboard, page: Page, api: Api, batch: str, base_url: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dashboard.open(search=batch)
    dashboard.press("j", "3", "j")
    expect(dashboard.link(f"Two {batch}")).to_be_focused()
    two = api.named(f"Two {batch}")[0]["id"]
    one = api.named(f"One {batch}")[0]["id"]
    for keys, text in (
        ("yi", str(two)),
        ("yn", f"Two {batch}"),
        ("yl", f"{base_url}/jobs/{two}/"),
        ("xjxyi", f"{two}\n{one}"),
    ):
        dashboard.press(*keys)
        page.wait_for_function(
            "async (text) => await navigator.clipboard.readText() === text", arg=text
        )
    announced = page.get_by_role("status").filter(has_text="Copied IDs of 2 jobs")
    expect(announced).to_have_count(1)
    dashboard.press("g")
    hint = page.locator(".key-hint")
    expect(hint).to_contain_text("Failed jobs")
    dashboard.press("Escape")
    expect(hint).to_be_hidden()
    expect(dashboard.bar).to_contain_text("2 selected")


def test_when_a_job_leaves_the_focus_moves_to_the_job_in_its_place(
    dashboard: Dashboard, api: Api, batch: str
) -> None:
    dashboard.open(search=batch, status="PENDING")
    dashboard.press("j", "j", "r")
    expect(dashboard.status(f"Four {batch}")).to_have_text("Running")
    dashboard.page.evaluate(
        "() => document.body.dispatchEvent(new CustomEvent('jobs:outcome-unknown', {bubbles: true}))"
    )
    expect(dashboard.rows()).to_have_count(4)
    expect(dashboard.link(f"Three {batch}")).to_be_focused()


def test_returning_from_a_job_that_left_the_list_focuses_its_neighbor(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, status="PENDING")
    dashboard.press("j", "j", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")
    dashboard.wait_until_ready().press("r")
    expect(dashboard.toast).to_contain_text("is now Running.")
    dashboard.press("u")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    dashboard.wait_until_ready().press("x")
    expect(dashboard.checkbox(f"Three {batch}")).to_be_checked()


def test_a_new_page_puts_the_cursor_on_its_first_job(dashboard: Dashboard, batch: str) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.press("j", "j", "]")
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    dashboard.press("[")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()


def test_the_list_without_filters_begins_at_its_first_job(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch).press("End", "g", "h")
    expect(page).to_have_url(re.compile(r"/(\?view=all)?$"))
    expect(dashboard.rows().first).to_be_focused()


def test_a_deleted_job_cannot_be_renamed(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch).press("j")
    api.delete(api.named(f"Five {batch}")[0]["id"])
    expect(page.locator("tr[data-gone]")).to_have_count(1)
    dashboard.press("e")
    expect(page.locator(".key-hint")).to_have_text("This job was deleted.")
    expect(dashboard.dialog).to_have_count(0)


def test_a_key_brings_back_a_job_that_was_scrolled_out_of_sight(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("sight")
    names = api.create_batch(batch, *(f"{number:02}" for number in range(40)))
    job = api.named(names[-1])[0]["id"]
    dashboard.open(search=batch, page_size=50).press("j")
    # Far away, and behind the head that sticks
    for key, scroll in (("c", "scrollTo(0, 1500)"), ("x", f"scrollBy(0, ({BOX}).top - 40)")):
        page.evaluate(scroll)
        assert page.evaluate(COVERED)
        dashboard.press(key)
        assert not page.evaluate(COVERED)
        if key == "c":
            hint = page.locator(".key-hint")
            expect(hint).to_contain_text("was out of sight. Press the key again to change it.")
            assert api.statuses(job) == ["PENDING"]
            dashboard.press(key)
            expect(dashboard.toast).to_contain_text("is now Completed")
    expect(dashboard.bar).to_contain_text("1 selected")
    # Of a selection, the page says how many jobs it has.
    page.evaluate("scrollTo(0, 1500)")
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text("is now Failed")
