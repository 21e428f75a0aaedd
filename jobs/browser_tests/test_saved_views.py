"""Saved views: saving, opening and managing them, by keyboard, by pointer and without JavaScript."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from jobs.browser_tests.api import Api
from jobs.browser_tests.dashboard import Dashboard
from jobs.browser_tests.views import Views, expect_current, keys_of, tab


def test_a_day_with_views_by_keyboard_alone(
    dashboard: Dashboard, page: Page, api: Api, views: Views, name: str, batch: str
) -> None:
    api.set_status(api.named(f"Two {batch}")[0]["id"], "FAILED")
    dashboard.open(q=batch)
    dashboard.press("g", "f")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    # What is typed right after v is the name.
    page.keyboard.press("v")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect_current(page, name)
    expect(dashboard.toast).to_contain_text(f"Saved view “{name}”.")
    view = views.named(name)
    assert (view["status"], view["q"]) == (["FAILED"], batch)
    expect(page).to_have_url(re.compile(rf"/\?view={view['id']}&status=FAILED&q=[^&]*$"))
    dashboard.press("s", "n")
    expect(tab(page, name)).to_contain_text("modified")
    expect(tab(page, name)).not_to_have_attribute("aria-current", "true")
    page.keyboard.press("Shift+V")
    expect_current(page, name)
    assert views.named(name)["ordering"] == "name"
    dashboard.press("g", "a")
    expect(tab(page, "All jobs")).to_have_attribute("aria-current", "true")
    dashboard.press(*keys_of(views, name))
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    expect_current(page, name)
    # Rename and delete, from the palette
    page.keyboard.press("Control+k")
    page.keyboard.type("rename view")
    page.keyboard.press("Enter")
    renamed = f"{name[:40]} 2"
    page.keyboard.type(renamed)
    page.keyboard.press("Enter")
    expect_current(page, renamed)
    page.keyboard.press("Control+k")
    page.keyboard.type("delete view")
    page.keyboard.press("Enter")
    expect(dashboard.dialog).to_contain_text(renamed)
    dashboard.press("Shift+Tab", "Tab", "Tab", "Enter")
    expect(dashboard.dialog).to_be_hidden()
    expect(tab(page, renamed)).to_have_count(0)
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    assert [view for view in views.all() if view["name"] == renamed] == []


def test_the_hint_after_g_lists_the_views_by_name(
    dashboard: Dashboard, page: Page, views: Views, name: str
) -> None:
    position = views.save(name)["position"]
    dashboard.open()
    page.keyboard.press("g")
    hint = page.locator(".key-hint")
    expect(hint.get_by_text(f"{position} {name}")).to_be_visible()
    expect(hint).not_to_contain_text("Saved view")
    page.keyboard.press("Escape")
    # A page without tabs knows them too.
    page.goto("/activity/")
    dashboard.wait_until_ready()
    page.keyboard.press("g")
    expect(hint.get_by_text(f"{position} {name}")).to_be_visible()
    page.keyboard.press(str(position))
    expect_current(page, name)


def test_back_and_forward_return_to_views(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=f"{batch} one")
    dashboard.open(q=batch)
    tab(page, name).click()
    expect(dashboard.rows()).to_have_text([f"One {batch}"])
    expect(dashboard.search).to_have_value(f"{batch} one")
    dashboard.search.fill(f"{batch} two")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    expect(tab(page, name)).to_contain_text("modified")
    page.go_back()
    expect(dashboard.rows()).to_have_text([f"One {batch}"])
    expect_current(page, name)
    page.go_back()
    expect(dashboard.rows()).to_have_count(5)
    expect(tab(page, name)).not_to_have_attribute("aria-current", "true")
    page.go_forward()
    expect_current(page, name)
    page.reload()
    expect_current(page, name)
    assert f"view={view['id']}&" in page.url


def test_a_link_works_for_others_and_survives_a_new_name(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=f"{batch} one")
    dashboard.open()
    link = tab(page, name).get_attribute("href")
    assert link == f"/?view={view['id']}"
    views.change(view, name=f"{name[:40]} new", q=f"{batch} two")
    page.goto(link)
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    expect_current(page, f"{name[:40]} new")
    views.delete(view)
    page.goto(link)
    expect(page.get_by_role("list", name="Notices")).to_contain_text(
        "The saved view of this link no longer exists."
    )
    expect(page.get_by_role("table")).to_be_visible()


def test_the_default_view_is_shown_first_until_it_is_not(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=f"{batch} one")
    dashboard.open(view=view["id"])
    page.get_by_role("button", name=f"Actions for view {name}").click()
    page.get_by_role("button", name="Make default").click()
    expect(tab(page, name)).to_contain_text("default")
    page.goto("/")
    expect(dashboard.rows()).to_have_text([f"One {batch}"])
    dashboard.wait_until_ready()
    dashboard.press("g", "h")
    expect(page).to_have_url(re.compile(r"/\?view=all$"))
    expect(tab(page, "All jobs")).to_have_attribute("aria-current", "true")
    dashboard.wait_until_ready()
    dashboard.press("/")
    page.keyboard.type(f"{batch} two")
    expect(dashboard.rows()).to_have_text([f"Two {batch}"])
    dashboard.search.fill("")
    expect(page).to_have_url(re.compile(r"/\?view=all$"))
    views.change(view, is_default=False)
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/$"))


def test_columns_belong_to_the_view(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=batch, columns=["name", "current_status", "updated_at"])
    dashboard.open(q=batch)
    expect(dashboard.heading("Created")).to_be_visible()
    tab(page, name).click()
    expect(dashboard.heading("Created")).to_be_hidden()
    page.get_by_role("button", name="View", exact=True).click()
    created = page.get_by_role("checkbox", name="Created")
    expect(created).not_to_be_checked()
    created.check()
    expect(tab(page, name)).to_contain_text("modified")
    expect(dashboard.heading("Created")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save changes").click()
    expect_current(page, name)
    assert "created_at" in views.named(name)["columns"]
    # The viewer's own columns are as before.
    dashboard.open(q=batch)
    expect(dashboard.heading("Created")).to_be_visible()
    assert view["columns"] != views.named(name)["columns"]


def test_columns_chosen_while_the_list_loads_are_kept(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=batch, columns=["name", "current_status"])
    dashboard.open(view=view["id"])
    held: list[Route] = []
    page.route("**/?*columns=*", lambda route: held.append(route))
    page.get_by_role("button", name="View", exact=True).click()
    labels = ("Created", "Updated", "Duration")
    for label in labels:
        page.get_by_role("checkbox", name=label, exact=True).check()
    assert len(held) == len(labels)
    page.unroute("**/?*columns=*")
    for route in held:
        with suppress(Error):  # the page has given up all but the last one
            route.continue_()
    expect(page).to_have_url(re.compile("columns=.*updated_at"))
    expect(page.locator(".htmx-request")).to_have_count(0)
    for label in labels:
        expect(page.get_by_role("checkbox", name=label, exact=True)).to_be_checked()
        expect(dashboard.heading(label)).to_be_visible()
    assert "created_at" in page.url


def test_moves_a_view(dashboard: Dashboard, page: Page, views: Views, name: str) -> None:
    first, second = views.save(f"{name[:40]} A"), views.save(f"{name[:40]} B")
    dashboard.open(view=second["id"])
    page.get_by_role("button", name=f"Actions for view {second['name']}").click()
    page.get_by_role("button", name="Move left").click()
    expect(dashboard.toast).to_contain_text(f"number {first['position']}.")
    tabs = page.get_by_role("navigation", name="Saved views").get_by_role("link")
    expect(tabs.nth(first["position"])).to_contain_text(second["name"])


@pytest.mark.failing_requests
def test_a_name_that_is_taken_is_said_in_the_dialog(
    dashboard: Dashboard, page: Page, views: Views, name: str
) -> None:
    views.save(name)
    dashboard.open()
    page.keyboard.press("v")
    page.keyboard.type(name.upper())
    page.keyboard.press("Enter")
    expect(dashboard.dialog.get_by_role("alert")).to_contain_text("Another view has this name.")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(name.upper())
    page.keyboard.press("Escape")
    expect(dashboard.dialog).to_be_hidden()


@pytest.mark.failing_requests
def test_a_change_by_somebody_else_is_not_overwritten(
    dashboard: Dashboard, page: Page, views: Views, name: str, batch: str
) -> None:
    view = views.save(name, q=batch)
    dashboard.open(view=view["id"])
    views.change(view, q=f"{batch} one")
    # What is typed now was begun with the view as it was: the refreshed tabs do not change that.
    dashboard.search.fill(f"{batch} two")
    expect(tab(page, name)).to_contain_text("modified")
    page.get_by_role("button", name="Save changes").click()
    expect(dashboard.toast).to_contain_text("Someone else changed it.")
    assert views.named(name)["q"] == f"{batch} one"
    # The tabs are shown as they are now.
    expect(tab(page, name)).to_have_attribute("hx-get", re.compile("one$"))
    expect(dashboard.search).to_have_value(f"{batch} two")
    page.get_by_role("button", name="Save changes").click()
    expect_current(page, name)
    assert views.named(name)["q"] == f"{batch} two"
