"""Which part of a phrase is looked up in the trigram index, and that only names with the whole phrase are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.listing.keyset import Window
from jobs.listing.reader import ORDERINGS
from jobs.names import name_key
from jobs.search import lookups
from jobs.search.conditions import Criteria, has_trigram, name_contains
from jobs.search.executor import Search
from jobs.search.lookups import MAX_WORDS, Lookup, cheapest, sample_trigrams, shortened, subphrases
from jobs.tests.factories import make_job

PHRASE = "wing, 4 mesh #50989"


def test_subphrases_are_words_and_pairs_with_a_trigram() -> None:
    assert subphrases("sweep 11 of Wing") == ["sweep", "Wing", "sweep 11", "of Wing"]
    assert subphrases("wing") == []
    assert subphrases("a b, c") == []


def test_words_with_digits_and_the_longest_are_preferred() -> None:
    words = [f"word{'x' * length}" for length in range(20)]
    parts = subphrases(" ".join([*words, "a17"]))
    assert "a17" in parts
    assert {part for part in parts if " " not in part} == {"a17", *words[-MAX_WORDS + 1 :]}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_key_of_a_subphrase_is_part_of_the_key_of_the_phrase(name: str) -> None:
    for part in subphrases(name):
        assert name_key(part) in name_key(name)
        assert has_trigram(part)


@pytest.mark.parametrize(
    "name", ["a=\u0338bcd efgh", "\u0301abc defg", "xyz \u0338abcd", "1 \u0345αβγ δεζ"]
)
def test_subphrase_does_not_start_with_a_combining_mark(name: str) -> None:
    for part in subphrases(name):
        assert name_key(part) in name_key(name)


@pytest.mark.parametrize(
    ("estimates", "expected"),
    [
        ({"simulation #50989": 560.0, "simulation": 2_900_000, "50989": 560}, "50989"),
        ({"left, 45 mph": 11_600, "left": 400_000, "mph": 900_000, "left, 45": 11_600}, "left, 45"),
        ({"run-234330/case_9956": 560, "run": 1e7, "234330": 560, "9956": 560}, "234330"),
        ({"of wing": 20_000, "wing": 30_000_000}, "of wing"),
    ],
)  # fmt: skip
def test_cheapest_lookup_is_used(estimates: dict[str, float], expected: str) -> None:
    assert cheapest(estimates) == Lookup(name_contains(expected), estimates[expected])


def test_trigram_replaces_its_word_if_hardly_another_name_has_it() -> None:
    word = Lookup(name_contains("refinement"), 1_000)
    assert sample_trigrams(word) == ["ref", "nem", "ent"]
    assert shortened(word, {"ref": 1_400, "nem": 9_000, "ent": 50_000}).name == "ref"
    assert shortened(word, {"ref": 1_600, "nem": 9_000, "ent": 50_000}) == word.condition
    for other in ("mph", "left, 45", "ﬁnish", "abc\u0301def"):
        assert sample_trigrams(Lookup(name_contains(other), 1_000)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("looked_up", [PHRASE, *subphrases(PHRASE)])
def test_any_subphrase_finds_the_whole_phrase(
    looked_up: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "_cost", lambda text, estimates: 0.0 if text == looked_up else 1.0)
    expected = [make_job(f"Left {PHRASE}").pk, make_job(PHRASE.upper()).pk]
    for other in ("wing, 4 mesh #50988", "mesh #50989", "wing, 4 mesh # 50989", "wing"):
        make_job(other)
    search = Search(Criteria((PHRASE,)))
    found = search.read(Window(ORDERINGS["created_at"], (), backwards=False, size=10))
    assert [row.id for row in found.rows] == expected
    assert search.counts().total().value == 2
    assert Search(Criteria((PHRASE,))).counts().total().value == 2
