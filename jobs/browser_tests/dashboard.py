"""Page objects that find elements by role and label."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, Request, Route, expect

from jobs.names import isolated
from jobs.statuses import StatusType

LIST = re.compile(r"^https?://[^/]+/(\?.*)?$")
API = re.compile(r"/api/jobs/")
LIVE = re.compile(r"/live/")
# The message for a change with an unknown outcome
UNKNOWN_OUTCOME = "The change may have been made. Retrying is safe: it is never made twice."


class Dashboard:
    """One browser tab on the dashboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.banner = page.get_by_role("alert").filter(
            has=page.get_by_role("button", name="Dismiss")
        )
        self.dialog = page.get_by_role("dialog")
        self.name = page.get_by_role("textbox", name="New job name")
        self.search = page.get_by_label("Search names", exact=True)
        self.table = page.get_by_role("region", name="Job list")

    def open(self, **query: str | int | list[str]) -> "Dashboard":
        """Opens the list; returns when its islands are mounted and its shortcuts work."""
        self.page.goto(f"/?{urlencode(query, doseq=True)}" if query else "/")
        expect(self.create_button).to_be_enabled()
        return self.wait_until_ready()

    def open_job(self, job_id: int) -> "Dashboard":
        """Opens a job's own page; returns when its island is mounted and its shortcuts work."""
        self.page.goto(f"/jobs/{job_id}/")
        expect(self.page.get_by_role("combobox")).to_be_visible()
        return self.wait_until_ready()

    def move_clock(self, milliseconds: int) -> None:
        """Lets the page's clock, which must be installed, run ahead once no request of htmx is open: it would time out."""
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        self.page.clock.run_for(milliseconds)

    def block_live_updates(self) -> None:
        """Aborts all live updates from now on."""
        self.page.route(LIVE, lambda route: route.abort())

    def wait_until_ready(self) -> "Dashboard":
        """Waits until everything that loads after the first paint is loaded."""
        expect(self.page.locator("html[data-complete]")).to_have_count(1)
        expect(
            self.page.get_by_role("button", name="Keyboard shortcuts", exact=True)
        ).to_be_enabled()
        return self

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def checkbox(self, name: str) -> Locator:
        return self.page.get_by_role("checkbox", name=f"Select {isolated(name)}", exact=True)

    @property
    def bar(self) -> Locator:
        return self.page.get_by_role("region", name="Selection")

    @property
    def toast(self) -> Locator:
        return self.page.get_by_role("region", name="Notifications")

    @property
    def create_button(self) -> Locator:
        return self.page.get_by_role("button", name="Create job")

    def link(self, name: str) -> Locator:
        return self.table.get_by_role("link", name=name, exact=True)

    def row(self, name: str) -> Locator:
        return self.page.get_by_role("row").filter(
            has=self.page.get_by_role("link", name=name, exact=True)
        )

    def rows(self) -> Locator:
        """The displayed names, from top to bottom."""
        return self.table.get_by_role("cell").get_by_role("link")

    def status(self, name: str) -> Locator:
        return self.page.get_by_role("combobox", name=f"Status of {isolated(name)}", exact=True)

    def status_option(self, label: str) -> Locator:
        """In the open list of statuses."""
        return self.page.get_by_role("listbox", name="Status of").get_by_role(
            "option", name=label, exact=True
        )

    def choose_status(self, name: str, label: str) -> None:
        """Sets the status with the job's own control."""
        self.status(name).click()
        self.status_option(label).click()

    @property
    def marked_suggestion(self) -> Locator:
        """The suggestion of the search field that Enter would take."""
        return self.page.locator("#search-options [aria-selected=true]")

    def tab(self, label: str) -> Locator:
        tabs = self.page.get_by_role("navigation", name="Filter by status")
        return tabs.get_by_role("link", name=re.compile(rf"^{label} "))

    def heading(self, label: str) -> Locator:
        return self.page.get_by_role("columnheader", name=label)

    def delete_button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=f"Delete {isolated(name)}", exact=True)

    def ask_to_delete(self, name: str) -> None:
        self.delete_button(name).click()
        expect(self.dialog).to_be_visible()

    def submit_name(self, name: str) -> None:
        self.name.fill(name)
        self.create_button.click()

    def expect_counts(self, **counts: int) -> None:
        """`Pending=2`: the counts in the tabs."""
        for label, count in counts.items():
            expect(self.tab(label)).to_have_accessible_name(f"{label} {count}")

    def tab_to(self, control: Locator, limit: int = 60) -> None:
        """Presses Tab until the control has the focus."""
        for _ in range(limit):
            if control.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} was not reached with {limit} Tabs")

    def requests(self, wanted: Callable[[Request], bool]) -> list[str]:
        """A list to which all matching requests are added from now on."""
        seen: list[str] = []
        self.page.on("request", lambda r: seen.append(f"{r.method} {r.url}") if wanted(r) else None)
        return seen

    def never_reloaded(self) -> Callable[[], bool]:
        """Marks the document; the returned function tells whether it is still the same one."""
        self.page.evaluate("() => { window.sameDocument = true }")
        return lambda: bool(self.page.evaluate("() => window.sameDocument === true"))


class LostResponses:
    """Lost responses: the server processes each request, but the browser gets a connection error."""

    def __init__(self, page: Page, method: str, url: str | re.Pattern[str] = API) -> None:
        self.keys: list[str | None] = []
        """The Idempotency-Key of each matching request, lost or not."""
        self._method = method
        self.losing = True
        page.route(url, self._answer)

    def _answer(self, route: Route) -> None:
        if route.request.method != self._method:
            route.continue_()
            return
        self.keys.append(route.request.headers.get("idempotency-key"))
        if not self.losing:
            route.continue_()
            return
        route.fetch()
        route.abort("connectionreset")


def problem(status: int, detail: str, field: str | None = None) -> Callable[[Route], None]:
    """A route handler that responds with a problem document."""
    errors = {"errors": [{"field": field, "code": "made_up", "detail": detail}]} if field else {}
    document = {"type": "about:blank", "title": "Failed", "status": status, "code": "made_up"}
    body = json.dumps({**document, "detail": detail, **errors})
    return lambda route: route.fulfill(
        status=status, content_type="application/problem+json", body=body
    )


LABELS = {status.value: status.label for status in StatusType}
