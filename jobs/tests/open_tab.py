"""An open list as its browser asks for what has changed on it."""

import re
from typing import Any

from django.test import Client


class Tab:
    """An open list, as its rows stand; asks as the browser does, and remembers the entity tag."""

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

        self.address = f"/live/?ids={','.join(self.ids)}&beyond={self.beyond}&{query}"

    def ask(self) -> Any:
        answer = self.client.get(self.address, headers={"If-None-Match": self.tag})
        self.tag = answer.get("ETag", self.tag)
        return answer

    def hears(self) -> str:
        answer = self.ask()
        assert answer.status_code == 200, answer.content
        return str(answer.content.decode())


def said(html: str, name: str) -> str | None:
    found = re.search(rf' data-{name}="([^"]*)"', html.partition(">")[0])
    return found[1] if found else None


def row_ids(html: str) -> list[str]:
    return re.findall(r'<tr id="job-(\d+)"', html)
