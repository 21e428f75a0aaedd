"""Template tags: `{% island %}`, which renders an island's element, `{% table_link %}`, `{% trash_days %}`, and the filter `isolated`."""

from django import template
from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from jobs import names

register = template.Library()


@register.filter
def isolated(name: str) -> str:
    """A job's name within a text, a title or a label."""
    return names.isolated(name)


@register.simple_block_tag
def island(content: str, name: str, **attributes: str) -> SafeString:
    """An island's custom element around server-rendered content, which is readable before any script has loaded.

    `data_job_id=…` becomes `data-job-id`. A morph updates the attributes and leaves the children to the island.
    """
    pairs = ((key.replace("_", "-"), value) for key, value in attributes.items())
    attrs = format_html_join("", ' {}="{}"', pairs)
    return format_html("<{0}{1} hx-morph-skip-children>{2}</{0}>", name, attrs, content)


@register.simple_tag
def trash_days() -> int:
    """For how many days a deleted job can be restored; 0 if a deletion is final."""
    days: int = settings.TRASH_DAYS
    return days


@register.simple_tag
def table_link(query: str) -> SafeString:
    """Attributes of a link within the list: a URL that works without scripts, and the htmx swap of the table."""
    url = escape(f"/?{query}" if query else "/")
    swap = 'hx-target="#job-table" hx-swap="outerMorph" hx-push-url="true" hx-sync="#job-table:replace"'
    return mark_safe(f'href="{url}" hx-get="{url}" {swap}')  # noqa: S308  # escaped above
