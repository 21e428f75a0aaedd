"""A job's own page: its details, its history, and the duration of each status."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, Dashboard, problem


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Simulation"), "RUNNING", "FAILED")


def history(page: Page) -> Locator:
    return page.get_by_role("region", name="Status history").get_by_role("listitem")


def test_history_is_newest_first_with_durations(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    expect(page).to_have_title(f"Failed · {job['name']} #{job['id']} · Job dashboard")
    expect(page.get_by_role("heading", level=1)).to_have_text(job["name"])
    duration = r"(< )?\d+(\.\d)? s"
    time = r"\d+ \w+ \d{4}, \d\d:\d\d:\d\d (now|\d+ s ago)"
    expect(history(page)).to_have_text(
        [
            re.compile(rf"Failed\s+by the API\s+{time}\s+{duration} so far"),
            re.compile(rf"Running\s+by the API\s+{time}\s+{duration}\s*$"),
            re.compile(rf"Pending\s+by the API\s+{time}\s+{duration}\s*$"),
        ]
    )
    story = rf"^Failed after running {duration}, (now|\d+ s ago)"
    expect(page.get_by_role("paragraph").filter(has_text=re.compile(story))).to_be_visible()
    times = page.get_by_role("region", name="Times")
    expect(times).to_contain_text(re.compile(rf"Waited\s*{duration}\s+Ran\s*{duration}\s"))


def test_status_change_extends_the_history_without_a_reload(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    control = dashboard.open_job(job["id"]).status(job["name"])
    same_document = dashboard.never_reloaded()
    dashboard.choose_status(job["name"], "Completed")
    expect(history(page)).to_have_count(4)
    expect(history(page).first).to_contain_text("Completed")
    expect(history(page).filter(has_text="so far")).to_have_count(1)
    expect(page).to_have_title(re.compile("^Completed · "))
    expect(control).to_have_text("Completed")
    dashboard.choose_status(job["name"], "Running")
    expect(history(page)).to_have_count(5)
    assert same_document()
    assert api.statuses(job["id"])[:2] == ["RUNNING", "COMPLETED"]


@pytest.mark.failing_requests
def test_failed_change_leaves_the_history_unchanged(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    control = dashboard.open_job(job["id"]).status(job["name"])
    page.route(API, problem(503, "The database cannot be reached."))
    dashboard.choose_status(job["name"], "Completed")
    expect(page.get_by_role("alert")).to_contain_text("The database cannot be reached.")
    expect(control).to_have_text("Failed")
    expect(history(page)).to_have_count(3)


@pytest.mark.failing_requests
def test_failed_refresh_of_the_history_is_reported_and_retried(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    control = dashboard.open_job(job["id"]).status(job["name"])
    here = re.compile(rf"^[^?]*//[^/]+/jobs/{job['id']}/")
    page.route(here, lambda route: route.fulfill(status=503, body="down"))
    dashboard.choose_status(job["name"], "Completed")
    expect(dashboard.banner).to_contain_text("Couldn’t refresh the history")
    expect(control).to_have_text("Completed")
    page.unroute(here)
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(history(page)).to_have_count(4)
    expect(dashboard.banner).to_be_hidden()


def test_long_history_is_paginated(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique("Flapping"), *["RUNNING", "FAILED"] * 25)
    dashboard.open_job(job["id"])
    expect(history(page)).to_have_count(50)
    page.get_by_role("link", name="Older →").click()
    expect(history(page)).to_have_count(1)
    expect(history(page)).to_contain_text("Pending")
    page.get_by_role("link", name="← Newer").click()
    expect(history(page)).to_have_count(50)


@pytest.fixture
def failed(api: Api) -> tuple[str, list[str]]:
    """The word that the names of three failed jobs and another one share; the names of the failed ones, in order."""
    batch = unique("batch")
    for word in ("beta", "alpha", "gamma"):
        api.create(f"{word} {batch}", "FAILED")
    api.create(f"aside {batch}")
    return batch, [f"{word} {batch}" for word in ("alpha", "beta", "gamma")]


def test_keyboard_steps_through_a_list_and_returns_to_it(
    dashboard: Dashboard, page: Page, failed: tuple[str, list[str]]
) -> None:
    batch, names = failed
    dashboard.open(status="FAILED", q=f'"{batch}"', ordering="name")
    address = page.url
    title = page.get_by_role("heading", level=1)
    dashboard.link(names[0]).press("Enter")
    expect(title).to_have_text(names[0])
    adjacent = page.get_by_role("navigation", name="Previous and next job")
    expect(adjacent.get_by_role("link")).to_have_count(1)
    for name in names[1:]:
        following = adjacent.get_by_role("link", name="Next")
        dashboard.tab_to(following)
        following.press("Enter")
        expect(title).to_have_text(name)
    expect(adjacent.get_by_role("link")).to_have_count(1)
    adjacent.get_by_role("link", name=f"Previous: {names[1]}").press("Enter")
    expect(title).to_have_text(names[1])
    page.get_by_role("link", name="Back to").press("Enter")
    expect(page).to_have_url(address)
    expect(dashboard.rows()).to_have_text(names)


def test_a_job_that_leaves_the_list_keeps_its_position(
    dashboard: Dashboard, page: Page, failed: tuple[str, list[str]]
) -> None:
    batch, names = failed
    dashboard.open(status="FAILED", q=f'"{batch}"', ordering="name")
    dashboard.link(names[1]).click()
    dashboard.choose_status(names[1], "Pending")
    expect(history(page).first).to_contain_text("Pending")
    page.reload()
    page.get_by_role("link", name=f"Next: {names[2]}").click()
    page.get_by_role("link", name=f"Previous: {names[0]}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(names[0])


def test_deleting_returns_to_the_list_of_origin(
    dashboard: Dashboard, page: Page, failed: tuple[str, list[str]]
) -> None:
    batch, names = failed
    dashboard.open(status="FAILED", q=f'"{batch}"', ordering="name")
    address = page.url
    dashboard.link(names[1]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(names[1])
    dashboard.wait_until_ready()
    page.get_by_role("button", name="Delete", exact=True).click()
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(page).to_have_url(address)
    expect(dashboard.rows()).to_have_text([names[0], names[2]])


def test_breadcrumb_leads_back_to_the_list(
    dashboard: Dashboard, page: Page, base_url: str, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Jobs").click()
    expect(page).to_have_url(f"{base_url}/")


CLIPBOARD = pytest.mark.browser_context_args(permissions=["clipboard-read", "clipboard-write"])


@CLIPBOARD
def test_id_link_and_curl_are_copied(
    dashboard: Dashboard, page: Page, base_url: str, job: dict[str, Any]
) -> None:
    dashboard.open_job(job["id"])
    address, call = f"/jobs/{job['id']}/", f"curl {base_url}/api/jobs/{job['id']}/"
    for label, text in (("id", str(job["id"])), ("link", base_url + address), ("curl", call)):
        button = page.get_by_role("button", name=f"Copy {label}")
        button.press("Enter")
        expect(page.get_by_role("button", name="Copied").last).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=f"Copied {text}")).to_have_count(1)
        assert page.evaluate("() => navigator.clipboard.readText()") == text


def test_without_a_clipboard_the_text_is_selected(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.add_init_script("document.execCommand = () => false")
    dashboard.open_job(job["id"])
    page.get_by_role("button", name="Copy ID").click()
    expect(page.get_by_role("button", name="Selected")).to_be_visible()
    assert page.evaluate("() => String(getSelection())") == str(job["id"])


@pytest.mark.failing_requests
def test_deleted_job_shows_a_not_found_page(
    page: Page, api: Api, base_url: str, job: dict[str, Any]
) -> None:
    api.delete(job["id"])
    answer = page.goto(f"/jobs/{job['id']}/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{job['name']} is in the trash")
    page.get_by_role("link", name="Show all jobs").click()
    expect(page).to_have_url(f"{base_url}/")
