"""Whole flows through the pages of operations and of the trash, by keyboard."""

import os
import re

import psycopg
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

# One more batch than the first, which has 200 jobs
JOBS = 205


def test_an_operation_is_previewed_followed_canceled_and_undone(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("many")
    last = api.create_many(f"{number} {batch}" for number in range(JOBS))[-1]
    dashboard.open(search=batch)
    dashboard.press("Shift+A")
    expect(page.get_by_role("heading", name=f"Change {JOBS} jobs")).to_be_visible()
    expect(page.get_by_role("list", name="By status")).to_have_text(f"Pending {JOBS}")
    dashboard.wait_until_ready()
    page.get_by_label("Status", exact=True).select_option("FAILED")
    operation = page.get_by_role("region", name="Set to Failed")
    # The last job cannot be changed until the transaction ends, so the operation does not end before it is canceled.
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SELECT FROM job WHERE id = %s FOR UPDATE", [last])
        page.get_by_role("button", name=f"Set {JOBS} jobs to Failed").press("Enter")
        expect(operation).to_contain_text(
            re.compile(rf"20\d of {JOBS} jobs changed, .*\d per second, about .* left")
        )
        expect(page).to_have_title(re.compile(r"^9\d% · Set to Failed #\d+"))
        dashboard.wait_until_ready()
        page.get_by_role("button", name="Cancel operation").press("Enter")
        expect(operation).to_contain_text("Canceled")
    expect(page).to_have_title(re.compile("^Canceled · Set to Failed"))
    text = re.search(rf"(\d+) of {JOBS} jobs changed", operation.inner_text())
    assert text
    changed = int(text[1])
    assert (api.count(batch, "FAILED"), api.count(batch, "PENDING")) == (changed, JOBS - changed)
    dashboard.wait_until_ready()
    page.get_by_role("button", name="Undo operation").press("Enter")
    undo = page.get_by_role("region", name="Undo operation")
    expect(undo).to_contain_text(f"{changed} of {changed} jobs changed back.")
    assert api.count(batch, "PENDING") == JOBS


def test_selected_jobs_are_deleted_and_come_back_from_the_trash(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "x", "j", "x", "Shift+A")
    expect(page.get_by_role("heading", name="Change 2 jobs")).to_be_visible()
    expect(page.get_by_text("Only the selected jobs.")).to_be_visible()
    dashboard.wait_until_ready()
    expect(page.get_by_role("radio", name="Set the status")).to_be_focused()
    dashboard.press("ArrowUp")
    page.get_by_role("button", name="Delete 2 jobs").press("Enter")
    operation = page.get_by_role("region", name="Delete")
    expect(operation).to_contain_text("2 of 2 jobs deleted.")
    number = re.search(r"#(\d+)", operation.inner_text())
    assert number
    assert [job["name"].split()[0] for job in api.named(batch)] == ["Three", "Two", "One"]
    operation.get_by_role("link", name="Show the trash").press("Enter")
    dashboard.wait_until_ready()
    page.get_by_role("button", name=f"Restore Five {batch}").press("Enter")
    expect(dashboard.toast).to_contain_text(f"Restored Five {batch}.")
    dashboard.press("g", "o")
    page.get_by_role("row").filter(has_text=f"#{number[1]}").get_by_role("link").press("Enter")
    expect(operation.get_by_role("listitem").filter(has_text=batch)).to_have_text(
        re.compile(f"Four {batch}")
    )
    dashboard.wait_until_ready()
    page.get_by_role("button", name="Undo operation").press("Enter")
    undo = page.get_by_role("region", name="Undo operation")
    expect(undo).to_contain_text("1 of 2 jobs restored, 1 left alone.")
    assert len(api.named(batch)) == 5
    dashboard.press("g", "t")
    expect(page).to_have_title("Trash · Job dashboard")
