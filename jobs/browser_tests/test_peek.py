"""The panel beside the list: by keyboard, with the focus in the list, and never about another job than the cursor's."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

PEEK = re.compile(r"/jobs/\d+/peek/")


@pytest.fixture
def panel(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Peek at ")


def expect_shown(panel: Locator, name: str) -> None:
    expect(panel.get_by_role("heading", level=2).first).to_contain_text(name)
    expect(panel).not_to_have_attribute("aria-busy", "true")


def test_follows_the_cursor_and_its_job(
    dashboard: Dashboard, page: Page, panel: Locator, api: Api, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "j")
    row = dashboard.row(f"Four {batch}")
    before = row.bounding_box()
    dashboard.press("Space")
    expect_shown(panel, f"Four {batch}")
    after = row.bounding_box()
    assert before
    assert after
    assert (before["y"], before["height"]) == (after["y"], after["height"])
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    expect(panel).to_contain_text("Waiting for")

    dashboard.press("j")
    expect_shown(panel, f"Three {batch}")
    dashboard.press("r")
    expect(panel).to_contain_text("Running for")
    expect(panel.get_by_role("listitem")).to_have_count(2)
    dashboard.press("z")
    expect(panel).to_contain_text("Waiting for")
    dashboard.press("k")
    expect_shown(panel, f"Four {batch}")
    job = api.named(f"Four {batch}")[0]
    api.set_status(job["id"], "FAILED")  # by somebody else
    expect(panel).to_contain_text("Failed")

    dashboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(dashboard.link(f"Four {batch}")).to_be_focused()


def test_a_quick_move_sends_one_request(
    dashboard: Dashboard, page: Page, panel: Locator, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("""() => {
        const init = { key: "j", code: "KeyJ", bubbles: true, cancelable: true };
        for (let press = 0; press < 4; press += 1)
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", init));
    }""")
    expect_shown(panel, f"One {batch}")
    assert len([url for url in asked if PEEK.search(url)]) == 1


def test_a_slow_answer_covers_nothing(
    dashboard: Dashboard, page: Page, panel: Locator, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    held: list[Route] = []
    page.route(PEEK, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(PEEK):
        dashboard.press("j")
    expect(panel).to_have_attribute("aria-busy", "true")
    with page.expect_event("requestfailed", lambda request: bool(PEEK.search(request.url))):
        dashboard.press("j")
    expect_shown(panel, f"Three {batch}")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()


def test_into_the_panel_and_back(
    dashboard: Dashboard, page: Page, panel: Locator, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    dashboard.press("ArrowRight")
    expect(panel).to_be_focused()
    dashboard.press("Tab")
    expect(panel.get_by_role("button", name="Close the peek")).to_be_focused()
    dashboard.press("Tab")
    expect(panel.get_by_role("link", name="Open the page")).to_be_focused()
    dashboard.press("ArrowLeft")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    dashboard.press("ArrowRight", "j")
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    expect_shown(panel, f"Four {batch}")
    dashboard.press("ArrowRight", "Tab", "Space")
    expect(panel).to_be_hidden()
    expect(dashboard.link(f"Four {batch}")).to_be_focused()


def test_space_keeps_its_meaning_on_controls(
    dashboard: Dashboard, page: Page, panel: Locator, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.checkbox(f"Five {batch}").focus()
    dashboard.press("Space")
    expect(dashboard.checkbox(f"Five {batch}")).to_be_checked()
    dashboard.delete_button(f"Four {batch}").focus()
    dashboard.press("Space")
    expect(dashboard.dialog).to_be_visible()
    dashboard.press("Escape")
    dashboard.search.focus()
    page.keyboard.type(" ")
    expect(panel).to_be_hidden()


def test_stays_open_through_pages_a_search_and_a_visit_to_the_job(
    dashboard: Dashboard, page: Page, panel: Locator, api: Api, batch: str
) -> None:
    api.create_batch(batch, *(f"More {number}" for number in range(22)))
    dashboard.open(search=batch, page_size=25, ordering="name").press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    dashboard.press("]")
    expect_shown(panel, f"Three {batch}")
    dashboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Three {batch}")
    dashboard.wait_until_ready().press("u")
    expect_shown(panel, f"Three {batch}")
    page.go_back()
    page.go_back()
    expect_shown(panel, f"Three {batch}")
    page.go_back()
    expect_shown(panel, f"Five {batch}")
    dashboard.press("/")
    dashboard.search.fill(f"Two {batch}")
    dashboard.press("Enter")
    expect_shown(panel, f"Two {batch}")


@pytest.mark.failing_requests  # 404, which the browser logs
def test_says_that_the_job_has_been_deleted(
    dashboard: Dashboard, panel: Locator, api: Api, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    api.delete(api.named(f"Five {batch}")[0]["id"])
    aside = dashboard.page.get_by_role("complementary", name="Peek")
    expect(aside).to_contain_text("This job has been deleted.")
    expect(dashboard.banner).to_be_hidden()
    dashboard.press("j")
    expect_shown(panel, f"Four {batch}")


def test_rename_and_delete(dashboard: Dashboard, page: Page, panel: Locator, batch: str) -> None:
    dashboard.open(search=batch).press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    dashboard.press("e")
    page.keyboard.type(f"Renamed {batch}")
    dashboard.press("Enter")
    expect_shown(panel, f"Renamed {batch}")
    dashboard.press("Shift+d", "Tab", "Enter")
    expect_shown(panel, f"Four {batch}")


def test_on_narrow_screens_it_leaves_the_row_in_view(
    dashboard: Dashboard, page: Page, panel: Locator, batch: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    dashboard.open(search=batch).press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    for name in ("Four", "Three", "Two", "One"):
        dashboard.press("j")
        expect_shown(panel, f"{name} {batch}")
        row, sheet = dashboard.link(f"{name} {batch}").bounding_box(), panel.bounding_box()
        assert row
        assert sheet
        assert row["y"] >= 0
        assert row["y"] + row["height"] <= sheet["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("width", [1440, 1110, 768])
def test_the_tools_never_cover_its_head(
    dashboard: Dashboard, page: Page, panel: Locator, api: Api, batch: str, width: int
) -> None:
    """With tabs of views and chips above, at the top of the page and scrolled."""
    api.create_batch(batch, *(f"More {number}" for number in range(22)))
    view = page.request.post("/api/views/", data={"name": batch[:60], "q": batch}).json()
    page.set_viewport_size({"width": width, "height": 700})
    dashboard.open(view=view["id"], q=batch).press("j", "Space")
    for key in ("Home", "End"):
        dashboard.press(key)
        expect(panel).not_to_have_attribute("aria-busy", "true")
        covering = """head => {
            const { left, top } = head.getBoundingClientRect();
            return head.contains(document.elementFromPoint(left + 20, top + 6));
        }"""
        assert panel.locator(".head").evaluate(covering)
    page.request.delete(f"/api/views/{view['id']}/")


def test_is_accessible(dashboard: Dashboard, page: Page, panel: Locator, batch: str) -> None:
    dashboard.open(search=batch).press("j", "Space")
    expect_shown(panel, f"Five {batch}")
    expect_accessible(page)


def test_row_links_open_the_page_without_scripts(
    browser: Any, base_url: str, api: Api, batch: str
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/?search={batch}")
    page.get_by_role("link", name=f"Five {batch}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Five {batch}")
    context.close()


def test_a_running_job_moves_nothing_in_the_list_or_the_peek(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    name = unique("Spinning")
    job = api.create(name, "RUNNING")
    turning = (
        """() => document.getAnimations().filter((one) => one.animationName === "turn").length"""
    )
    page.emulate_media(reduced_motion="no-preference")
    dashboard.open(search=name).press("j", "Space")
    expect(page.locator("#job-peek .timeline")).to_contain_text("Running")
    assert page.evaluate(turning) == 0
    dashboard.open_job(job["id"])
    assert page.evaluate(turning) == 2
