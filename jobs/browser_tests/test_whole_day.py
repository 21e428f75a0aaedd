"""An operator's whole day by keyboard alone: the tasks of docs/keystrokes.md, with exactly the keys in that page."""

import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.keystrokes import Task, counted, tasks

JOBS = 14
PAGE_SIZE = 6
CLIPBOARD = ("clipboard-read", "clipboard-write")


class Day:
    """Does the tasks of the page, each with its keys, and knows which ones are left."""

    def __init__(self, dashboard: Dashboard, word: str) -> None:
        self.dashboard = dashboard
        self.page = dashboard.page
        self.word = word
        self.left: dict[str, Task] = tasks()

    def does(self, name: str, *after: Callable[[], None]) -> None:
        """Presses the keys of the task at once, or one by one with what is seen after each."""
        strokes = list(self.left.pop(name).strokes())
        for stroke, seen in zip_longest(strokes, after):
            stroke(self.page, {"turbine": self.word, "Blade": f"Blade {self.word}"})
            if seen:
                seen()

    def name(self, number: int) -> str:
        return f"N{number:02} {self.word}"

    def is_at(self, number: int) -> None:
        """The cursor is on this job of the list."""
        expect(self.dashboard.link(self.name(number))).to_be_focused()

    def is_open(self, number: int) -> None:
        """The page of this job is open, and its keys work."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.name(number))
        self.dashboard.wait_until_ready()

    def says(self, text: str) -> None:
        expect(self.dashboard.toast).to_contain_text(text)

    @contextmanager
    def in_palette(self, name: str) -> Iterator[None]:
        """Does the task; returns when the palette is closed."""
        self.does(name)
        yield
        expect(self.dashboard.dialog).to_have_count(0)


@pytest.fixture
def day(dashboard: Dashboard, api: Api) -> Day:
    """The failed jobs N13 to N00, newest first, of a word that no other job has."""
    word = "".join(secrets.choice(string.ascii_lowercase) for _ in "turbine")
    for number in range(JOBS):
        api.create(f"N{number:02} {word}", "FAILED")
    return Day(dashboard, word)


def test_no_task_takes_more_keys_than_elsewhere() -> None:
    for task in tasks().values():
        assert (task.name, task.count) == (task.name, counted(task.keys))
        assert (task.name, task.most) == (task.name, counted(task.elsewhere))
        assert task.count <= task.most, task.name


@pytest.mark.browser_context_args(timezone_id="Asia/Kolkata", permissions=CLIPBOARD)
def test_the_whole_day_by_keyboard(dashboard: Dashboard, page: Page, api: Api, day: Day) -> None:
    dashboard.open(page_size=PAGE_SIZE)
    find(day)
    change(day, api)
    read(day)
    clean_up(day, api)
    look_around(day)
    create_and_find(day, api)
    assert day.left == {}


def find(day: Day) -> None:
    day.does("Find the failed turbine jobs of the last day")
    day.is_at(13)
    expect(day.dashboard.tab("Failed")).to_have_attribute("aria-current", "true")
    expect(day.dashboard.rows()).to_have_count(PAGE_SIZE)
    day.dashboard.press("/")
    day.does("Leave the search field")
    day.is_at(13)
    expect(day.dashboard.search).to_have_value(f"{day.word} updated:<1d")


def change(day: Day, api: Api) -> None:
    day.does("Set the status of a job")
    day.says(f"{day.name(13)} is now Completed.")
    day.does("Select seven jobs on two pages")
    expect(day.dashboard.bar).to_contain_text("7 selected · 3 on other pages")
    day.does("Set them to Running, with those out of sight")
    day.says("7 jobs are now Running.")
    day.does("Undo")
    day.says("Restored 7 jobs.")
    day.does("Undo the change before")
    day.says(f"{day.name(13)} restored to Failed.")
    day.does("Redo")
    day.says(f"{day.name(13)} is Completed again.")
    statuses = {job["name"]: job["current_status"] for job in api.named(day.word)}
    assert statuses.pop(day.name(13)) == "COMPLETED"
    assert set(statuses.values()) == {"FAILED"}
    day.does("Clear the selection")
    expect(day.dashboard.bar).to_be_hidden()


def read(day: Day) -> None:
    day.does("Previous page")
    day.is_at(12)
    day.does("Open a job")
    day.is_open(12)
    day.does("Next job")
    day.is_open(11)
    day.does("Previous job")
    day.is_open(12)
    day.does("Back to the list")
    day.is_at(12)
    day.does(
        "Open a failed job, set it to Running, go on with the next",
        lambda: day.is_open(12),
        lambda: day.says(f"{day.name(12)} is now Running."),
        lambda: day.is_at(11),
    )


def clean_up(day: Day, api: Api) -> None:
    day.does("Delete three jobs")
    day.says("Deleted 3 jobs.")
    assert len(api.named(day.word)) == JOBS - 3
    day.is_at(8)
    day.does("Rename a job")
    day.says(f"Renamed {day.name(8)} to Blade {day.word}.")


def look_around(day: Day) -> None:
    day.does("Sort by name")
    expect(day.dashboard.heading("Name")).to_have_attribute("aria-sort", "ascending")
    day.does("Last page")
    expect(day.dashboard.rows().last).to_have_text(day.name(7))
    expect(day.dashboard.rows().first).to_be_focused()
    day.does("First page")
    expect(day.dashboard.link(f"Blade {day.word}")).to_be_focused()
    day.does("Copy the id of a job")
    expect(day.page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    with day.page.expect_download() as download, day.in_palette("Export the list"):
        pass
    assert day.word in download.value.path().read_text()
    with day.in_palette("Switch to the dark theme"):
        expect(day.page.locator("html")).to_have_attribute("data-theme", "dark")
    with day.in_palette("Show times in UTC"):
        expect(day.page.get_by_role("radio", name="UTC", exact=True)).to_be_checked()


def create_and_find(day: Day, api: Api) -> None:
    day.does("Create a job")
    expect(day.page.get_by_role("status").get_by_role("link")).to_be_visible()
    assert len(api.named(f"Blade {day.word}")) == 2
    day.dashboard.press("Escape")
    day.does("Go to a job by its name")
    expect(day.page.get_by_role("heading", level=1)).to_have_text(f"Blade {day.word}")
