"""A change of all jobs that a search finds: chosen, looked at, begun, followed, taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import expect_to_fit_every_width


def statuses(api: Api, batch: str) -> list[str]:
    return sorted(job["current_status"] for job in api.named(batch))


def test_all_matches_are_changed_and_changed_back_by_keyboard(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2).press("j", "*", "a")
    expect(dashboard.bar.get_by_role("link", name="Change all 5")).to_be_visible()
    dashboard.press("Shift+A")
    expect(page.get_by_role("heading", name="Change 2 jobs")).to_be_visible()
    page.get_by_role("link", name="Change all that match instead").press("Enter")
    expect(page.get_by_role("heading", name="Change 5 jobs")).to_be_visible()
    dashboard.wait_until_ready()
    expect(page.get_by_role("list", name="Some of the jobs")).to_contain_text(f"One {batch}")
    page.get_by_label("Status", exact=True).select_option("FAILED")
    page.get_by_label("Reason").fill("Out of memory")
    page.get_by_role("button", name="Set 5 jobs to Failed").press("Enter")
    operation = page.get_by_role("region", name="Set to Failed")
    expect(operation).to_contain_text("5 of 5 jobs changed.", timeout=30_000)
    expect(operation).to_contain_text("Out of memory")
    assert statuses(api, batch) == ["FAILED"] * 5
    api.set_status(api.named(batch)[0]["id"], "RUNNING")
    page.get_by_role("button", name="Undo operation").press("Enter")
    undo = page.get_by_role("region", name="Undo operation")
    expect(undo).to_contain_text("4 of 5 jobs changed back", timeout=30_000)
    expect(undo).to_contain_text(re.compile("1 (left alone|failed)"))
    assert statuses(api, batch) == ["PENDING"] * 4 + ["RUNNING"]


@pytest.mark.failing_requests
def test_what_is_wrong_is_said_beside_its_field(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.goto(f"/operations/new/?q={batch}")
    dashboard.wait_until_ready()
    page.get_by_label("Rename").check()
    page.get_by_label("Reason").fill("A new name")
    page.get_by_role("button", name="Rename 5 jobs").click()
    field = page.get_by_label("Replace in names")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Enter the text to replace.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect_accessible(page)
    expect(page.get_by_label("Reason")).to_have_value("A new name")
    page.keyboard.type("One")
    expect(page.get_by_text("Enter the text to replace.")).to_be_hidden()
    dashboard.press("Enter")
    expect(page.get_by_role("region", name="Remove “One” from names")).to_contain_text(
        "1 of 5 jobs renamed"
    )


def test_the_palette_offers_the_change_of_all_once(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    dashboard.press("Control+k")
    page.keyboard.type("all that match")
    options = page.get_by_role("option", name=re.compile("^Change"))
    expect(options).to_have_count(1)


def test_operations_are_listed_and_found_by_keys(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    page.goto(f"/operations/new/?q={batch}")
    dashboard.wait_until_ready()
    page.get_by_label("Label", exact=True).check()
    page.get_by_label("Labels").fill(f"team={batch}")
    page.get_by_role("button", name="Label 5 jobs").click()
    expect(page.get_by_role("region", name=f"Label team={batch}")).to_contain_text("5 of 5")
    dashboard.wait_until_ready()
    dashboard.press("u")
    row = page.get_by_role("row").filter(has_text=f"team={batch}")
    expect(row).to_contain_text("5 of 5 jobs labeled")
    dashboard.open()
    dashboard.press("g", "o")
    expect(page.get_by_role("heading", name="Operations")).to_be_visible()


def test_the_pages_fit_and_are_accessible(dashboard: Dashboard, page: Page, batch: str) -> None:
    page.goto(f"/operations/new/?q={batch}")
    dashboard.wait_until_ready()
    expect_accessible(page)
    expect_to_fit_every_width(page)
    page.get_by_label("Status", exact=True).select_option("PENDING")
    page.get_by_role("button", name="Set 5 jobs to Pending").click()
    expect(page.get_by_role("region", name="Set to Pending")).to_contain_text("5 of 5")
    dashboard.wait_until_ready()
    expect_accessible(page)
    expect_to_fit_every_width(page)
    page.goto("/operations/")
    dashboard.wait_until_ready()
    expect_accessible(page)
    expect_to_fit_every_width(page)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_the_jobs_are_named_and_the_api_too(page: Page, batch: str) -> None:
    page.goto(f"/operations/new/?q={batch}")
    expect(page.get_by_role("heading", name="Change 5 jobs")).to_be_visible()
    hint = page.get_by_role("paragraph").filter(has_text="JavaScript is needed to begin")
    expect(hint).to_be_visible()
    expect(page.get_by_role("button", name="Set 5 jobs")).to_be_hidden()
