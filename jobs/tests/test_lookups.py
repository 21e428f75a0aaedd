"""Which pieces of a phrase the trigram index is asked for, and that the whole of it is what is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import lookups
from jobs.criteria import Criteria, has_trigram, part_of_name
from jobs.keyset import Stretch
from jobs.listing import ORDERINGS
from jobs.lookups import WORDS, Lookup, cheapest, pieces_of, shorter, trigrams_of
from jobs.names import name_key
from jobs.searching import Search
from jobs.tests.factories import make_job

PHRASE = "wing, 4 mesh #50989"


def test_words_and_neighbours_are_pieces_where_they_have_a_trigram() -> None:
    assert pieces_of("sweep 11 of Wing") == ["sweep", "Wing", "sweep 11", "of Wing"]
    assert pieces_of("wing") == []
    assert pieces_of("a b, c") == []


def test_of_many_words_those_with_digits_and_the_longest_are_thought_of() -> None:
    words = [f"word{'x' * length}" for length in range(20)]
    pieces = pieces_of(" ".join([*words, "a17"]))
    assert "a17" in pieces
    assert {piece for piece in pieces if " " not in piece} == {"a17", *words[-WORDS + 1 :]}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_the_key_of_a_piece_is_part_of_the_key_of_the_whole(name: str) -> None:
    for piece in pieces_of(name):
        assert name_key(piece) in name_key(name)
        assert has_trigram(piece)


@pytest.mark.parametrize(
    "name", ["a=\u0338bcd efgh", "\u0301abc defg", "xyz \u0338abcd", "1 \u0345αβγ δεζ"]
)
def test_a_mark_that_belongs_to_what_is_before_it_begins_no_piece(name: str) -> None:
    for piece in pieces_of(name):
        assert name_key(piece) in name_key(name)


@pytest.mark.parametrize(
    ("estimates", "chosen"),
    [
        ({"simulation #50989": 560.0, "simulation": 2_900_000, "50989": 560}, "50989"),
        ({"left, 45 mph": 11_600, "left": 400_000, "mph": 900_000, "left, 45": 11_600}, "left, 45"),
        ({"run-234330/case_9956": 560, "run": 1e7, "234330": 560, "9956": 560}, "234330"),
        ({"of wing": 20_000, "wing": 30_000_000}, "of wing"),
    ],
)  # fmt: skip
def test_the_piece_is_what_costs_least(estimates: dict[str, float], chosen: str) -> None:
    assert cheapest(estimates) == Lookup(part_of_name(chosen), estimates[chosen])


def test_a_trigram_stands_for_a_word_that_hardly_another_name_shares() -> None:
    word = Lookup(part_of_name("refinement"), 1_000)
    assert trigrams_of(word) == ["ref", "nem", "ent"]
    assert shorter(word, {"ref": 1_400, "nem": 9_000, "ent": 50_000}).name == "ref"
    assert shorter(word, {"ref": 1_600, "nem": 9_000, "ent": 50_000}) == word.condition
    for whole in ("mph", "left, 45", "ﬁnish", "abc\u0301def"):
        assert trigrams_of(Lookup(part_of_name(whole), 1_000)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("piece", [PHRASE, *pieces_of(PHRASE)])
def test_the_whole_phrase_is_found_by_any_piece(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "_cost", lambda each, estimates: 0.0 if each == piece else 1.0)
    wanted = [make_job(f"Left {PHRASE}").pk, make_job(PHRASE.upper()).pk]
    for other in ("wing, 4 mesh #50988", "mesh #50989", "wing, 4 mesh # 50989", "wing"):
        make_job(other)
    search = Search(Criteria((PHRASE,)))
    found = search.read(Stretch(ORDERINGS["created_at"], (), backwards=False, size=10))
    assert [row.id for row in found.rows] == wanted
    assert search.counts().total().value == 2
    assert Search(Criteria((PHRASE,))).counts().total().value == 2
