"""Names are displayed exactly as typed, and always as plain text."""

import pytest
from playwright.sync_api import Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import Dashboard
from jobs.names import isolated

NAMES = {
    "markup": "<b>bold</b><script>document.title = 'taken'</script>&amp; \"quoted\" 'too'",
    "attribute": "\" autofocus onfocus=\"document.title = 'taken'\" x='",
    "emoji": "🚀 Ärger 👩‍🔬 𝒥ob",
    "right-to-left": "محاكاة ‏הדמיה‏ 42",
}


@pytest.mark.parametrize("kind", NAMES)
def test_name_is_shown_verbatim(dashboard: Dashboard, page: Page, api: Api, kind: str) -> None:
    name = unique(NAMES[kind])
    dashboard.open().submit_name(name)
    expect(dashboard.link(name)).to_have_text(name)
    dashboard.choose_status(name, "Failed")
    expect(dashboard.toast).to_contain_text(NAMES[kind][:15])
    expect(dashboard.toast).to_contain_text("is now Failed.")
    dashboard.ask_to_delete(name)
    expect(dashboard.dialog.get_by_text(name, exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    dashboard.link(name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    [job] = api.named(name)
    expect(page).to_have_title(f"Failed · {isolated(name)} #{job['id']} · Job dashboard")


def test_name_is_trimmed(dashboard: Dashboard, api: Api) -> None:
    name = unique("Trimmed")
    dashboard.open().submit_name(f"  {name} ")
    expect(dashboard.link(name)).to_be_visible()
    assert [job["name"] for job in api.named(name)] == [name]


def test_longest_name_counts_characters_as_the_server_does(dashboard: Dashboard, api: Api) -> None:
    name = unique("🚀" * 222)
    assert len(name) == 255
    dashboard.open().submit_name(name)
    expect(dashboard.link(name)).to_be_visible()
