"""Which piece of a phrase the trigram index is asked for: the whole of it is looked for in the rows that this finds.

The index reads the list of every trigram that it is asked for, though the rarest would do: among ten million names half a
second for `fluid dynamics simulation #50989`, and one millisecond for `50989`, which finds four rows more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from jobs.criteria import Condition, has_trigram, part_of_name

# Cut at ASCII alone: what stands beside it is never folded or composed with it, so that the key of a piece is a part of
# the key of the whole.
WORD: Final = re.compile(r"[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
WORDS: Final = 8
"""At most so many words of a phrase are thought of: asking the planner takes a third of a millisecond for each."""
ROW: Final = 400
"""A row that is fetched and looked at takes as long as so many entries of the index."""


BY_CHANCE: Final = 64_000.0
"""Rows that hold a trigram somewhere else than wanted; each further trigram leaves a fourth of them."""
LETTERS: Final = 3
HARDLY_MORE: Final = 1.5
"""A trigram in up to so many times the rows of its word does instead of it."""


class Lookup(NamedTuple):
    """What the index is asked for, and about how many rows it finds."""

    condition: Condition
    rows: float


def pieces_of(name: str) -> list[str]:
    """Its most telling words and their neighbours, each with a trigram; the whole is not among them."""
    words = [word for word in WORD.finditer(name) if word[0][0].isalnum()]
    telling = sorted(words, key=lambda word: (not _has_digit(word[0]), -len(word[0])))[:WORDS]
    pairs = [(one, other) for one, other in pairwise(words) if one in telling and other in telling]
    spans = [word.span() for word in words if word in telling]
    spans += [(one.start(), other.end()) for one, other in pairs]
    found = dict.fromkeys(name[begin:end] for begin, end in spans)
    return [piece for piece in found if piece != name and has_trigram(piece)]


def cheapest(estimates: dict[str, float]) -> Lookup:
    """The piece, or the whole, that takes the index and the table the least time; `estimates` are rows of each."""
    piece = min(estimates, key=lambda piece: _cost(piece, estimates))
    return Lookup(part_of_name(piece), estimates[piece])


def shorter(lookup: Lookup, estimates: dict[str, float]) -> Condition:
    """A single trigram of it, where that is in hardly more names: what is looked up beside it leaves out the others."""
    trigram = min(trigrams_of(lookup), key=estimates.__getitem__, default="")
    enough = trigram and estimates[trigram] <= HARDLY_MORE * lookup.rows
    return part_of_name(trigram) if enough else lookup.condition


def trigrams_of(lookup: Lookup) -> list[str]:
    """Some of them, of a word that has more than a few."""
    word = lookup.condition.name
    if len(word) <= LETTERS or not WORD.fullmatch(word) or not word.isascii():
        return []
    middle = len(word) // 2 - 1
    return list(dict.fromkeys([word[:LETTERS], word[middle : middle + LETTERS], word[-LETTERS:]]))


def _cost(piece: str, estimates: dict[str, float]) -> float:
    """Entries that are read in the index, about, and rows in the table.

    The fewer its trigrams, the more other names have all of them by chance, which the planner does not count.
    """
    entries = sum(len(word) * estimates.get(word, 0) for word in _words(piece))
    trigrams = sum(max(len(word) - LETTERS + 1, 0) for word in _words(piece))
    return entries + ROW * (estimates[piece] + BY_CHANCE / 4.0**trigrams)


def _words(piece: str) -> Iterator[str]:
    return (word[0] for word in WORD.finditer(piece))


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
