"""Times: age and clock time, in the user's zone or in UTC, updated continuously."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import WATCH_SHIFTS, WIDTHS, overflow, shifts

ZONE = "Asia/Tokyo"
pytestmark = pytest.mark.browser_context_args(timezone_id=ZONE)
RECENT = re.compile(r"^(now|\d+ s ago)")


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Timed"))


def clock_text(job: dict[str, Any], zone: str) -> str:
    """`19:25:58`: the job's creation time in the zone."""
    return f"{datetime.fromisoformat(job['created_at']).astimezone(ZoneInfo(zone)):%H:%M:%S}"


def created(dashboard: Dashboard, job: dict[str, Any]) -> Locator:
    return dashboard.row(job["name"]).get_by_role("time").first


def choice(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name="Time zone").get_by_role("radio", name=label)


def test_a_time_shows_its_age_and_clock_time(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)
    expect(created(dashboard, job)).to_contain_text(clock_text(job, ZONE))
    exact = created(dashboard, job).get_by_text(re.compile(r"GMT\+9$"))
    expect(exact).to_be_hidden()
    dashboard.link(job["name"]).focus()
    expect(exact).to_be_visible()
    expect(created(dashboard, job).get_by_text(RECENT)).to_be_hidden()
    expect(dashboard.heading("Created")).to_have_text("Created local")
    expect(choice(page, f"Local ({ZONE})")).to_be_checked()


def test_ages_are_updated(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    page.clock.install()
    dashboard.open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)
    dashboard.move_clock(30_000)
    expect(created(dashboard, job)).to_have_text(re.compile(r"^[2-5]\d s ago"))
    dashboard.move_clock(180_000)
    # Ages are updated at full minutes of the clock, so the displayed one may be up to a minute old.
    expect(created(dashboard, job)).to_have_text(re.compile(r"^[234] min ago"))


@pytest.mark.parametrize("slip", [timedelta(hours=-3), timedelta(days=400)])
def test_a_wrong_client_clock_has_no_effect(
    dashboard: Dashboard, page: Page, job: dict[str, Any], slip: timedelta
) -> None:
    page.clock.install(time=datetime.now(ZoneInfo("UTC")) + slip)
    dashboard.open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)


def test_the_zone_can_be_chosen_by_keyboard_and_is_stored(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"])
    same_document = dashboard.never_reloaded()
    choice(page, f"Local ({ZONE})").focus()
    page.keyboard.press("ArrowUp")
    expect(choice(page, "UTC")).to_be_checked()
    expect(created(dashboard, job)).to_contain_text(clock_text(job, "UTC"))
    expect(dashboard.heading("Created")).to_have_text("Created UTC")
    assert same_document()
    page.reload()
    expect(created(dashboard, job)).to_have_text(RECENT)
    expect(created(dashboard, job)).to_contain_text(clock_text(job, "UTC"))
    expect(choice(page, "UTC")).to_be_checked()


def test_swapped_in_times_are_rendered_immediately(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)
    other = api.create(f"Another {job['name']}")
    dashboard.link("Name").click()
    for shown in (job, other):
        expect(created(dashboard, shown)).to_have_text(RECENT)
        expect(created(dashboard, shown)).to_contain_text(clock_text(shown, ZONE))
    expect(dashboard.heading("Created")).to_have_text("Created local")


def test_the_running_duration_is_updated(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique("Running"), "RUNNING")
    page.clock.install()
    dashboard.open_job(job["id"])
    expect(page.get_by_text(re.compile(r"^Running for \d+ s"))).to_be_visible()
    dashboard.move_clock(90_000)
    expect(page.get_by_text(re.compile(r"^Running for [12] min \d+ s"))).to_be_visible()
    newest = page.get_by_role("region", name="Status history").get_by_role("listitem").first
    expect(newest).to_contain_text(re.compile(r"[12] min \d+ s so far"))


@pytest.mark.parametrize("width", WIDTHS)
def test_rendering_times_causes_no_layout_shift(
    dashboard: Dashboard, page: Page, api: Api, job: dict[str, Any], width: int
) -> None:
    api.set_status(job["id"], "FAILED")
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFTS)
    dashboard.open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)
    assert shifts(page) == []
    dashboard.open_job(job["id"])
    expect(page.get_by_role("time").last).to_contain_text(re.compile(r"now|ago"))
    assert shifts(page) == []
    assert overflow(page) == 0


@pytest.mark.failing_requests
def test_times_stay_readable_if_their_script_fails_and_can_be_retried(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    script = "**/assets/start-*.js"
    page.route(script, lambda route: route.abort())
    page.goto(f"/?search={job['name']}")
    expect(dashboard.banner).to_contain_text("failed to load")
    moment = job["created_at"][:19].replace("T", " ")
    expect(created(dashboard, job)).to_have_text(moment)
    expect(dashboard.heading("Created")).to_have_text("Created UTC")
    page.unroute(script)
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(created(dashboard, job)).to_have_text(RECENT)
    dashboard.wait_until_ready()


def test_a_row_counts_its_duration_and_shows_how_long_the_run_took(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(unique("Duration"), "RUNNING")
    page.clock.install()
    dashboard.open(search=job["name"])
    row = dashboard.row(job["name"])
    expect(row).to_contain_text(re.compile(r"running \d+ s"))
    cells = "(cells) => cells.map((cell) => cell.getBoundingClientRect().x)"
    before = row.get_by_role("cell").evaluate_all(cells)
    dashboard.move_clock(130_000)
    expect(row).to_contain_text(re.compile(r"running [23] min"))
    assert row.get_by_role("cell").evaluate_all(cells) == before
    api.set_status(job["id"], "FAILED")
    page.reload()
    expect(row).to_contain_text(re.compile(r"ran (< )?\d+(\.\d)? (s|min)"))
