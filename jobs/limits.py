"""Limits that several modules enforce or describe, and their texts. A limit of one module is defined there.

This module imports nothing of Django: gunicorn's configuration is read before the settings exist.
"""

from __future__ import annotations

from typing import Final

# A signed cursor and a search of 255 characters fit into the request line, percent-encoded.
MAX_REQUEST_LINE_BYTES: Final = 8_190
# Referer and HX-Current-URL repeat the page's URL.
MAX_HEADER_BYTES: Final = 16_380
MAX_HEADERS: Final = 100
# The request line and all headers.
MAX_HEAD_BYTES: Final = 1 << 16
# The body of any request but the following two.
MAX_BODY_BYTES: Final = 1 << 16
# Not reached by as many changes with long names as a bulk update may have.
MAX_BULK_BODY_BYTES: Final = 1 << 20
# A line of an import, whose body is limited by IMPORT_MAX_BYTES.
MAX_LINE_BYTES: Final = 1 << 16
# The statement timeout of the web server, unless QUERY_BUDGET_MS sets another one. Other programs have none.
DEFAULT_STATEMENT_TIMEOUT_MS: Final = 3_000
# Each view is a tab on every page of the list.
MAX_VIEWS: Final = 50
# Of requests per second: the counters are in nanoseconds.
MAX_RATE: Final = 1_000_000
MAX_TOKEN_NAME_LENGTH: Final = 60
MAX_VIEW_NAME_LENGTH: Final = 60
# The errors of one request that a response lists.
MAX_REPORTED_ERRORS: Final = 100

UNITS: Final = {"GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10}
PERIODS: Final = {"hour": 3_600, "minute": 60}


def size_text(size: int) -> str:
    """The size in its largest whole unit, for example `64 KiB`."""
    for unit, factor in UNITS.items():
        if size and size % factor == 0:
            return f"{size // factor:,} {unit}"
    return f"{size:,} bytes"


def duration_text(seconds: float) -> str:
    """The duration in its largest whole unit, for example `15 minutes`."""
    for period, length in PERIODS.items():
        if seconds and seconds % length == 0:
            return _plural(seconds / length, period)
    return _plural(seconds, "second")


def number_text(number: int) -> str:
    """The number, for example `1,000` or `10 million`."""
    millions, rest = divmod(number, 10**6)
    return f"{millions:,} million" if millions and not rest else f"{number:,}"


def _plural(number: float, noun: str) -> str:
    return f"{number:,g} {noun}{'' if number == 1 else 's'}"


HEADERS_TOO_LARGE: Final = (
    f"A header is longer than {size_text(MAX_HEADER_BYTES)}, there are more than {MAX_HEADERS} headers, or they exceed"
    f" {size_text(MAX_HEAD_BYTES)} in all."
)
