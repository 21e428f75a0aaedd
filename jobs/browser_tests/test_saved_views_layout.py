"""The tabs of saved views, as they are seen: hostile and many names, narrow windows, without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.accessibility import expect_accessible
from jobs.browser_tests.api import unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.layout import overflow
from jobs.browser_tests.views import Views, expect_current, tab


def test_a_hostile_name_is_only_text(dashboard: Dashboard, page: Page, views: Views) -> None:
    name = f'<img src=x onerror=alert(1)>"{{{{ \u202e {unique("")[:8]}'
    view = views.save(name)
    dashboard.open(view=view["id"])
    expect(tab(page, "<img src=x")).to_have_count(1)
    page.keyboard.press("Control+k")
    page.keyboard.type("rename view")
    expect(page.get_by_role("option").first).to_contain_text("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(name)


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_many_views_fit(dashboard: Dashboard, page: Page, views: Views, width: int) -> None:
    for number in range(12):
        view = views.save(f"{number} {unique('A long name of a view')}"[:60])
    page.set_viewport_size({"width": width, "height": 900})
    dashboard.open(view=view["id"], ordering="name")
    assert overflow(page) == 0
    expect(tab(page, view["name"])).to_be_in_viewport()
    expect(page.get_by_role("button", name="Save changes")).to_be_in_viewport()
    if width == 1440:
        row = page.get_by_role("row").nth(1).bounding_box()
        assert row is not None
        assert row["y"] <= 200


def test_views_are_accessible(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=batch)
    dashboard.open(view=view["id"], q=batch, ordering="name")
    expect_accessible(page)
    page.get_by_role("button", name=f"Actions for view {name}").click()
    expect_accessible(page)
    page.keyboard.press("Escape")
    page.locator("body").press("v")
    expect(dashboard.dialog).to_be_visible()
    expect_accessible(page, colors_in=["dialog[open]"])


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_tabs_are_links(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=f"{batch} one", ordering="name")
    page.goto(f"/?q={batch}")
    tab(page, name).click()
    expect(dashboard.rows()).to_have_text([f"One {batch}"])
    expect_current(page, name)
    dashboard.link("Name").click()
    expect(tab(page, name)).to_contain_text("modified")
    expect(page.get_by_role("button", name="Save changes")).to_be_hidden()
    assert f"view={view['id']}" in page.url
    tab(page, "All jobs").click()
    expect(tab(page, name)).not_to_contain_text("modified")
