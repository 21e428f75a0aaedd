"""What is selected can be taken along: as shell commands that read it from the API, and as files."""

import csv
import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

NASTY = """'; touch /tmp/owned; echo "$(id)" `id` \\ $HOME * ? \u202e é"""


@pytest.fixture(autouse=True)
def clipboard(page: Page, base_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base_url)


def clipboard_text(page: Page) -> str:
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def run(command: str) -> object:
    """In a plain POSIX shell."""
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, text=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_one_job_is_copied_as_curl_whatever_its_name_is(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(f"{unique()} {NASTY}")
    dashboard.open(q=f"id:{job['id']}").press("j", "y", "c")
    expect(page.get_by_text("Copied curl command").first).to_be_visible()
    read = run(clipboard_text(page))
    assert isinstance(read, dict)
    assert (read["id"], read["name"]) == (job["id"], job["name"])


def test_many_jobs_are_copied_as_one_curl_command(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    jobs = api.named(batch)
    dashboard.open(search=batch, page_size=2).press("j", "*", "a", "]", "*", "a", "y", "c")
    expect(page.get_by_text("Copied curl command of 4 jobs").first).to_be_visible()
    command = clipboard_text(page)
    assert "\n" not in command
    read = run(command)
    assert isinstance(read, dict)
    assert [job["id"] for job in read["results"]] == [job["id"] for job in jobs[:4]]


def test_a_job_page_is_copied_as_curl(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique())
    dashboard.open_job(job["id"]).press("y", "c")
    expect(page.get_by_text("Copied curl command").first).to_be_visible()
    assert run(clipboard_text(page))["id"] == job["id"]  # type: ignore[index]


def test_only_the_selection_is_exported_in_the_order_of_the_list(
    dashboard: Dashboard, page: Page, api: Api, batch: str
) -> None:
    dashboard.open(search=batch, ordering="name").press("j", "x", "j", "j", "x")
    with page.expect_download() as download:
        dashboard.press("y", "s")
    assert download.value.suggested_filename.endswith(".csv")
    rows = read_csv(download.value.path())
    assert [row["name"] for row in rows] == [f"Five {batch}", f"One {batch}"]
    with page.expect_download() as whole:
        page.get_by_role("link", name="Export as CSV", exact=True).click()
    assert read_csv(whole.value.path())[0].keys() == rows[0].keys()
    with page.expect_download() as download:
        dashboard.press("y", "j")
    lines = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert lines == [api.named(f"{word} {batch}")[0] for word in ("Five", "One")]


def test_the_selection_bar_and_the_palette_export_the_selection(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch)
    dashboard.press("Control+k")
    expect(dashboard.dialog.get_by_role("option", name="Export as NDJSON")).to_have_count(1)
    expect(dashboard.dialog.get_by_role("option", name="Export selection")).to_have_count(0)
    dashboard.press("Escape", "j", "x")
    with page.expect_download() as download:
        dashboard.bar.get_by_role("button", name="Export selected jobs as CSV").click()
    assert len(download.value.path().read_text().splitlines()) == 2
    dashboard.press("Control+k")
    page.keyboard.type("export nd")
    expect(dashboard.dialog.get_by_role("option", selected=True)).to_contain_text(
        "Export selection as NDJSON"
    )
    with page.expect_download() as download:
        dashboard.press("Enter")
    assert len(download.value.path().read_text().splitlines()) == 1
