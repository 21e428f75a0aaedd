"""Undo and redo as a stack, across pages and reloads; renaming; names in texts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, Dashboard, LostResponses, problem

EVIL = "evil \u202eoverride"
# The texts in which a control of the direction could reach beyond its name, as a list of descriptions.
UNISOLATED = """() => {
  const found = [];
  const isolates = /\\u2068[^\\u2069]*\\u202e[^\\u2069]*\\u2069/;
  const check = (text, where) => { if (text.replace(isolates, '').includes('\\u202e')) found.push(where + ': ' + text); };
  check(document.title, 'title');
  for (const element of document.querySelectorAll('*')) {
    for (const name of ['aria-label', 'title']) {
      const text = element.getAttribute(name);
      if (text && !text.startsWith('evil')) check(text, name);
    }
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.includes('\\u202e') || text.parentElement.closest('script, template')) continue;
    let element = text.parentElement;
    const isolated = (one) => /isolate|plaintext/.test(getComputedStyle(one).unicodeBidi) || getComputedStyle(one).display !== 'inline';
    while (!isolated(element)) element = element.parentElement;
    if (element.textContent.trim() !== text.data.trim()) check(element.textContent, element.tagName);
  }
  return found;
}"""


def history(api: Api, name: str) -> list[str]:
    """The job's statuses, oldest first."""
    return api.statuses(api.named(name)[0]["id"])[::-1]


def test_changes_are_undone_one_by_one_and_redone(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "r")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Running.")
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Failed.")
    dashboard.press("j", "c")
    expect(dashboard.toast).to_contain_text(f"Four {batch} is now Completed.")

    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Four {batch} restored to Pending.")
    expect(dashboard.toast.get_by_role("button", name="Redo")).to_be_visible()
    page.reload()
    dashboard.wait_until_ready()
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Five {batch} restored to Running.")
    dashboard.link(f"One {batch}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"One {batch}")
    dashboard.wait_until_ready()
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Five {batch} restored to Pending.")
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Nothing to undo")
    assert history(api, f"Five {batch}") == ["PENDING", "RUNNING", "FAILED", "RUNNING", "PENDING"]

    dashboard.press("Shift+Z")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is Running again.")
    dashboard.press("Shift+Z")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is Failed again.")
    dashboard.press("Shift+Z")
    expect(dashboard.toast).to_contain_text(f"Four {batch} is Completed again.")
    dashboard.press("Shift+Z")
    expect(dashboard.toast).to_contain_text("Nothing to redo")
    assert api.named(f"Five {batch}")[0]["current_status"] == "FAILED"
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Four {batch} restored to Pending.")


def test_a_job_that_has_changed_since_is_refused_and_the_next_undo_goes_on(
    dashboard: Dashboard, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "r")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Running.")
    dashboard.press("j", "f")
    expect(dashboard.toast).to_contain_text(f"Four {batch} is now Failed.")
    four = api.named(f"Four {batch}")[0]
    api.set_status(four["id"], "COMPLETED")
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Can’t undo: Four {batch} has changed since.")
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Five {batch} restored to Pending.")
    assert history(api, f"Four {batch}") == ["PENDING", "FAILED", "COMPLETED"]


def test_undo_deletion_and_restore_of_many_are_one_request_each(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    batch = unique("")
    api.create_batch(batch, *(f"N{number:02}" for number in range(12)))
    dashboard.open(search=batch)
    dashboard.press("j", "*", "a", "f")
    expect(dashboard.toast).to_contain_text("12 jobs are now Failed.")
    calls = dashboard.requests(lambda r: "/api/" in r.url and r.method != "GET")
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Restored 12 jobs.")
    assert [call.split("/api/")[1] for call in calls] == ["jobs/undo/"]
    dashboard.press("Shift+D")
    items = dashboard.dialog.get_by_role("listitem").filter(has_text=batch)
    expect(items).to_have_count(10)
    newest = api.named(f"N11 {batch}")[0]
    expect(items.first).to_have_text(f"N11 {batch} {newest['id']}")
    expect(dashboard.dialog).to_contain_text("and 2 more")
    dashboard.press("Tab", "Enter")
    expect(dashboard.toast).to_contain_text("Deleted 12 jobs.")
    assert [call.split("/api/")[1] for call in calls] == ["jobs/undo/", "jobs/delete/"]
    assert api.named(batch) == []
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Restored 12 jobs.")
    assert [call.split("/api/")[1] for call in calls][2:] == ["trash/restore/"]
    expect(dashboard.rows()).to_have_count(12)
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Nothing to undo")


@pytest.mark.failing_requests
def test_a_change_with_an_unknown_outcome_is_not_skipped(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "r")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Running.")
    lost = LostResponses(page, "PATCH")
    dashboard.press("*", "a", "f")
    expect(dashboard.toast).to_contain_text("Couldn’t confirm that 5 jobs were set to Failed.")
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("the outcome of the last change of 5 jobs is unknown.")
    assert history(api, f"Five {batch}") == ["PENDING", "RUNNING", "FAILED"]
    lost.losing = False
    dashboard.toast.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text("5 jobs are now Failed.")
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Restored 5 jobs.")
    assert history(api, f"Five {batch}") == ["PENDING", "RUNNING", "FAILED", "RUNNING"]


def test_a_job_is_renamed_by_key_and_the_rename_is_undone(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "e")
    field = dashboard.dialog.get_by_role("textbox", name="Name")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"Five {batch}")
    field.fill("  ")
    dashboard.press("Enter")
    expect(dashboard.dialog.get_by_role("alert")).to_have_text("Enter a name.")
    dashboard.press("Escape")
    expect(dashboard.dialog).to_be_hidden()
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    dashboard.press("e")
    field.fill(f"Fifth {batch}")
    dashboard.press("Enter")
    expect(dashboard.toast).to_contain_text(f"Renamed Five {batch} to Fifth {batch}.")
    expect(dashboard.link(f"Fifth {batch}")).to_be_focused()
    expect(dashboard.checkbox(f"Fifth {batch}")).to_be_visible()
    expect(dashboard.delete_button(f"Fifth {batch}")).to_be_attached()
    assert len(api.named(f"Fifth {batch}")) == 1
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Renamed back to Five {batch}.")
    expect(dashboard.link(f"Five {batch}")).to_be_visible()
    dashboard.press("Shift+Z")
    expect(dashboard.toast).to_contain_text(f"Renamed back to Fifth {batch}.")
    assert len(api.named(f"Fifth {batch}")) == 1


@pytest.mark.failing_requests
def test_renaming_on_the_job_page_says_what_has_changed_since(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    job = api.named(f"Five {batch}")[0]
    dashboard.open_job(job["id"])
    dashboard.block_live_updates()
    api.set_status(job["id"], "FAILED")
    page.get_by_role("button", name="Rename", exact=True).click()
    field = dashboard.dialog.get_by_role("textbox", name="Name")
    field.fill(f"Fifth {batch}")
    dashboard.press("Enter")
    expect(dashboard.dialog.get_by_role("alert")).to_have_text(
        f"Five {batch} has changed since: it is now Failed. Save again to rename it anyway."
    )
    dashboard.press("Enter")
    expect(dashboard.dialog).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Fifth {batch}")
    expect(page).to_have_title(re.compile(f"Fifth {batch}"))
    assert api.named(f"Fifth {batch}")[0]["current_status"] == "FAILED"


@pytest.mark.failing_requests
def test_a_failure_is_not_replaced_by_a_success(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.press("j", "f")
    expect(dashboard.toast).to_contain_text(f"Couldn’t set Five {batch} to Failed.")
    page.unroute(API)
    dashboard.press("j", "c")
    expect(dashboard.toast).to_contain_text(f"Four {batch} is now Completed.")
    expect(dashboard.toast).to_contain_text(f"Couldn’t set Five {batch} to Failed.")
    dashboard.toast.get_by_role("button", name="Retry").click()
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Failed.")
    expect(dashboard.toast).not_to_contain_text("Couldn’t")


def test_a_name_never_turns_the_text_around_it(dashboard: Dashboard, page: Page, api: Api) -> None:
    batch = unique("")
    jobs: list[dict[str, Any]] = [api.create(f"{EVIL} {batch}") for _ in range(3)]
    dashboard.open(search=batch)

    def check(state: str) -> None:
        assert page.evaluate(UNISOLATED) == [], state

    check("the list")
    dashboard.press("j", "f")
    expect(dashboard.toast).to_contain_text("is now Failed.")
    check("a toast")
    dashboard.press("Shift+D")
    expect(dashboard.dialog).to_be_visible()
    check("the dialog for one job")
    dashboard.press("Escape", "e")
    expect(dashboard.dialog).to_be_visible()
    check("the rename dialog")
    dashboard.press("Escape", "*", "a", "Shift+D")
    expect(dashboard.dialog.get_by_role("listitem")).not_to_have_count(0)
    check("the dialog for several jobs")
    dashboard.press("Escape")
    dashboard.open(q=f'"{EVIL}" status:failed')
    check("a search for it")
    dashboard.open_job(jobs[1]["id"])
    expect(page).to_have_title(re.compile("\u2068evil"))
    check("the job's page")
