"""What keeps a spreadsheet from running a name as a formula, and how it is taken away again.

Names are quoted in CSV. A spreadsheet that splits the row at another separator than the file's, as the language of
its user suggests, does not honor these quotes: they stand in the middle of its cells. A new cell then begins within a
name, after each of the spreadsheet's separators and after each line end. So a guard is put wherever a cell may begin:
before the name, and within it after line ends and the separators that are not the file's own.

The guard is one more apostrophe where a formula begins, perhaps behind apostrophes, quotes and tabs. Removing one
apostrophe at just these places is the exact inverse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
# What spreadsheets take for the beginning of a formula, and what they drop before one (OWASP, CSV injection).
FORMULA_SIGNS: Final = "=+\\-@＝＋－＠"
FORMULA_STARTS: Final = f"{FORMULA_SIGNS}\\t\\n\\r"
GUARDED: Final = re.compile(f"'+[{FORMULA_STARTS}]")
# A look at the first character spares most names the pattern: letters begin no formula.
GUARDED_NAME: Final = f"""
    CASE WHEN ascii(name) BETWEEN 65 AND 65280 THEN name
    WHEN name ~ '^''*[{FORMULA_STARTS}]' THEN '''' || name ELSE name END
"""
# Within the bytes of a row: quotes are doubled there, and a single one ends the name.
SIGN_IN_BYTES: Final = rb"(?:'|\"\"|\t)*(?:[=+\-@]|\xef\xbc[\x9d\x8b\x8d\xa0])"
# Rows begin with digits: only a name goes on like this.
NAME_GOES_ON: Final = re.compile(rb"\n['\"\t=+\-@\xef]")


def guarded_within(separator: str) -> Callable[[bytes], bytes]:
    """A function of whole rows, whose names are guarded at their beginnings already."""
    others = "".join(_others(separator)).encode()
    marks = [others[place : place + 1] for place in range(len(others))] + [b"\r"]
    pattern = re.compile(rb"([\n\r%b])(?=%b)" % (others, SIGN_IN_BYTES))

    def guard(rows: bytes) -> bytes:
        # Most rows have none of these, and are searched for a byte much faster than for a pattern.
        if any(mark in rows for mark in marks) or NAME_GOES_ON.search(rows):
            return pattern.sub(rb"\1'", rows)
        return rows

    return guard


def unguarded(cell: str, separator: str) -> str:
    """The name that was written as this cell of a file with this separator."""
    name = cell[1:] if GUARDED.match(cell) else cell
    return _guard_within(separator).sub(r"\1", name)


@cache
def _guard_within(separator: str) -> re.Pattern[str]:
    others = "".join(_others(separator))
    return re.compile(rf"([\n\r{others}])'(?=['\"\t]*[{FORMULA_SIGNS}])")


def _others(separator: str) -> list[str]:
    return [each for each in SEPARATORS.values() if each != separator]
