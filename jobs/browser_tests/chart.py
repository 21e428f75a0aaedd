"""Parts of the chart of status changes, and the words of its line."""

import re

from playwright.sync_api import Locator, expect

COUNTED = re.compile(r"^[1-9][\d,]* changes? in the last hour")


def summary(chart: Locator) -> Locator:
    return chart.locator(".summary")


def readout(chart: Locator) -> Locator:
    return chart.locator(".readout")


def open_chart(chart: Locator) -> None:
    chart.get_by_role("link", name="Show chart").click()
    expect(chart.get_by_role("slider")).to_be_visible()


def height(of: Locator) -> float:
    box = of.bounding_box()
    assert box is not None
    return box["height"]
