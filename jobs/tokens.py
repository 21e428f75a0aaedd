"""The pieces of a search text, between blanks: words, quoted phrases, and filters with their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from jobs.query import FIELD
from jobs.suggestions import field_meant

# A quoted phrase may lack its end: somebody is still typing it. Telephones write “ for ".
QUOTED: Final = re.compile(r'"((?:\\.|[^"\\]|\\\Z)*)"?|“([^”]*)”?', re.S)
BARE: Final = re.compile(r"\S*")


class Token(NamedTuple):
    """A piece of the text; with a field, `value` is what follows the colon, without quotes."""

    text: str
    start: int
    end: int
    value: str
    sign: str = ""
    field: str = ""


def tokens_of(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        field = FIELD.match(text, at)
        if field and not field_meant(field[2]):
            field = None
        begin = field.end() if field else at
        quoted = QUOTED.match(text, begin)
        value = BARE.match(text, begin)[0]  # type: ignore[index]  # it matches anywhere
        end = begin + len(value)
        if quoted:
            end = quoted.end()
            value = quoted[2] if quoted[1] is None else re.sub(r'\\(["\\])', r"\1", quoted[1])
        written = (field[1], field[2]) if field else ("", "")
        yield Token(text[at:end], at, end, value.strip(), *written)
        at = end
