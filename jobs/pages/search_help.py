"""The search help: examples of each field of the search language, what they find, and what the search field offers."""

from functools import cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jobs.search.completion import grammar
from jobs.search.terms import FIELDS


@cache
def search_help() -> SafeString:
    """Rendered once: it is the same on every page."""
    lines = [
        (example, _with_code(meaning))
        for field in FIELDS.values()
        for example, meaning in field.help
    ]
    context = {"lines": lines, "grammar": grammar()}
    return render_to_string("components/search_help.html", context)


def _with_code(text: str) -> SafeString:
    """The text with a code element for each part in backticks."""
    parts = enumerate(map(escape, text.split("`")))
    html = "".join(f"<code>{part}</code>" if number % 2 else part for number, part in parts)
    return mark_safe(html)  # noqa: S308  # escaped above
