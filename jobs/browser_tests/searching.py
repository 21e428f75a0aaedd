"""Searches of the list under test."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from jobs.browser_tests.dashboard import Dashboard


def expect_rows(dashboard: Dashboard, word: str, *names: str) -> None:
    expect(dashboard.rows()).to_have_text([f"{name} {word}" for name in names])


def query(page: Page) -> list[str] | None:
    return parse_qs(urlsplit(page.url).query).get("q")
