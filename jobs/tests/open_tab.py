"""A browser tab that shows a list and polls for changes."""

import re
from typing import Any

from django.test import Client


class Tab:
    """Polls as the browser does: with the ids of the rows in view, and the entity tag of the last response."""

    def __init__(self, client: Client, query: str = "") -> None:
        self.client = client
        self.query = query
        html = client.get(f"/?{query}").content.decode()
        self.ids = re.findall(r'<tr id="job-(\d+)"', html)
        created = re.findall(r'class="created_at"[^>]*><time datetime="([^"]+)"', html)
        updated = re.findall(r'class="updated_at"[^>]*><time datetime="([^"]+)"', html)
        self.tag = f'"{".".join(re.sub(r"[^0-9]", "", moment[14:]) for moment in updated)};"'
        moments = updated if "updated_at" in query else created
        whole = "data-whole" in html
        self.beyond = "end" if whole or not self.ids else f"{moments[-1]},{self.ids[-1]}"
        self.has_pill = 'id="new-jobs"' in html
        self.url = f"/live/?ids={','.join(self.ids)}&beyond={self.beyond}&{query}"

    def poll(self) -> Any:
        response = self.client.get(self.url, headers={"If-None-Match": self.tag})
        self.tag = response.get("ETag", self.tag)
        return response

    def update(self) -> str:
        """The HTML of the changes; there must be some."""
        response = self.poll()
        assert response.status_code == 200, response.content
        return str(response.content.decode())


def data_attribute(html: str, name: str) -> str | None:
    """A data attribute of the update's root element."""
    found = re.search(rf' data-{name}="([^"]*)"', html.partition(">")[0])
    return found[1] if found else None


def row_ids(html: str) -> list[str]:
    return re.findall(r'<tr id="job-(\d+)"', html)
