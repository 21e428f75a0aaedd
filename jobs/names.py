"""Visible characters in names, and the key by which names are searched and sorted.

Both rules are defined in the database (constraint job_name_visible, function job_name_key) and repeated here where
Python needs them; the first one is repeated in islands/src/api/names.ts as well. Tests compare the copies.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

# Default_Ignorable_Code_Point in Unicode: joiners, direction marks, fillers, variation selectors, tags.
IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Control characters, whitespace, the blanks of Braille, hieroglyphs and music, and interlinear annotation marks.
EMPTY: Final = (
    "\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u2800\ufff9-\ufffb"
    "\U00013430-\U0001343f\U00013441\U00013442\U0001d159"
)
VISIBLE: Final = re.compile(f"[^{IGNORABLE}{EMPTY}]")
# The same for PostgreSQL, whose text cannot contain NUL.
VISIBLE_IN_DATABASE: Final = "[^{}]".format(
    "".join(
        character if character == "-" else f"\\U{max(ord(character), 1):08x}"
        for character in IGNORABLE + EMPTY
    )
)


def is_visible(name: str) -> bool:
    """Whether the name contains a visible character."""
    return VISIBLE.search(name) is not None


# Letters written from right to left, and controls of the direction: the text around them could change its order.
CHANGES_DIRECTION: Final = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff"
    "\U0001e800-\U0001efff]"
)
# What ends a paragraph for the bidirectional algorithm, and with it an isolation.
PARAGRAPH_ENDS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2029]")
OPENING: Final = "\u2066\u2067\u2068"
CLOSING: Final = "\u2069"


def isolated(name: str) -> str:
    """The name as a part of a text, title or label: between U+2068 and U+2069 if it could change the order of the text
    around it. Nothing in the name ends the isolation early. `isolate` in islands/src/api/names.ts does the same.
    """
    line = PARAGRAPH_ENDS.sub(" ", name)
    if not CHANGES_DIRECTION.search(line):
        return line
    depth, inside = 0, []
    for character in line:
        if character == CLOSING and depth == 0:
            continue
        depth += (character in OPENING) - (character == CLOSING)
        inside.append(character)
    return f"\u2068{''.join(inside)}{CLOSING * (depth + 1)}"


DOTTED: Final = re.compile("i\u0307+")


def name_key(name: str) -> str:
    """The result of the database's job_name_key: a search treats names with the same key as equal.

    The two differ for letters that only the newer of their Unicode versions defines and, before PostgreSQL 18, for
    most letters that fold to several.
    """
    if name.isascii():
        return name.lower()
    folded = normalize("NFD", name).casefold().replace("ı", "i")
    return normalize("NFC", DOTTED.sub("i", folded))
