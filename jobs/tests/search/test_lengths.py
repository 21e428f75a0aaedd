"""Lengths of time in a search: what is accepted, what it means in words, and what is suggested for the rest."""

import pytest

from jobs.mistakes import InvalidQuery, SearchError
from jobs.search.parser import parse


def error(text: str) -> SearchError:
    with pytest.raises(InvalidQuery) as caught:
        parse(text)
    [found] = caught.value.search_errors
    return found


@pytest.mark.parametrize(
    ("text", "canonical", "words"),
    [
        ("duration:>1h", "duration:>1h", "more than 1 hour"),
        ("duration:>=90s", "duration:>=90s", "at least 90 seconds"),
        ("Duration:< 5M", "duration:<5m", "less than 5 minutes"),
        ("waited:≤02d", "waited:<=2d", "at most 2 days"),
        ("waited:10m..2h", "waited:10m..2h", "10 minutes to 2 hours"),
        ("duration:1h..", "duration:>=1h", "at least 1 hour"),
        ("duration:..2w", "duration:<=2w", "at most 2 weeks"),
        ("duration:>1h30m", "duration:>1h30m", "more than 1 hour 30 minutes"),
        ("-duration:<500ms", "-duration:<500ms", "not less than 500 milliseconds"),
        ("duration:>0s", "duration:>0s", "more than 0 seconds"),
        ("waited:5m…5m", "waited:5m..5m", "5 minutes to 5 minutes"),
    ],
)
def test_lengths_have_one_canonical_text(text: str, canonical: str, words: str) -> None:
    value = text.partition(":")[2]
    quoted = text.replace(value, f'"{value}"')
    query = parse(quoted)
    assert str(query) == canonical
    assert [term.words for term in query.terms] == [words]
    assert parse(canonical) == query


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("duration:1h", ["duration:>1h", "duration:<1h"]),
        ("duration:90min", ["duration:>1h30m", "duration:<1h30m"]),
        ("duration:>90", ["duration:>90s", "duration:>90m"]),
        ("waited:>1.5h", ["waited:>1h30m"]),
        ("waited:>0,5s", ["waited:>500ms"]),
        ("duration:<2hours", ["duration:<2h"]),
        ("duration:>1:30:05", ["duration:>1h30m5s"]),
        ("duration:>1m5h", ["duration:>5h1m"]),
        ("duration:>1mo", ["duration:>4w2d"]),
        ("duration:2h..10m", ["duration:10m..2h"]),
        ("duration:10min..2h", ["duration:10m..2h"]),
        ("duration:>1h..2h", ["duration:1h..2h"]),
        ("duration:!>1h", ["-duration:>1h"]),
        ("-waited:!<1h", ["waited:<1h"]),
        ("duration:", ["duration:>1h", "duration:<5m"]),
        ("duration:>", ["duration:>1h", "duration:<5m"]),
        ("waited: >1h", ["waited:>1h"]),
        ("waited:>1 h", ["waited:>1h"]),
        ("waited:>10 minutes", ["waited:>10m"]),
        ("waited:>1h 30m", ["waited:>1h30m", 'waited:>1h "30m"']),
        ("waited:>1h <2h", ["waited:>1h waited:<2h", 'waited:>1h "<2h"']),
        ("duration:abc", []),
        ("duration:..", []),
        ("duration:>m", []),
        ("duration:>99999999h", []),
        # Neighbors and misspellings; the last suggestion is the text in names
        ("ran:>1h", ["duration:>1h", '"ran:>1h"']),
        ("took:5m", ["duration:>5m", '"took:5m"']),
        ("runtime:>2h", ["duration:>2h", '"runtime:>2h"']),
        ("duraton:<1h", ["duration:<1h", '"duraton:<1h"']),
        ("wait:>5m", ["waited:>5m", '"wait:>5m"']),
        ("queued:>5min", ["waited:>5m", '"queued:>5min"']),
    ],
)
def test_other_values_are_errors_with_what_is_likely_meant(
    text: str, suggestions: list[str]
) -> None:
    assert list(error(text).suggestions) == suggestions
    for suggestion in suggestions:
        assert parse(suggestion)


def test_an_error_says_what_is_allowed() -> None:
    assert error("duration:abc").detail == (
        '"abc" is not a valid duration. Use a comparison with a duration (>1h, <=90s, <1h30m) or a range (10m..2h).'
        " Units: ms s m h d w."
    )
    assert error("waited:1h").detail == (
        '"1h" needs a comparison: >1h is longer, <1h is shorter. Did you mean waited:>1h or waited:<1h?'
    )
    assert error("duration:>1h OR waited:>1h").code == "misplaced_or"
    assert {error(text).code for text in ("duration:1h", "waited:>1 h", "duration:x")} == {
        "unknown_duration"
    }


@pytest.mark.parametrize("word", ["queue:high", "frame:12", "ran", "duration", "took 5m"])
def test_names_that_resemble_a_length_are_searched(word: str) -> None:
    assert " ".join(parse(word).names) == word


def test_a_word_after_a_length_is_a_name() -> None:
    assert (
        str(parse("duration:>1h AND turbine waited:>5m d"))
        == "AND turbine d duration:>1h waited:>5m"
    )


def test_very_long_lengths_mean_the_beginning_of_time() -> None:
    assert parse("duration:>99999w99999d") == parse("duration:>99999w99999d")
