"""Accounts, and logging in by keyboard alone."""

from playwright.sync_api import Locator, Page

Accounts = dict[str, dict[str, str]]


def tab_to(field: Locator) -> None:
    for _ in range(20):
        if field.evaluate("(element) => element === document.activeElement"):
            return
        field.page.keyboard.press("Tab")
    raise AssertionError(f"{field} is not reached")


def submit(page: Page, account: dict[str, str]) -> None:
    """Logs in by keyboard alone."""
    tab_to(page.get_by_label("Username"))
    page.keyboard.type(account["name"])
    tab_to(page.get_by_label("Password"))
    page.keyboard.type(account["password"])
    page.keyboard.press("Enter")
