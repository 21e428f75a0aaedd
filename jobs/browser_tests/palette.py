"""The command palette of a page under test."""

from playwright.sync_api import Locator, Page, expect

from jobs.browser_tests.dashboard import Dashboard


def open_palette(dashboard: Dashboard) -> Locator:
    """Opens the palette; returns its field."""
    dashboard.press("Control+k")
    field = dashboard.dialog.get_by_role("combobox", name="Search jobs or run a command")
    expect(field).to_be_focused()
    return field


def option(dashboard: Dashboard, name: str) -> Locator:
    return dashboard.dialog.get_by_role("option", name=name)


def run(dashboard: Dashboard, text: str, name: str) -> None:
    """Types the text and presses Enter at once, which runs the command of this name."""
    open_palette(dashboard)
    dashboard.page.keyboard.type(text)
    expect(dashboard.dialog.get_by_role("option", selected=True)).to_contain_text(name)
    dashboard.press("Enter")
    expect(dashboard.dialog).to_have_count(0)


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
