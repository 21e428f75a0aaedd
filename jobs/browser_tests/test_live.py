"""Two users with the same list open see each other's changes without being disturbed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

LIVE = re.compile(r"/live/")


@pytest.fixture
def colleague(
    browser: Browser, browser_context_args: dict[str, Any], base_url: str
) -> Iterator[Dashboard]:
    """Another user's browser with the same list open."""
    context = browser.new_context(**browser_context_args)
    yield Dashboard(context.new_page())
    context.close()


@pytest.fixture
def batch(api: Api) -> str:
    batch = unique("batch")
    api.create_batch(batch, "First", "Second", "Third")
    return batch


def expect_badge(dashboard: Dashboard, name: str, text: str) -> None:
    expect(dashboard.row(name).get_by_text(text, exact=True)).to_be_visible()


def pill(dashboard: Dashboard, text: str) -> Any:
    return dashboard.table.get_by_role("link", name=f"{text} · Show", exact=True)


def test_both_users_see_each_others_changes(
    dashboard: Dashboard, colleague: Dashboard, batch: str
) -> None:
    name = f"Second {batch}"
    for person in (dashboard, colleague):
        person.open(search=batch)
    same_document = dashboard.never_reloaded()
    colleague.choose_status(name, "Running")
    expect(dashboard.status(name)).to_have_text("Running")
    dashboard.expect_counts(Pending=2, Running=1)
    dashboard.choose_status(name, "Failed")
    expect(colleague.status(name)).to_have_text("Failed")
    colleague.expect_counts(Running=0, Failed=1)
    expect(dashboard.rows()).to_have_text(
        [f"{word} {batch}" for word in ("Third", "Second", "First")]
    )
    assert same_document()


def test_a_change_is_announced_once(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    for job in api.named(batch)[:2]:
        api.set_status(job["id"], "RUNNING")
    expect(page.locator("#announcer p")).to_contain_text(re.compile(r"^[12] jobs? changed"))


def test_a_job_that_no_longer_matches_stays_with_a_badge(
    dashboard: Dashboard, api: Api, batch: str
) -> None:
    dashboard.open(search=batch, status="PENDING")
    first, second = api.named(batch)[:2]
    api.set_status(first["id"], "RUNNING")
    expect_badge(dashboard, first["name"], "no longer pending")
    expect(dashboard.rows()).to_have_count(3)
    dashboard.tab("Pending").click()
    expect(dashboard.rows()).to_have_count(2)
    expect(dashboard.link(second["name"])).to_be_visible()


def test_a_deleted_job_stays_with_disabled_controls(
    dashboard: Dashboard, colleague: Dashboard, batch: str
) -> None:
    name = f"Second {batch}"
    dashboard.open(search=batch)
    colleague.open(search=batch).ask_to_delete(name)
    colleague.dialog.get_by_role("button", name="Delete job").click()
    expect(colleague.link(name)).to_have_count(0)
    expect_badge(dashboard, name, "deleted")
    expect(dashboard.status(name)).to_be_disabled()
    expect(dashboard.rows()).to_have_count(3)
    dashboard.expect_counts(All=2)


def test_new_jobs_wait_behind_a_pill(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    top = dashboard.link(f"Third {batch}").bounding_box()
    api.create_batch(batch, "Fourth", "Fifth")
    expect(pill(dashboard, "2 new jobs")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(2 new[,)]"))
    expect(dashboard.rows()).to_have_count(3)
    assert dashboard.link(f"Third {batch}").bounding_box() == top
    pill(dashboard, "2 new jobs").press("Enter")
    expect(dashboard.rows()).to_have_count(5)
    expect(pill(dashboard, "2 new jobs")).to_be_hidden()
    expect(dashboard.table).to_be_focused()
    expect(page).not_to_have_title(re.compile("new"))


def test_the_pill_scrolls_only_up(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    api.create_batch(batch, *(f"More {n}" for n in range(30)))
    dashboard.open(search=batch)
    api.create_batch(batch, "Fourth", "Fifth")
    pill(dashboard, "2 new jobs").press("Enter")
    expect(dashboard.rows().first).to_have_text(f"Fifth {batch}")
    expect(dashboard.table).to_be_focused()
    assert page.evaluate("scrollY") == 0
    api.create_batch(batch, "Sixth")
    expect(pill(dashboard, "1 new job")).to_be_visible()
    page.evaluate("scrollTo(0, 900)")
    pill(dashboard, "1 new job").press("Enter")
    expect(dashboard.rows().first).to_have_text(f"Sixth {batch}")
    expect(dashboard.rows().first).to_be_in_viewport()


def test_later_pages_have_no_pill(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.link("Older →").click()
    expect(dashboard.rows()).to_have_text([f"First {batch}"])
    api.create_batch(batch, "Fourth")
    first = api.named(f"First {batch}")[0]
    api.set_status(first["id"], "COMPLETED")
    expect(dashboard.status(first["name"])).to_have_text("Completed")
    expect(dashboard.table.get_by_text(re.compile(r"\d new"))).to_have_count(0)


def test_focus_scroll_position_and_unfinished_text_survive(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("batch")
    api.create_batch(batch, *(f"Job {number:02}" for number in range(30)))
    dashboard.open(search=batch)
    dashboard.name.fill("Half a na")
    control = dashboard.status(f"Job 05 {batch}")
    control.focus()
    scrolled = page.evaluate("() => scrollY")
    assert scrolled > 0
    for job in api.named(batch):
        api.set_status(job["id"], "RUNNING")
    expect(dashboard.status(f"Job 29 {batch}")).to_have_text("Running")
    expect(control).to_have_text("Running")
    expect(control).to_be_focused()
    expect(dashboard.name).to_have_value("Half a na")
    assert page.evaluate("() => scrollY") == scrolled


def test_an_open_list_of_statuses_stays_open_and_shows_the_change(
    dashboard: Dashboard, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    third = api.named(batch)[0]
    control = dashboard.status(third["name"])
    control.click()
    dashboard.press("End")
    api.set_status(third["id"], "RUNNING")
    expect(control).to_have_text("Running")
    expect(dashboard.status_option("Running")).to_have_attribute("aria-selected", "true")
    expect(dashboard.status_option("Pending")).to_have_attribute("aria-selected", "false")
    expect(dashboard.status_option("Failed")).to_have_attribute("data-active", "")
    expect(control).to_be_focused()
    dashboard.press("Enter")
    expect(control).to_have_text("Failed")
    dashboard.expect_counts(Failed=1, Running=0)
    assert api.statuses(third["id"]) == ["FAILED", "RUNNING", "PENDING"]


def test_changes_in_this_tab_are_not_announced_as_remote(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    name = f"Second {batch}"
    dashboard.open(search=batch)
    changed = dashboard.row(name).locator(".updated_at time")
    before = changed.get_attribute("datetime") or ""
    dashboard.choose_status(name, "Running")
    expect(changed).not_to_have_attribute("datetime", before)
    expect(page.locator("#announcer")).not_to_contain_text("changed")
    dashboard.submit_name(f"Fourth {batch}")
    expect(dashboard.rows()).to_have_count(4)
    expect(dashboard.table.get_by_text(re.compile(r"\d new"))).to_have_count(0)


def test_a_job_page_is_updated(
    dashboard: Dashboard, colleague: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(unique("Shared"))
    dashboard.open_job(job["id"])
    history = page.get_by_role("region", name="Status history").get_by_role("listitem")
    expect(history).to_have_count(1)
    colleague.open_job(job["id"]).choose_status(job["name"], "Running")
    expect(dashboard.status(job["name"])).to_have_text("Running")
    expect(history).to_have_count(2)
    api.delete(job["id"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("deleted")
    expect(dashboard.status(job["name"])).to_be_disabled()
