"""Without JavaScript, everything can still be read and reached."""

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of three jobs share; the second is RUNNING."""
    batch = unique("batch")
    api.create(f"Echo {batch}")
    api.create(f"alpha {batch}", "RUNNING")
    api.create(f"Delta {batch}")
    return batch


def test_list_shows_each_job_with_its_status(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.goto(f"/?search={batch}")
    expect(dashboard.rows()).to_have_text(
        [f"{word} {batch}" for word in ("Delta", "alpha", "Echo")]
    )
    expect(dashboard.row(f"alpha {batch}")).to_contain_text("Running")
    expect(dashboard.row(f"Echo {batch}")).to_contain_text("Pending")


def test_only_working_controls_are_shown(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.goto(f"/?search={batch}")
    expect(dashboard.delete_button(f"Echo {batch}")).to_be_hidden()
    expect(dashboard.create_button).to_be_hidden()
    hint = page.get_by_role("paragraph").filter(has_text="JavaScript is needed to create jobs here")
    expect(hint).to_be_visible()


def test_search_is_a_form(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.goto("/?ordering=name")
    dashboard.search.fill(batch)
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(dashboard.rows()).to_have_text(
        [f"{word} {batch}" for word in ("alpha", "Delta", "Echo")]
    )
    dashboard.search.fill(f"alpha {batch}")
    dashboard.search.press("Enter")
    expect(dashboard.rows()).to_have_text([f"alpha {batch}"])


def test_tabs_sort_and_pages_are_links(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.goto(f"/?search={batch}&page_size=1")
    dashboard.tab("Pending").click()
    expect(dashboard.rows()).to_have_text([f"Delta {batch}"])
    dashboard.link("Older →").click()
    expect(dashboard.rows()).to_have_text([f"Echo {batch}"])
    dashboard.link("First").click()
    expect(dashboard.rows()).to_have_text([f"Delta {batch}"])
    dashboard.tab("All").click()
    dashboard.link("Name").click()
    expect(dashboard.rows()).to_have_text([f"alpha {batch}"])
    dashboard.link("50 per page").click()
    expect(dashboard.rows()).to_have_count(3)


def test_job_page_shows_its_history(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.goto(f"/?search={batch}")
    dashboard.link(f"alpha {batch}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"alpha {batch}")
    history = page.get_by_role("region", name="Status history").get_by_role("listitem")
    expect(history).to_have_count(2)
    expect(history.first).to_contain_text("Running")
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Copy ID")).to_be_hidden()
    page.get_by_role("link", name=f"Previous: Delta {batch}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Delta {batch}")
    page.get_by_role("link", name="Back to").click()
    expect(dashboard.rows()).to_have_count(3)


@pytest.mark.browser_context_args(java_script_enabled=False, timezone_id="Asia/Tokyo")
def test_times_are_complete_and_in_utc(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    page.goto(f"/?search={batch}")
    moment = api.named(batch)[0]["created_at"][:19].replace("T", " ")
    expect(dashboard.row(f"Delta {batch}").get_by_role("time").first).to_have_text(moment)
    expect(dashboard.heading("Created")).to_have_text("Created UTC")
    expect(page.get_by_role("group", name="Time zone")).to_be_hidden()
