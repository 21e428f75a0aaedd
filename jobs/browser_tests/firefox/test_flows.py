"""What operators do most, in Firefox."""

import re

from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import Dashboard


def test_the_list_shows_jobs_and_counts(dashboard: Dashboard, batch: str) -> None:
    dashboard.open(search=batch)
    expect(dashboard.rows()).to_have_text(
        [f"{word} {batch}" for word in ("Five", "Four", "Three", "Two", "One")]
    )
    dashboard.expect_counts(Pending=5, Failed=0)


def test_enter_in_the_search_goes_to_the_first_result(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open()
    dashboard.press("/")
    page.keyboard.type(f"Three {batch}")
    dashboard.press("Enter")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    expect(dashboard.rows()).to_have_count(1)


def test_keys_move_select_and_set_a_status(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "j", "x", "k", "x")
    expect(dashboard.bar).to_contain_text("2 selected")
    dashboard.press("r")
    expect(dashboard.toast).to_contain_text("2 jobs are now Running.")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    running = [job["name"] for job in api.named(batch) if job["current_status"] == "RUNNING"]
    assert sorted(running) == [f"Five {batch}", f"Four {batch}"]


def test_a_change_is_undone_and_redone(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "f")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is now Failed.")
    page.reload()
    dashboard.wait_until_ready()
    dashboard.press("z")
    expect(dashboard.toast).to_contain_text(f"Five {batch} restored to Pending.")
    dashboard.press("Shift+Z")
    expect(dashboard.toast).to_contain_text(f"Five {batch} is Failed again.")


def test_back_returns_to_the_page_and_its_cursor(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, page_size=2)
    dashboard.press("j", "j", "]")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    page.go_back()
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
    page.go_forward()
    expect(dashboard.rows()).to_have_text([f"Three {batch}", f"Two {batch}"])


def test_the_palette_opens_a_job(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("Control+k")
    page.keyboard.type(f"Two {batch}")
    dashboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Two {batch}")


def test_a_status_is_chosen_from_its_list(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    name = f"Five {batch}"
    dashboard.choose_status(name, "Completed")
    expect(dashboard.status(name)).to_have_text("Completed")
    dashboard.status(name).press("Enter")
    dashboard.press("ArrowDown", "Escape")
    expect(dashboard.status(name)).to_be_focused()
    assert api.statuses(api.named(name)[0]["id"]) == ["COMPLETED", "PENDING"]


def test_a_job_is_renamed(dashboard: Dashboard, page: Page, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "e")
    page.keyboard.type(f"Fifth {batch}")
    dashboard.press("Enter")
    expect(dashboard.link(f"Fifth {batch}")).to_be_focused()
    assert len(api.named(f"Fifth {batch}")) == 1


def test_a_change_by_another_client_appears(dashboard: Dashboard, api: Api, batch: str) -> None:
    dashboard.open(search=batch)
    same_document = dashboard.never_reloaded()
    api.set_status(api.named(f"Two {batch}")[0]["id"], "FAILED")
    expect(dashboard.status(f"Two {batch}")).to_have_text("Failed")
    dashboard.expect_counts(Pending=4, Failed=1)
    assert same_document()


def test_the_list_is_exported(dashboard: Dashboard, page: Page, batch: str) -> None:
    dashboard.open(search=batch)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV", exact=True).click()
    assert download.value.suggested_filename.endswith(".csv")
    assert len(download.value.path().read_text().splitlines()) == 6


def test_a_job_page_shows_its_history_and_moves_on(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("j", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Five {batch}")
    dashboard.wait_until_ready()
    dashboard.press("f")
    history = page.get_by_role("region", name="Status history").get_by_role("listitem")
    expect(history.first).to_contain_text("Failed")
    dashboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Four {batch}")
    dashboard.wait_until_ready()
    dashboard.press("u")
    expect(page).to_have_url(re.compile(r"/\?"))
    expect(dashboard.link(f"Four {batch}")).to_be_focused()
