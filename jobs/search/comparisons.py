"""The parts of a comparison or a range in a search, before anything is known of its values: `>=2h`, `10m..2h`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

COMPARISON: Final = re.compile(r"(>=|<=|≥|≤|>|<|)\s*(.*)", re.S)
SIGNS: Final = {"≥": ">=", "≤": "<="}


class Parts(NamedTuple):
    """`rest` is all that follows the sign; in a range, `first` and `last` are its ends, and `dots` is not empty."""

    sign: str
    rest: str
    first: str
    dots: str
    last: str


def split_comparison(text: str) -> Parts:
    match = COMPARISON.fullmatch(text.strip())
    sign, rest = (SIGNS.get(match[1], match[1]), match[2]) if match else ("", "")
    first, dots, last = map(str.strip, rest.replace("…", "..").partition(".."))
    return Parts(sign, rest, first, dots, last)
