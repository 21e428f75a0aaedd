"""Pages under continuous browser translation, which wraps each text in two elements."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jobs.browser_tests.api import Api, unique
from jobs.browser_tests.dashboard import API, UNKNOWN_OUTCOME, Dashboard, problem

# Works like Google Translate: replaces all texts, including those added later.
TRANSLATOR = """(keep) => {
  const LEFT = "script, style, noscript, textarea, [translate=no], svg";
  window.translated = 0;
  const one = (text) => {
    if (!text.data.trim() || !text.parentElement || text.parentElement.closest(LEFT + ", font")) return;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    outer.append(inner);
    text.replaceWith(outer);
    inner.append(keep ? text : document.createTextNode(`${text.data}\u200a`));
    window.translated += 1;
  };
  const all = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    texts.forEach(one);
  };
  all(document.body);
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target.nodeType === 3) one(target);
      for (const node of addedNodes) if (node.isConnected) node.nodeType === 3 ? one(node) : all(node);
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture(params=[True, False], ids=["wrapped", "replaced"])
def translated(dashboard: Dashboard, batch: str, request: pytest.FixtureRequest) -> Dashboard:
    dashboard.open(search=batch)
    dashboard.page.evaluate(TRANSLATOR, request.param)
    assert dashboard.page.evaluate("window.translated") > 50
    return dashboard


def expect_settled(page: Page) -> None:
    """Page and translator do not trigger each other endlessly: eventually, only clocks change within a second."""
    page.wait_for_function(
        """async () => {
          const before = window.translated;
          await new Promise((done) => setTimeout(done, 1000));
          return window.translated - before < 200;
        }""",
        timeout=30_000,
    )


def test_jobs_can_be_created_one_after_the_other(translated: Dashboard, page: Page) -> None:
    for word in ("First", "Second", "Third"):
        name = unique(word)
        translated.submit_name("")
        expect(page.get_by_role("alert").filter(has_text="Enter a name.")).to_be_visible()
        translated.submit_name(name)
        expect(page.get_by_role("status").get_by_role("link", name=name)).to_be_visible()
        expect(translated.name).to_have_value("")
    expect_settled(page)


@pytest.mark.failing_requests
def test_failures_are_reported_and_retried(translated: Dashboard, page: Page, batch: str) -> None:
    page.route(API, problem(503, "The database is away."))
    translated.submit_name("Wing")
    expect(page.get_by_role("alert").filter(has_text="The database is away.")).to_be_visible()
    translated.choose_status(f"Three {batch}", "Failed")
    row = translated.row(f"Three {batch}")
    expect(row.get_by_role("alert")).to_contain_text("The database is away.")
    page.unroute(API)
    row.get_by_role("button", name="Retry").click()
    expect(translated.status(f"Three {batch}")).to_have_text("Failed")
    expect(row.get_by_role("alert")).to_have_count(0)
    expect(translated.status(f"Three {batch}")).to_have_attribute("aria-busy", "false")
    page.route(API, lambda route: route.abort())
    translated.submit_name("Wing")
    expect(page.get_by_role("alert").filter(has_text=UNKNOWN_OUTCOME)).to_be_visible()
    expect_settled(page)


def test_keys_dialogs_toasts_and_palette_work(
    translated: Dashboard, page: Page, api: Api, batch: str
) -> None:
    translated.press("j", "x", "j", "x", "f")
    expect(translated.toast).to_contain_text("2 jobs are now Failed.")
    expect(translated.bar).to_contain_text("2 selected")
    translated.press("z")
    expect(translated.toast).to_contain_text("Restored 2 jobs.")
    translated.press("Escape", "Home", "r")
    expect(translated.toast).to_contain_text(f"Five {batch}"[:20])
    translated.press("?")
    expect(translated.dialog).to_be_visible()
    translated.press("Escape", "Control+k")
    page.keyboard.type("failed")
    expect(translated.dialog.get_by_role("option").first).to_be_visible()
    translated.press("Escape")
    expect(translated.dialog).to_have_count(0)
    translated.ask_to_delete(f"Two {batch}")
    expect(translated.dialog).to_contain_text(f"Two {batch}")
    translated.dialog.get_by_role("button", name="Delete job").click()
    expect(translated.rows()).to_have_count(4)
    assert [job["current_status"] for job in api.named(f"Five {batch}")] == ["RUNNING"]
    expect_settled(page)


@pytest.mark.failing_requests
@pytest.mark.browser_context_args(timezone_id="Asia/Tokyo")
def test_swaps_live_updates_times_and_offline_work(
    translated: Dashboard, page: Page, api: Api, context: BrowserContext, batch: str
) -> None:
    three = api.named(f"Three {batch}")[0]["id"]
    api.set_status(three, "RUNNING")
    expect(translated.status(f"Three {batch}")).to_have_text("Running")
    translated.tab("Pending").click()
    expect(translated.rows()).to_have_count(4)
    translated.tab("All").click()
    expect(translated.rows()).to_have_count(5)
    translated.heading("Name").get_by_role("link").click()
    expect(translated.rows().first).to_have_text(f"Five {batch}")
    page.get_by_role("radio", name="UTC", exact=True).check()
    expect(page.locator("th [data-zone]").first).to_contain_text("UTC")
    page.get_by_role("radio", name="Local").check()
    context.set_offline(True)
    expect(translated.banner).to_contain_text("offline")
    context.set_offline(False)
    expect(translated.banner).to_be_hidden()
    expect_settled(page)


def test_a_job_page_works(dashboard: Dashboard, page: Page, api: Api) -> None:
    job = api.create(unique("Wing"))
    dashboard.open_job(job["id"])
    page.evaluate(TRANSLATOR, False)
    dashboard.press("r")
    expect(page.get_by_role("list").filter(has_text="Running")).to_be_visible()
    api.set_status(job["id"], "FAILED")
    expect(page.get_by_role("combobox")).to_have_text("Failed")
    expect(page.get_by_role("heading", level=1)).to_have_text(job["name"])
    copy = page.get_by_role("button", name="Copy ID")
    copy.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(copy).to_be_visible()
    expect_settled(page)
