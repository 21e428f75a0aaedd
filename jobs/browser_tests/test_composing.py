"""While an input method composes a text, no key is a command, and nothing half-written is asked for."""

from playwright.sync_api import CDPSession, Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

# The key that an input method takes for itself, as browsers report it
TAKEN = "(element, key) => element.dispatchEvent(new KeyboardEvent('keydown', {key, keyCode: 229, bubbles: true, cancelable: true}))"


def take(control: Locator, key: str) -> bool:
    """Answers false where the page has made something of it."""
    return bool(control.evaluate(TAKEN, key))


def compose(session: CDPSession, text: str) -> None:
    session.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )


def test_what_is_composed_is_searched_for_when_it_is_done(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    name = unique("翼型")
    api.create(name)
    dashboard.open()
    asked = dashboard.requests(lambda request: "hx-request" in request.headers)
    before = len(asked)
    dashboard.search.focus()
    session = page.context.new_cdp_session(page)
    for text in ("y", "よ", "よく", "翼"):
        compose(session, text)
        page.wait_for_function("new Promise((done) => setTimeout(() => done(true), 300))")
    assert [url for url in asked[before:] if "q=" in url] == []
    session.send("Input.insertText", {"text": "翼型"})
    expect(dashboard.link(name)).to_be_visible()
    expect(dashboard.search).to_have_value("翼型")
    assert all("y" not in url.partition("q=")[2] for url in asked[before:])


def test_keys_of_an_input_method_are_no_commands(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch).press("j")
    before = page.url
    changes = dashboard.requests(lambda request: request.method != "GET")
    focused = dashboard.link(f"Five {batch}")
    expect(focused).to_be_focused()
    for key in ("f", "x", "j", "Enter", "Escape", "/", "?"):
        assert take(focused, key)
    expect(focused).to_be_focused()
    expect(dashboard.bar).to_be_hidden()
    expect(dashboard.dialog).to_have_count(0)
    assert take(dashboard.search, "Escape")
    assert changes == []
    assert page.url == before


def test_the_palette_waits_for_what_is_composed(dashboard: Dashboard, page: Page) -> None:
    dashboard.open().press("Control+k")
    field = page.get_by_role("combobox", name="Find a job, or act")
    expect(field).to_be_focused()
    active = field.get_attribute("aria-activedescendant")
    for key in ("ArrowDown", "ArrowUp", "Enter", "k"):
        assert take(field, key)
    expect(dashboard.dialog).to_be_visible()
    assert field.get_attribute("aria-activedescendant") == active


def test_a_key_is_not_rebound_by_an_input_method(dashboard: Dashboard, page: Page) -> None:
    dashboard.open().press("?")
    change = page.get_by_role("button", name="Next job: j. Change")
    change.click()
    assert take(change, "Process")
    assert take(change, "k")
    expect(change).to_have_attribute("aria-pressed", "true")


def test_a_name_is_not_sent_half_composed(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    sent = dashboard.requests(lambda request: request.method == "POST")
    dashboard.name.fill("翼")
    assert not take(dashboard.name, "Enter")
    expect(dashboard.name).to_have_value("翼")
    assert sent == []
