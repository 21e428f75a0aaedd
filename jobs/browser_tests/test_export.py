"""The export links below the list, with and without JavaScript."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard


@pytest.fixture
def batch(api: Api) -> str:
    """The word that the names of three jobs share, two of them RUNNING."""
    batch = unique("batch")
    for word, *statuses in (("Echo",), ("alpha", "RUNNING"), ("=Delta", "RUNNING")):
        api.create(f"{word} {batch}", *statuses)
    return batch


def exported(page: Page, label: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Export as {label}", exact=True).click()
    assert download.value.suggested_filename.endswith(f".{label.lower()}")
    return Path(download.value.path())


def test_the_displayed_list_is_exported_completely(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch, ordering="name", page_size=1)
    dashboard.tab("Running").click()
    expect(page).to_have_url(re.compile("status=RUNNING"))
    expect(dashboard.rows()).to_have_text([f"=Delta {batch}"])
    lines = exported(page, "NDJSON").read_text().splitlines()
    assert [json.loads(line)["name"] for line in lines] == [f"=Delta {batch}", f"alpha {batch}"]
    with exported(page, "CSV").open(newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names == [f"'=Delta {batch}", f"alpha {batch}"]
    expect(dashboard.rows()).to_have_text([f"=Delta {batch}"])


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_it_is_a_link(page: Page, batch: str) -> None:
    page.goto(f"/?search={batch}")
    assert len(exported(page, "CSV").read_text().splitlines()) == 4
