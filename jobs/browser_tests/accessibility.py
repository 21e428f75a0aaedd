"""Checks a page with axe."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
LOOKS: tuple[Any, ...] = (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390))
# Rules that the color scheme can affect; all others give the same result in both
OF_COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def expect_accessible(page: Page) -> None:
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        rules = {"runOnly": OF_COLORS} if scheme == "dark" else {}
        found = AXE.run(page, options={"resultTypes": ["violations"], **rules})
        assert found.violations_count == 0, f"{scheme}, {width}:\n{found.generate_report()}"
