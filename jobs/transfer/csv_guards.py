"""Guards against CSV injection: they keep a spreadsheet from evaluating text as a formula, and can be removed again.

Text is quoted in CSV. A spreadsheet that splits rows at another separator than the file's, depending on its user's
locale, ignores these quotes, because they are not at the beginning of its cells. A new cell then begins within the
text, after each of the spreadsheet's separators and each line break. So a guard is inserted wherever a cell may begin:
before the text, and within it after line breaks and after the separators that are not the file's own.

The guard is an additional apostrophe where a formula begins, also if apostrophes, quotes or tabs precede the formula.
Removing one apostrophe at each of these places is the exact inverse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
# Characters that begin a formula, and characters that spreadsheets strip before one (OWASP, CSV injection).
FORMULA_SIGNS: Final = "=+\\-@＝＋－＠"
FORMULA_STARTS: Final = f"{FORMULA_SIGNS}\\t\\n\\r"
GUARDED: Final = re.compile(f"'+[{FORMULA_STARTS}]")
# In the encoded rows quotes are doubled, and a single one ends the text.
FORMULA_IN_BYTES: Final = rb"(?:'|\"\"|\t)*(?:[=+\-@]|\xef\xbc[\x9d\x8b\x8d\xa0])"
# A row begins with a digit, so a line that begins like this continues the text of a cell.
TEXT_CONTINUES: Final = re.compile(rb"\n['\"\t=+\-@\xef]")


def guarded_sql(text: str) -> str:
    """The column with the guards of its beginning."""
    # Most names begin with a letter and skip the regular expression: no formula begins with a letter.
    return f"""
        CASE WHEN ascii({text}) BETWEEN 65 AND 65280 THEN {text}
        WHEN {text} ~ '^''*[{FORMULA_STARTS}]' THEN '''' || {text} ELSE {text} END
    """


def row_guard(separator: str) -> Callable[[bytes], bytes]:
    """A function that guards text within encoded rows; guarded_sql has guarded its beginning."""
    others = "".join(_other_separators(separator)).encode()
    triggers = [others[index : index + 1] for index in range(len(others))] + [b"\r"]
    pattern = re.compile(rb"([\n\r%b])(?=%b)" % (others, FORMULA_IN_BYTES))

    def guard(rows: bytes) -> bytes:
        # Most rows contain none of these, and searching for a byte is much faster than matching a pattern.
        if any(trigger in rows for trigger in triggers) or TEXT_CONTINUES.search(rows):
            return pattern.sub(rb"\1'", rows)
        return rows

    return guard


def unguard(cell: str, separator: str) -> str:
    """The text in this cell of a file with this separator, without its guards."""
    text = cell[1:] if GUARDED.match(cell) else cell
    return _inner_guard(separator).sub(r"\1", text)


@cache
def _inner_guard(separator: str) -> re.Pattern[str]:
    others = "".join(_other_separators(separator))
    return re.compile(rf"([\n\r{others}])'(?=['\"\t]*[{FORMULA_SIGNS}])")


def _other_separators(separator: str) -> list[str]:
    return [each for each in SEPARATORS.values() if each != separator]
