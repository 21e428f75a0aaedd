"""Converts the Markdown of the schema's descriptions to HTML. Supports paragraphs, lists and `code` only."""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BLANK_LINE = re.compile(r"\n\s*\n")
ITEM = re.compile(r"\n[ ]*- ")
CODE = re.compile(r"`([^`]+)`")


def html_of(text: str) -> SafeString:
    """Safe for any text: all of it is escaped."""
    return mark_safe("".join(_blocks(text)))  # noqa: S308  # escaped in inline()


def inline(text: str) -> SafeString:
    """The HTML of one sentence, without a surrounding paragraph."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  # escaped here


def _blocks(text: str) -> Iterator[str]:
    for block in filter(None, BLANK_LINE.split(text.strip())):
        head, *items = ITEM.split(f"\n{block}")
        if head.strip():
            yield f"<p>{inline(_line(block))}</p>"
        else:
            yield f"<ul>{''.join(f'<li>{inline(_line(item))}</li>' for item in items)}</ul>"


def _line(wrapped: str) -> str:
    return " ".join(wrapped.split())
