"""Reads pages as a browser without scripts does."""

import re
from html.parser import HTMLParser

from django.test import Client

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def text_of(html: str) -> str:
    """The text of the page, without tags and with white space collapsed."""
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[assignment, method-assign]  # called with each piece of text
    parser.feed(html)
    return " ".join(" ".join(words).split())


def page(client: Client, path: str, status: int = 200, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def job_names(html: str) -> list[str]:
    return re.findall(r'<a href="/jobs/\d+/[^"]*" translate="no">([^<]+)</a>', html)


def link(html: str, label: str) -> str:
    found = re.search(rf'<a [^>]*?href="([^"]+)"[^>]*>{label}</a>', html)
    return found[1].replace("&amp;", "&") if found else ""
