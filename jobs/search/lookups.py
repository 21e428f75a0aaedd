"""Which part of a phrase to look up in the trigram index; the rows found are filtered by the whole phrase.

The index reads the posting list of every trigram that it is given, although the rarest would be enough: among ten
million names, `fluid dynamics simulation #50989` takes half a second, and `50989`, which finds four rows more, one
millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from jobs.search.conditions import Condition, has_trigram, name_contains

# Only ASCII separates words: a separator is never folded or composed with the letter or digit next to it, so that the
# key of a subphrase is a substring of the key of the phrase.
WORD: Final = re.compile(r"[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
MAX_WORDS: Final = 8
"""The words of a phrase that are considered: the planner takes a third of a millisecond to estimate each."""
ROW_COST: Final = 400
"""Fetching and filtering a row takes as long as reading this many index entries."""
FALSE_MATCHES: Final = 64_000.0
"""Rows that contain a trigram in another place than the wanted one; each further trigram leaves a quarter of them."""
TRIGRAM_LENGTH: Final = 3
SINGLE_TRIGRAM_FACTOR: Final = 1.5
"""A single trigram replaces its word if it has at most this many times as many rows."""


class Lookup(NamedTuple):
    """A condition for the index, and about how many rows it finds."""

    condition: Condition
    rows: float


def subphrases(name: str) -> list[str]:
    """The words of the phrase that are likely to be most selective, and pairs of neighbors among them.

    Each has a trigram. The phrase itself is left out.
    """
    words = [word for word in WORD.finditer(name) if word[0][0].isalnum()]
    likely = sorted(words, key=lambda word: (not _has_digit(word[0]), -len(word[0])))[:MAX_WORDS]
    pairs = [(one, other) for one, other in pairwise(words) if one in likely and other in likely]
    spans = [word.span() for word in words if word in likely]
    spans += [(one.start(), other.end()) for one, other in pairs]
    unique = dict.fromkeys(name[start:end] for start, end in spans)
    return [text for text in unique if text != name and has_trigram(text)]


def cheapest(estimates: dict[str, float]) -> Lookup:
    """The lookup that costs the index and the table the least time; `estimates` has the rows of each candidate."""
    text = min(estimates, key=lambda text: _cost(text, estimates))
    return Lookup(name_contains(text), estimates[text])


def shortened(lookup: Lookup, estimates: dict[str, float]) -> Condition:
    """A single trigram of the lookup, if hardly more names contain it: the other lookups filter these out."""
    trigram = min(sample_trigrams(lookup), key=estimates.__getitem__, default="")
    is_enough = trigram and estimates[trigram] <= SINGLE_TRIGRAM_FACTOR * lookup.rows
    return name_contains(trigram) if is_enough else lookup.condition


def sample_trigrams(lookup: Lookup) -> list[str]:
    """The first, middle and last trigram of an ASCII word that has more than one; none of anything else."""
    word = lookup.condition.name
    if len(word) <= TRIGRAM_LENGTH or not WORD.fullmatch(word) or not word.isascii():
        return []
    middle = len(word) // 2 - 1
    trigrams = [
        word[:TRIGRAM_LENGTH],
        word[middle : middle + TRIGRAM_LENGTH],
        word[-TRIGRAM_LENGTH:],
    ]
    return list(dict.fromkeys(trigrams))


def _cost(text: str, estimates: dict[str, float]) -> float:
    """About how many index entries are read, with table rows converted to entries.

    The fewer trigrams the text has, the more other names contain all of them by chance, which the planner's estimate
    leaves out.
    """
    entries = sum(len(word) * estimates.get(word, 0) for word in _words(text))
    trigrams = sum(max(len(word) - TRIGRAM_LENGTH + 1, 0) for word in _words(text))
    return entries + ROW_COST * (estimates[text] + FALSE_MATCHES / 4.0**trigrams)


def _words(text: str) -> Iterator[str]:
    return (word[0] for word in WORD.finditer(text))


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
