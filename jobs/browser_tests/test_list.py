"""Filtering, searching, sorting and paging: the URL holds the whole state, and Back works."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import LIST, Dashboard

WORDS = ("Delta", "alpha", "Echo", "bravo", "Charlie")
SORTED = ("alpha", "bravo", "Charlie", "Delta", "Echo")


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of five jobs share; the second is RUNNING."""
    batch = unique("batch")
    for word in WORDS:
        api.create(f"{word} {batch}", *(["RUNNING"] if word == "alpha" else []))
    return batch


def expect_rows(dashboard: Dashboard, batch: str, *words: str) -> None:
    expect(dashboard.rows()).to_have_text([f"{word} {batch}" for word in words])


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_newest_job_comes_first(dashboard: Dashboard, batch: str) -> None:
    dashboard.open(search=batch)
    expect_rows(dashboard, batch, *reversed(WORDS))


def test_status_filter_is_in_a_shareable_url(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    same_document = dashboard.never_reloaded()
    dashboard.tab("Running").click()
    expect_rows(dashboard, batch, "alpha")
    expect(dashboard.tab("Running")).to_have_attribute("aria-current", "true")
    expect(page).to_have_title(f"(1) “{batch}” in running jobs · Job dashboard")
    assert same_document()
    assert query(page) == {"status": ["RUNNING"], "q": [f'"{batch}"']}
    other = Dashboard(page.context.new_page())
    other.page.goto(page.url)
    expect_rows(other, batch, "alpha")
    expect(other.search).to_have_value(f'"{batch}"')


def test_several_statuses_in_one_url(dashboard: Dashboard, api: Api, batch: str) -> None:
    api.create(f"Foxtrot {batch}", "FAILED")
    dashboard.open(search=batch, status=["RUNNING", "FAILED"])
    expect_rows(dashboard, batch, "Foxtrot", "alpha")
    expect(dashboard.tab("Running")).to_have_attribute("aria-current", "true")
    expect(dashboard.tab("Failed")).to_have_attribute("aria-current", "true")


def test_typing_searches(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open()
    page.keyboard.press("/")
    expect(dashboard.search).to_be_focused()
    page.keyboard.type(f'"HA {batch}"')
    expect_rows(dashboard, batch, "alpha")
    dashboard.expect_counts(All=1, Running=1, Pending=0)
    expect(dashboard.search).to_be_focused()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"q": [f'"HA {batch}"']})


def test_escape_leaves_the_search_and_keeps_it(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    before = page.url
    dashboard.search.press("Escape")
    expect(dashboard.search).to_have_value(f'"{batch}"')
    expect(dashboard.rows().first).to_be_focused()
    assert page.url == before


@pytest.mark.parametrize("way", ["mouse", "chip", "keys"])
def test_the_search_can_be_cleared(
    dashboard: Dashboard, page: Page, batch: str, base_url: str, way: str
) -> None:
    dashboard.open(q=batch)
    if way == "mouse":
        box = dashboard.search.bounding_box()
        assert box is not None
        # The × of the field, which its page cannot address; it appears under the pointer.
        dashboard.search.hover()
        at = dashboard.search.evaluate(
            "field => parseFloat(getComputedStyle(field).paddingRight) + 8"
        )
        page.mouse.click(box["x"] + box["width"] - at, box["y"] + box["height"] / 2)
    elif way == "chip":
        link = page.get_by_role("list", name="Active filters").get_by_role("link").last
        dashboard.tab_to(link)
        page.keyboard.press("Enter")
    else:
        dashboard.press("/", "Delete")
    expect(dashboard.search).to_have_value("")
    expect(page).to_have_url(f"{base_url}/")


def test_slash_is_a_character_while_typing(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    dashboard.name.press_sequentially("1/2")
    expect(dashboard.name).to_have_value("1/2")
    expect(dashboard.name).to_be_focused()


def test_search_keeps_filter_order_and_page_size(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(status="PENDING", ordering="name", page_size=3)
    dashboard.search.fill(batch)
    expect_rows(dashboard, batch, "bravo", "Charlie", "Delta")
    expected = {"status": ["PENDING"], "ordering": ["name"], "page_size": ["3"]}
    assert query(page) == {**expected, "q": [batch]}


def test_text_typed_during_a_request_is_kept(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open()

    def go_on_typing(route: Route) -> None:
        dashboard.search.press_sequentially(f" {batch}")
        route.continue_()

    page.route(LIST, go_on_typing, times=1)
    page.keyboard.press("/")
    page.keyboard.type("bravo")
    expect_rows(dashboard, batch, "bravo")
    expect(dashboard.search).to_have_value(f"bravo {batch}")
    expect(dashboard.search).to_be_focused()


def test_headings_sort_and_announce_the_order(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    expect(dashboard.heading("Created")).to_have_attribute("aria-sort", "descending")
    dashboard.link("Name").click()
    expect_rows(dashboard, batch, *SORTED)
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "ascending")
    expect(dashboard.heading("Created")).not_to_have_attribute("aria-sort", "descending")
    assert query(page)["ordering"] == ["name"]
    dashboard.link("Name").click()
    expect_rows(dashboard, batch, *reversed(SORTED))
    expect(dashboard.heading("Name")).to_have_attribute("aria-sort", "descending")
    expect(dashboard.link("Name")).to_be_focused()


def test_updated_sorts_by_the_last_change(dashboard: Dashboard, api: Api, batch: str) -> None:
    api.set_status(api.named(f"Delta {batch}")[0]["id"], "COMPLETED")
    dashboard.open(search=batch)
    dashboard.heading("Updated").get_by_role("link").click()
    expect_rows(dashboard, batch, "Delta", "Charlie", "bravo", "Echo", "alpha")
    dashboard.heading("Updated").get_by_role("link").click()
    expect_rows(dashboard, batch, "alpha", "Echo", "bravo", "Charlie", "Delta")
