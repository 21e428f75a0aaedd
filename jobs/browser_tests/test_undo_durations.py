"""An undo brings back how long a job has waited or run, in its row and on its page; a redo too."""

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import Dashboard


def shown(dashboard: Dashboard, name: str) -> tuple[str | None, str | None]:
    """What the row says: the phase, and since when."""
    place = dashboard.row(name).locator(".duration .lasts")
    return place.get_attribute("data-phase"), place.locator("[data-lasting]").get_attribute(
        "data-lasting"
    )


def expect_shown(dashboard: Dashboard, name: str, phase: str | None, since: str | None) -> None:
    place = dashboard.row(name).locator(".duration .lasts")
    expect(place).to_have_attribute("data-phase", phase or "")
    expect(place.locator("[data-lasting]")).to_have_attribute("data-lasting", since or "")


@pytest.mark.failing_requests
def test_a_change_and_its_undo_leave_the_duration_of_the_row(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    name = f"Five {batch}"
    dashboard.block_live_updates()
    dashboard.open(search=batch)
    waiting = shown(dashboard, name)
    assert waiting[0] == "waiting"

    dashboard.press("j", "r")
    expect(dashboard.toast).to_contain_text(f"{name} is now Running.")
    running = shown(dashboard, name)
    assert running[0] == "running"
    assert running[1] != waiting[1]
    dashboard.press("c")
    expect(dashboard.toast).to_contain_text(f"{name} is now Completed.")
    assert shown(dashboard, name) == ("ran", "")

    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"{name} restored to Running.")
    assert shown(dashboard, name) == running
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"{name} restored to Pending.")
    assert shown(dashboard, name) == waiting
    dashboard.press("Shift+Z")
    expect(dashboard.toast).to_contain_text(f"{name} is Running again.")
    assert shown(dashboard, name) == running

    # The server says the same.
    page.reload()
    dashboard.wait_until_ready()
    expect_shown(dashboard, name, *running)
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"{name} restored to Pending.")
    page.reload()
    expect_shown(dashboard, name, *waiting)


def test_the_live_update_brings_what_the_page_has_not_seen(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    names = [f"{word} {batch}" for word in ("Five", "Four", "Three")]
    before = [shown(dashboard, name) for name in names]
    dashboard.press("j", "x", "j", "x", "j", "x", "f")
    expect(dashboard.toast).to_contain_text("3 jobs are now Failed.")
    page.reload()
    dashboard.wait_until_ready()
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Restored 3 jobs.")
    for name, (phase, since) in zip(names, before, strict=True):
        expect_shown(dashboard, name, phase, since)


def test_the_page_of_a_job_marks_what_was_undone(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    [job] = api.named(f"One {batch}")
    dashboard.open_job(job["id"])
    entries = page.locator(".timeline li")
    since = entries.first.locator("[data-lasting]").get_attribute("data-lasting")
    dashboard.press("r")
    expect(entries).to_have_count(2)
    dashboard.press("z")
    expect(entries).to_have_count(3)
    expect(entries.nth(0)).to_contain_text("Undid Running")
    expect(entries.nth(1)).to_contain_text("Undone")
    expect(entries.nth(1).locator(".lasted")).to_be_empty()
    expect(entries.nth(2)).to_contain_text("so far")
    expect(entries.nth(2).locator("[data-lasting]")).to_have_attribute("data-lasting", since or "")
    expect(page.locator(".summary [data-lasting]")).to_have_attribute("data-lasting", since or "")
    dashboard.press("Shift+Z")
    expect(entries).to_have_count(4)
    expect(entries.nth(0)).to_contain_text("Redid Running")
    expect(entries.nth(2)).to_contain_text("so far")
