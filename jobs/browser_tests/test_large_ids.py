"""Ids beyond 2^53, which JavaScript numbers cannot represent exactly: changes affect the right job."""

import os
import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

EXACT = 2**53


@pytest.fixture(scope="module", autouse=True)
def large_ids() -> Iterator[None]:
    """The served database assigns larger ids during the tests, and never the same one twice."""
    set_to = "SELECT setval('job_id_seq', %s, %s)"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        before = connection.execute("SELECT last_value, is_called FROM job_id_seq").fetchone()
        assert before
        large = "SELECT max(id) FROM (SELECT id FROM job UNION ALL SELECT %s) AS ids"
        largest = connection.execute(large, [EXACT]).fetchone()
        assert largest
        connection.execute(set_to, [*largest, True])
        yield
        connection.execute(set_to, before)


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of five jobs with consecutive ids share; the list shows Five first."""
    batch = unique("large")
    api.create_batch(batch, "One", "Two", "Three", "Four", "Five")
    ids = [job["id"] for job in api.named(batch)]
    assert min(ids) > EXACT, "DATABASE_URL is not the database that is served"
    return batch


def statuses(api: Api, batch: str) -> dict[str, str]:
    return {job["name"].split()[0]: job["current_status"] for job in api.named(batch)}


def others(status: str, *words: str) -> dict[str, str]:
    names = ("One", "Two", "Three", "Four", "Five")
    return {name: status if name in words else "PENDING" for name in names}


def test_a_status_is_set_on_the_right_job(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    for word in ("Two", "Three"):
        dashboard.choose_status(f"{word} {batch}", "Failed")
        expect(dashboard.toast).to_contain_text(f"{word} {batch}"[:20])
    assert statuses(api, batch) == others("FAILED", "Two", "Three")
    dashboard.toast.get_by_role("button", name="Undo").click()
    expect(dashboard.toast).to_contain_text("restored to Pending.")
    assert statuses(api, batch) == others("FAILED", "Two")


def test_keys_selection_bulk_and_undo_act_on_the_right_jobs(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch).press("j", "j", "x", "j", "x")
    expect(dashboard.bar).to_contain_text("2 selected")
    page.reload()
    dashboard.wait_until_ready()
    expect(dashboard.bar).to_contain_text("2 selected")
    expect(dashboard.checkbox(f"Four {batch}")).to_be_checked()
    expect(dashboard.checkbox(f"Three {batch}")).to_be_checked()
    dashboard.press("f")
    expect(dashboard.toast).to_contain_text("2 jobs are now Failed.")
    assert statuses(api, batch) == others("FAILED", "Four", "Three")
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text("Restored 2 jobs.")
    assert statuses(api, batch) == others("PENDING")


def test_the_cursor_returns_to_its_job(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch).press("j", "j", "j", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Three {batch}")
    dashboard.wait_until_ready().press("u")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    dashboard.wait_until_ready().link(f"Two {batch}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Two {batch}")
    dashboard.wait_until_ready()
    page.go_back()
    expect(dashboard.link(f"Two {batch}")).to_be_focused()


def test_only_the_chosen_jobs_are_deleted(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.ask_to_delete(f"Two {batch}")
    dashboard.dialog.get_by_role("button", name="Delete job").click()
    expect(dashboard.rows()).to_have_count(4)
    dashboard.press("Home", "x", "j", "x", "Shift+D")
    dashboard.dialog.get_by_role("button", name="Delete 2 jobs").click()
    expect(dashboard.rows()).to_have_count(2)
    assert len(statuses(api, batch)) == 2
    assert "Two" not in statuses(api, batch)


def test_a_new_job_is_linked_by_its_own_id(dashboard: Dashboard, page: Page, api: Api) -> None:
    dashboard.open()
    name = unique("Wing")
    dashboard.submit_name(name)
    created = page.get_by_role("status").filter(has_text="Created").get_by_role("link", name=name)
    expect(created).to_be_visible()
    expect(created).to_have_attribute("href", f"/jobs/{api.named(name)[0]['id']}/")
    expect(dashboard.status(name)).to_have_text("Pending")


def test_changes_by_other_clients_appear_on_the_right_row(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    ids = {job["name"].split()[0]: job["id"] for job in api.named(batch)}
    dashboard.open(search=batch)
    api.set_status(ids["Two"], "RUNNING")
    api.delete(ids["Four"])
    expect(dashboard.status(f"Two {batch}")).to_have_text("Running")
    expect(dashboard.row(f"Four {batch}")).to_contain_text("deleted")
    for word in ("One", "Three", "Five"):
        expect(dashboard.status(f"{word} {batch}")).to_have_text("Pending")
        expect(dashboard.row(f"{word} {batch}")).not_to_contain_text("deleted")
    dashboard.open_job(ids["Two"])
    api.set_status(ids["Two"], "FAILED")
    api.set_status(ids["Three"], "COMPLETED")
    expect(page.get_by_role("combobox")).to_have_text("Failed")


def test_the_palette_finds_and_opens_the_right_job(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    job = next(job for job in api.named(batch) if job["name"].startswith("Four"))
    dashboard.open()
    dashboard.press("Control+k")
    page.keyboard.type(str(job["id"]))
    found = page.get_by_role("option", name=re.compile(rf"Four {batch}"))
    expect(found).to_contain_text(str(job["id"]))
    found.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(job["name"])
    assert page.url.endswith(f"/jobs/{job['id']}/")


def test_a_status_is_set_on_the_job_page(dashboard: Dashboard, api: Api, batch: str) -> None:
    job = next(job for job in api.named(batch) if job["name"].startswith("Four"))
    dashboard.open_job(job["id"]).press("r")
    expect(dashboard.toast).to_contain_text("is now Running.")
    assert statuses(api, batch) == others("RUNNING", "Four")
