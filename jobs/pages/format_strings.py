"""Templates as %-format strings: a template for many similar elements is rendered once, and filled in for each.

Rendering the row's template for every job was most of the cost of a list, and the bars' most of that of the chart.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string


def format_string(template: str, variable: str, fields: Sequence[str], **context: Any) -> str:
    """The template with a `%(field)s` for each attribute of its variable. The values must be escaped.

    `context` is the rest of what the template shows, and hashable.
    """
    render = _format_string.__wrapped__ if settings.DEBUG else _format_string
    return render(template, variable, tuple(fields), **context)


# Bounded, as the context may come from a cookie.
@lru_cache(maxsize=64)
def _format_string(template: str, variable: str, fields: tuple[str, ...], **context: Any) -> str:
    placeholders = {field: f"@@{field}@@" for field in fields}
    text = render_to_string(template, {variable: placeholders, **context}).replace("%", "%%")
    for field, placeholder in placeholders.items():
        text = text.replace(placeholder, f"%({field})s")
    return text
