"""The address of a job's logs elsewhere, from a template with placeholders.

This module imports nothing of Django: the settings check the template before they exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from jobs.labels import LABEL_KEY

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
LABEL: Final = "label:"
# The host is the operator's to choose, not that of whoever sets a label.
SITE: Final = re.compile(r"https?://[^\s/?#{}@\\]+(?:[/?#]\S*)?")


def checked_template(text: str) -> str:
    """The template, which may be empty. Raises ValueError."""
    if not text:
        return ""
    if not SITE.fullmatch(text):
        raise ValueError("it must begin with http:// or https:// and a host, and contain no spaces")
    for name in PLACEHOLDER.findall(text):
        is_label = name.startswith(LABEL) and LABEL_KEY.fullmatch(name.removeprefix(LABEL))
        if name not in ("id", "key") and not is_label:
            raise ValueError(f"{{{name}}} is none of {{id}}, {{key}} and {{label:NAME}}")
    return text


def log_url(template: str, job_id: int, key: str | None, labels: Mapping[str, str]) -> str | None:
    """None without a template, and if the job has no value for a placeholder, or one that would lead to another folder. Values
    are percent-encoded.
    """
    values = {f"{LABEL}{name}": value for name, value in labels.items()}
    values |= {"id": str(job_id), "key": key or ""}
    if not template or not all(values.get(name) for name in PLACEHOLDER.findall(template)):
        return None
    url = PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), template)
    return url if _dots(url) == _dots(template) else None


def _dots(url: str) -> int:
    """The number of segments of the path that lead elsewhere, which no encoding prevents: `.` and `..`."""
    path, *_ = re.split("[?#]", url, maxsplit=1)
    return sum(segment in (".", "..") for segment in path.split("/"))
