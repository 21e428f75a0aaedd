"""The create form: new jobs appear immediately, and errors are shown next to the field."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, UNKNOWN_OUTCOME, Dashboard, problem


def test_new_job_appears_pending_without_a_reload(dashboard: Dashboard, api: Api) -> None:
    dashboard.open()
    same_document = dashboard.never_reloaded()
    name = unique("Fluid dynamics")
    dashboard.submit_name(name)
    expect(dashboard.status(name)).to_have_text("Pending")
    expect(dashboard.rows().first).to_have_text(name)
    assert same_document()
    assert [job["current_status"] for job in api.named(name)] == ["PENDING"]


def test_letters_typed_while_a_job_is_created_are_the_next_name(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    dashboard.open()
    first, second = unique("First"), unique("Second")
    held: list[Route] = []
    page.route(API, lambda route: held.append(route), times=1)
    dashboard.name.fill(first)
    with page.expect_request(API):
        page.keyboard.press("Enter")
    page.keyboard.type(second)
    page.keyboard.press("Enter")
    expect(dashboard.name).to_have_value(second)
    held.pop().continue_()
    expect(dashboard.rows().first).to_have_text(second)
    expect(dashboard.rows().nth(1)).to_have_text(first)
    expect(dashboard.name).to_have_value("")
    assert len(api.named(first)) == len(api.named(second)) == 1


def test_field_is_ready_for_the_next_job(dashboard: Dashboard, page: Page, api: Api) -> None:
    dashboard.open()
    first, second = unique("First"), unique("Second")
    dashboard.submit_name(first)
    expect(dashboard.status(first)).to_be_visible()
    expect(dashboard.name).to_have_value("")
    expect(dashboard.name).to_be_focused()
    page.keyboard.type(second)
    page.keyboard.press("Enter")
    expect(dashboard.status(second)).to_have_text("Pending")


def test_message_links_to_the_new_job(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    name = unique("Linked")
    dashboard.submit_name(name)
    message = page.get_by_role("status").filter(has_text="Created")
    message.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Enter a name."),
        ("  \t ", "Enter a name."),
        ("x" * 256, "Use 255 characters or fewer (currently 256)."),
    ],
    ids=["empty", "blank", "over-long"],
)
def test_invalid_name_is_rejected_before_anything_is_sent(
    dashboard: Dashboard, page: Page, typed: str, reason: str
) -> None:
    dashboard.open()
    sent = dashboard.requests(lambda request: request.method != "GET")
    dashboard.submit_name(typed)
    expect(page.get_by_role("alert")).to_have_text(reason)
    expect(dashboard.name).to_have_accessible_description(reason)
    expect(dashboard.name).to_have_attribute("aria-invalid", "true")
    expect(dashboard.name).to_have_value(typed)
    expect(dashboard.name).to_be_focused()
    dashboard.name.press_sequentially("y")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert sent == []


@pytest.mark.failing_requests
@pytest.mark.parametrize(
    ("fail", "reason"),
    [
        (problem(400, "This name is not wanted.", "name"), "This name is not wanted."),
        (problem(503, "The database cannot be reached."), "The database cannot be reached."),
        (
            lambda route: route.fulfill(status=502, body="<h1>Bad"),
            f"The server failed (502). {UNKNOWN_OUTCOME}",
        ),
        (lambda route: route.abort(), f"The server did not respond. {UNKNOWN_OUTCOME}"),
    ],
    ids=["400", "503", "502", "no-response"],
)
def test_failure_is_shown_next_to_the_field_and_the_text_stays(
    dashboard: Dashboard, page: Page, api: Api, fail: Callable[[Route], None], reason: str
) -> None:
    dashboard.open()
    name = unique("Kept")
    page.route(API, fail)
    dashboard.submit_name(name)
    expect(page.get_by_role("alert")).to_have_text(reason)
    expect(dashboard.name).to_have_accessible_description(reason)
    expect(dashboard.name).to_have_value(name)
    assert api.named(name) == []
    page.unroute(API)
    dashboard.name.press("Enter")
    expect(dashboard.status(name)).to_have_text("Pending")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_repeated_clicks_create_one_job(dashboard: Dashboard, page: Page, api: Api) -> None:
    dashboard.open()
    name = unique("Once")
    dashboard.name.fill(name)

    def click_again(route: Route) -> None:
        dashboard.create_button.click(force=True)  # aria-disabled
        dashboard.name.press("Enter")
        route.continue_()

    page.route(API, click_again)
    dashboard.create_button.click()
    expect(dashboard.link(name)).to_be_visible()
    assert len(api.named(name)) == 1


def test_message_says_if_the_list_does_not_show_the_job_and_goes_away(
    dashboard: Dashboard, page: Page
) -> None:
    page.clock.install()
    dashboard.open(status="FAILED", search=unique("nothing"))
    name = unique("Elsewhere")
    dashboard.submit_name(name)
    message = page.get_by_role("status").filter(has_text="Created")
    expect(message).to_have_text(f"Created {name}. It isn’t on this page of the list.")
    page.mouse.move(0, 0)
    page.clock.run_for(11_000)
    expect(message).to_have_count(0)
