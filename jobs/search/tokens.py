"""Splitting a search into tokens at whitespace: words, quoted phrases, and filters with their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from jobs.search.terms import EXCLUDES, PREFIX, closest_field

# The closing quote is optional, because it is missing while a phrase is being typed. Phones type “ for ".
QUOTED: Final = re.compile(r'"((?:\\.|[^"\\]|\\\Z)*)"?|“([^”]*)”?', re.S)
BARE: Final = re.compile(r"\S*")


class Token(NamedTuple):
    """`value` is the text without sign and quotes; for a filter, the part after the colon."""

    text: str
    start: int
    end: int
    value: str
    sign: str = ""
    field: str = ""


def tokenize(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        prefix = PREFIX.match(text, at)
        if prefix and not closest_field(prefix[2]):
            prefix = None
        start = prefix or EXCLUDES.match(text, at)
        value_start = start.end() if start else at
        quoted = QUOTED.match(text, value_start)
        value = BARE.match(text, value_start)[0]  # type: ignore[index]  # it matches anywhere
        end = value_start + len(value)
        if quoted:
            end = quoted.end()
            value = quoted[2] if quoted[1] is None else re.sub(r'\\(["\\])', r"\1", quoted[1])
        sign, name = (prefix[1], prefix[2]) if prefix else (text[at:value_start], "")
        yield Token(text[at:end], at, end, value.strip(), sign, name)
        at = end
