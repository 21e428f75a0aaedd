"""Checks a page with axe."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
LOOKS: tuple[Any, ...] = (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390))
# Rules that the color scheme can affect; all others give the same result in both
OF_COLORS = ("color-contrast", "link-in-text-block")
NO_COLORS = {"rules": {rule: {"enabled": False} for rule in OF_COLORS}}
COLORS = {"runOnly": {"type": "rule", "values": OF_COLORS}}
# Each text takes time, on a page of fifty rows most of it: the later rows look like the first ones.
MORE_ROWS = ["tbody tr:nth-child(n+9)"]


def expect_accessible(page: Page, colors_in: Sequence[str] = ("body",)) -> None:
    """No rule is violated in any look. Colors are checked in the elements that the selectors find."""
    colored = {"include": [[selector] for selector in colors_in], "exclude": [MORE_ROWS]}
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        if scheme == "light":
            _expect_none(page, f"{scheme}, {width}", None, NO_COLORS)
        _expect_none(page, f"{scheme}, {width}", colored, COLORS)


def _expect_none(page: Page, look: str, context: Any, options: dict[str, Any]) -> None:
    found = AXE.run(page, context=context, options={"resultTypes": ["violations"], **options})
    assert found.violations_count == 0, f"{look}:\n{found.generate_report()}"
