"""While an input method composes text, keys run no commands and no unfinished text is searched for or submitted."""

from playwright.sync_api import CDPSession, Locator, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard

# A key that the input method consumes, as browsers report it
CONSUMED = "(element, key) => element.dispatchEvent(new KeyboardEvent('keydown', {key, keyCode: 229, bubbles: true, cancelable: true}))"


def press_consumed(control: Locator, key: str) -> bool:
    """Presses a key that the input method consumes. Returns false if the page handled it."""
    return bool(control.evaluate(CONSUMED, key))


def compose(session: CDPSession, text: str) -> None:
    session.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )


def test_search_waits_for_the_end_of_a_composition(
    dashboard: Dashboard, page: Page, api: Api
) -> None:
    name = unique("翼型")
    api.create(name)
    dashboard.open()
    requests = dashboard.requests(lambda request: "hx-request" in request.headers)
    before = len(requests)
    dashboard.search.focus()
    session = page.context.new_cdp_session(page)
    for text in ("y", "よ", "よく", "翼"):
        compose(session, text)
        page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 300))")
    assert [url for url in requests[before:] if "q=" in url] == []
    session.send("Input.insertText", {"text": "翼型"})
    expect(dashboard.link(name)).to_be_visible()
    expect(dashboard.search).to_have_value("翼型")
    assert all("y" not in url.partition("q=")[2] for url in requests[before:])


def test_keys_of_an_input_method_run_no_commands(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    dashboard.open(search=batch).press("j")
    before = page.url
    changes = dashboard.requests(lambda request: request.method != "GET")
    focused = dashboard.link(f"Five {batch}")
    expect(focused).to_be_focused()
    for key in ("f", "x", "j", "Enter", "Escape", "/", "?"):
        assert press_consumed(focused, key)
    expect(focused).to_be_focused()
    expect(dashboard.bar).to_be_hidden()
    expect(dashboard.dialog).to_have_count(0)
    assert press_consumed(dashboard.search, "Escape")
    assert changes == []
    assert page.url == before


def test_keys_of_other_layouts_run_their_commands(
    dashboard: Dashboard, page: Page, batch: str
) -> None:
    """As browsers report the keys of a Russian keyboard: by position, as it has neither Latin letters nor brackets."""
    dashboard.open(search=batch, page_size=2)

    def press(key: str, code: str, shift: bool = False) -> None:
        page.evaluate(
            "([key, code, shiftKey]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
            " {key, code, shiftKey, bubbles: true, cancelable: true}))",
            [key, code, shift],
        )

    press("о", "KeyJ")
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    press("ъ", "BracketRight")
    expect(dashboard.link(f"Three {batch}")).to_be_focused()
    press("Х", "BracketLeft", shift=True)
    expect(dashboard.link(f"Five {batch}")).to_be_focused()
    press(".", "Slash")
    expect(dashboard.search).to_be_focused()
    dashboard.press("Escape")
    press(",", "Slash", shift=True)
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_the_palette_ignores_keys_of_an_input_method(dashboard: Dashboard, page: Page) -> None:
    dashboard.open().press("Control+k")
    field = page.get_by_role("combobox", name="Search jobs or run a command")
    expect(field).to_be_focused()
    active = field.get_attribute("aria-activedescendant")
    for key in ("ArrowDown", "ArrowUp", "Enter", "k"):
        assert press_consumed(field, key)
    expect(dashboard.dialog).to_be_visible()
    assert field.get_attribute("aria-activedescendant") == active


def test_an_input_method_does_not_rebind_a_key(dashboard: Dashboard, page: Page) -> None:
    dashboard.open().press("?")
    change = page.get_by_role("button", name="Next job: j. Change")
    change.click()
    assert press_consumed(change, "Process")
    assert press_consumed(change, "k")
    expect(change).to_have_attribute("aria-pressed", "true")


def test_a_name_is_not_submitted_during_a_composition(dashboard: Dashboard, page: Page) -> None:
    dashboard.open()
    sent = dashboard.requests(lambda request: request.method == "POST")
    dashboard.name.fill("翼")
    assert not press_consumed(dashboard.name, "Enter")
    expect(dashboard.name).to_have_value("翼")
    assert sent == []
