"""Times: how long ago and when, in the viewer's zone or in UTC, going on by themselves."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.test_layout import WATCH_SHIFTS, WIDTHS, overflow, shifts

ZONE = "Asia/Tokyo"
pytestmark = pytest.mark.browser_context_args(timezone_id=ZONE)
RECENT = re.compile(r"^(now|\d+ s ago)")


@pytest.fixture
def job(api: Api) -> dict[str, Any]:
    return api.create(unique("Timed"))


def clock_text(job: dict[str, Any], zone: str) -> str:
    """`19:25:58`: when the job was created, in the zone."""
    return f"{datetime.fromisoformat(job['created_at']).astimezone(ZoneInfo(zone)):%H:%M:%S}"


def created(dashboard: Dashboard, job: dict[str, Any]) -> Locator:
    return dashboard.row(job["name"]).get_by_role("time").first


def choice(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name="Times in").get_by_role("radio", name=label)


def test_a_time_says_how_long_ago_and_when(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)
    expect(created(dashboard, job)).to_contain_text(clock_text(job, ZONE))
    expect(dashboard.heading("Created")).to_have_text("Created local")
    expect(choice(page, f"local time, {ZONE}")).to_be_checked()


def test_times_go_on_by_themselves(dashboard: Dashboard, page: Page, job: dict[str, Any]) -> None:
    page.clock.install()
    dashboard.without_picture().open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)
    page.clock.run_for(30_000)
    expect(created(dashboard, job)).to_have_text(re.compile(r"^[2-5]\d s ago"))
    page.clock.run_for(180_000)
    # Minutes turn with the clock's, not with the job's: what is shown may be of a minute ago.
    expect(created(dashboard, job)).to_have_text(re.compile(r"^[234] min ago"))


@pytest.mark.parametrize("slip", [timedelta(hours=-3), timedelta(days=400)])
def test_a_wrong_clock_of_the_viewer_changes_nothing(
    dashboard: Dashboard, page: Page, job: dict[str, Any], slip: timedelta
) -> None:
    page.clock.install(time=datetime.now(ZoneInfo("UTC")) + slip)
    dashboard.open(search=job["name"])
    expect(created(dashboard, job)).to_have_text(RECENT)


def test_the_zone_is_chosen_by_keyboard_and_kept(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    dashboard.open(search=job["name"])
    same_document = dashboard.never_reloaded()
    choice(page, f"local time, {ZONE}").focus()
    page.keyboard.press("ArrowUp")
    expect(choice(page, "UTC")).to_be_checked()
    expect(created(dashboard, job)).to_contain_text(clock_text(job, "UTC"))
    expect(dashboard.heading("Created")).to_have_text("Created UTC")
    assert same_document()
    page.reload()
    expect(created(dashboard, job)).to_have_text(RECENT)
    expect(created(dashboard, job)).to_contain_text(clock_text(job, "UTC"))
    expect(choice(page, "UTC")).to_be_checked()


def test_a_swap_brings_times_that_are_right_at_once(
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


def test_how_long_a_job_has_been_running_goes_on(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    job = api.create(unique("Running"), "RUNNING")
    page.clock.install()
    dashboard.open_job(job["id"])
    expect(page.get_by_text(re.compile(r"^Ran \d+ s so far"))).to_be_visible()
    page.clock.run_for(90_000)
    expect(page.get_by_text(re.compile(r"^Ran [12] min \d+ s so far"))).to_be_visible()
    newest = page.get_by_role("region", name="Status history").get_by_role("listitem").first
    expect(newest).to_contain_text(re.compile(r"[12] min \d+ s so far"))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_when_times_come_alive(
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
def test_times_that_cannot_come_alive_read_right_and_are_tried_again(
    dashboard: Dashboard, page: Page, job: dict[str, Any]
) -> None:
    script = "**/assets/start-*.js"
    page.route(script, lambda route: route.abort())
    page.goto(f"/?search={job['name']}")
    expect(dashboard.banner).to_contain_text("could not be loaded")
    moment = job["created_at"][:19].replace("T", " ")
    expect(created(dashboard, job)).to_have_text(moment)
    expect(dashboard.heading("Created")).to_have_text("Created UTC")
    page.unroute(script)
    dashboard.banner.get_by_role("button", name="Retry").click()
    expect(created(dashboard, job)).to_have_text(RECENT)
    dashboard.hears_keys()
