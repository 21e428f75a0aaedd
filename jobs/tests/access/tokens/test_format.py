"""The text of a token is made and read without the database."""

import random
import re
from itertools import pairwise

import pytest

from jobs.access.tokens.format import ALPHABET, Token, checksum, new_token, parse

EXAMPLES = 300


def tokens(seed: int) -> list[Token]:
    chance = random.Random(seed)

    def text(length: int) -> str:
        return "".join(chance.choices(ALPHABET, k=length))

    return [Token(text(12), text(40)) for _ in range(EXAMPLES)]


def test_what_is_made_can_be_read() -> None:
    for token in [*tokens(1), new_token()]:
        assert re.fullmatch(r"jmd_[0-9A-Za-z]{12}\.[0-9A-Za-z]{46}", token.text)
        assert parse(token.text) == token


def test_no_two_tokens_are_alike() -> None:
    made = [new_token() for _ in range(EXAMPLES)]
    assert len({token.key for token in made} | {token.secret for token in made}) == 2 * EXAMPLES


def test_each_wrong_character_is_noticed() -> None:
    chance = random.Random(2)
    for token in tokens(3):
        text = token.text
        place = chance.randrange(len(text))
        other = chance.choice([each for each in ALPHABET if each != text[place]])
        assert parse(text[:place] + other + text[place + 1 :]) is None


def test_swapped_neighbors_are_noticed() -> None:
    for token in tokens(4)[:20]:
        text = token.text
        for place, (first, second) in enumerate(pairwise(text)):
            swapped = text[:place] + second + first + text[place + 2 :]
            assert first == second or parse(swapped) is None


def test_each_missing_or_added_character_is_noticed() -> None:
    [token, *_] = tokens(5)
    text = token.text
    for place in range(len(text)):
        assert parse(text[:place] + text[place + 1 :]) is None
        assert parse(text[:place] + "0" + text[place:]) is None


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        str.upper,
        lambda text: f" {text}",
        lambda text: f"{text}\n",
        lambda text: f"{text}\0",
        lambda text: f"{text},{text}",
        lambda text: text.replace(".", "_"),
        lambda text: text.replace("jmd_", "jmd-"),
        lambda text: text[:-1] + "\N{FULLWIDTH DIGIT ONE}",
        lambda text: text[:-1] + "\N{ARABIC-INDIC DIGIT ONE}",
        lambda text: text * 100_000,
        lambda text: "",
    ],
)
def test_anything_else_is_no_token(change: object) -> None:
    assert callable(change)
    assert parse(change(tokens(6)[0].text)) is None


def test_the_checksum_is_that_of_other_implementations() -> None:
    """A scanner in another language can rely on it: CRC-32 as in zlib, digits 0-9 A-Z a-z, the highest first."""
    assert checksum("jmd_000000000000." + "0" * 40) == "2js9G8"
    assert checksum("") == "000000"


def test_a_token_shows_no_secret() -> None:
    token = new_token()
    assert token.secret not in f"{token} {token!r} {[token]}"
    assert token.key in repr(token)
