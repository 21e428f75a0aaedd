"""Which names can be seen, and by which key they are found and sorted.

Both are rules of the database (the constraint job_name_visible, the function job_name_key), said again for what Python
decides by itself; the first stands in islands/src/create-job/name.ts too. Tests hold them together.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

# What Unicode lets a reader ignore (Default_Ignorable_Code_Point): joiners, direction marks, fillers, selectors, tags.
IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Control characters, blanks, those of Braille, hieroglyphs and music, and marks around annotations.
EMPTY: Final = (
    "\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u2800\ufff9-\ufffb"
    "\U00013430-\U0001343f\U00013441\U00013442\U0001d159"
)
VISIBLE: Final = re.compile(f"[^{IGNORABLE}{EMPTY}]")
# The same for PostgreSQL, whose text holds no NUL.
VISIBLE_IN_DATABASE: Final = "[^{}]".format(
    "".join(
        character if character == "-" else f"\\U{max(ord(character), 1):08x}"
        for character in IGNORABLE + EMPTY
    )
)


def is_visible(name: str) -> bool:
    """Whether there is anything in the name that a reader can see."""
    return VISIBLE.search(name) is not None


DOTTED: Final = re.compile("i\u0307+")


def name_key(name: str) -> str:
    """What the database's job_name_key makes of it: names with the same key are one name to a search.

    The two differ in letters that only the newer one of their versions of Unicode knows; and before version 18 of
    PostgreSQL, in most letters that fold into several.
    """
    if name.isascii():
        return name.lower()
    folded = normalize("NFD", name).casefold().replace("ı", "i")
    return normalize("NFC", DOTTED.sub("i", folded))
