"""The saved views of the dashboard under test: their tabs and keys, and the API that stores them."""

from typing import Any

from playwright.sync_api import APIRequestContext, Locator, Page, expect

URL = "/api/views/"


class Views:
    """The views of the dashboard under test, through its API."""

    def __init__(self, request: APIRequestContext) -> None:
        self._request = request
        self.kept = [view["id"] for view in self.all()]

    def all(self) -> list[dict[str, Any]]:
        return list(self._request.get(URL).json()["results"])

    def save(self, name: str, **values: Any) -> dict[str, Any]:
        answer = self._request.post(URL, data={"name": name, **values})
        assert answer.status == 201, answer.text()
        return dict(answer.json())

    def change(self, view: dict[str, Any], **values: Any) -> None:
        answer = self._request.patch(f"{URL}{view['id']}/", data=values)
        assert answer.status == 200, answer.text()

    def delete(self, view: dict[str, Any]) -> None:
        assert self._request.delete(f"{URL}{view['id']}/").status == 204

    def named(self, name: str) -> dict[str, Any]:
        [view] = [view for view in self.all() if view["name"] == name]
        return view


def tab(page: Page, name: str) -> Locator:
    tabs = page.get_by_role("navigation", name="Saved views")
    return tabs.get_by_role("link").filter(has_text=name)


def expect_current(page: Page, name: str) -> None:
    expect(tab(page, name)).to_have_attribute("aria-current", "true")


def keys_of(views: Views, name: str) -> tuple[str, str]:
    return "g", str(views.named(name)["position"])
