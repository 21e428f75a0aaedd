"""The search language: what is valid, its canonical text, and the errors in what is not."""

import random

import pytest

from jobs.mistakes import InvalidQuery
from jobs.search.parser import MAX_IDS, MAX_LENGTH, MAX_TERMS, parse
from jobs.search.query import SearchQuery, name_query
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, RUNNING


def errors_in(text: str) -> list[tuple[str, str]]:
    """Each invalid part of the text, and the code of its error."""
    with pytest.raises(InvalidQuery) as caught:
        parse(text)
    return [(text[each.start : each.end], each.code) for each in caught.value.search_errors]


def suggestions_for(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidQuery) as caught:
        parse(text)
    return caught.value.search_errors[0].suggestions


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("  turbine \t blade ", "turbine blade"),
        ('"turbine blade" rotor', '"turbine blade" rotor'),
        ("name:turbine NAME:blade", "turbine blade"),
        ('name:"turbine  blade"', '"turbine  blade"'),
        ("wing Wing WING", "wing"),
        ('"turbine bl', '"turbine bl"'),
        ("“turbine blade” x", '"turbine blade" x'),
        (r'"5\" pipe \\ x"', r'"5\" pipe \\ x"'),
        ('"a"b', "a b"),
        ('""', ""),
        ('"', ""),
        ('"\\', "\\"),
        ('5" pipe', '5" pipe'),
        (r"C:\x 10:30 http://x ::1 a:b:c", r"C:\x 10:30 http://x ::1 a:b:c"),
        ("#1234 front-left -4V -", "#1234 front-left -4V -"),
        ('"status:failed"', '"status:failed"'),
        ("frame:12 game:x d:x", "frame:12 game:x d:x"),
        ("%_ ' ; -- Øresund 😀\u202e", "%_ ' ; -- Øresund 😀\u202e"),
        ("status:failed", "status:failed"),
        ("STATUS:Failed,pending", "status:pending,failed"),
        ("status:failed wing status:RUNNING,,failed", "wing status:running,failed"),
        ('status:"failed, pending"', "status:pending,failed"),
        ("-status:completed -Status:failed", "-status:completed,failed"),
        ("status:failed OR status:running", "status:running,failed"),
        ("id:2 OR id:1", "id:1,2"),
        ("turbine OR wing", "turbine OR wing"),
        ('a | "b c" || d e', 'a OR "b c" OR d e'),
        ("turbine OR Turbine", "turbine"),
        ("or turbine", "or turbine"),
        ("OR", '"OR"'),
        ("-turbine -name:Turbine", "-turbine"),
        ('-"two words" wing', 'wing -"two words"'),
        ("--flag", "--flag"),
        ('-"2026"', '-"2026"'),
        ("-name:40", '-"40"'),
        ("-", "-"),
        ("-id:12 -created:today", "-id:12 -created:today"),
        ("status:failed -status:completed", "status:failed -status:completed"),
        ("id:3,1 id:0002,3", "id:1,2,3"),
        (f"id:{2**63 - 1}", f"id:{2**63 - 1}"),
        ("created:>2026-01-01 updated:<2H", "created:>2026-01-01 updated:<2h"),
        ("updated:<2h created:<7d updated:>1h", "created:<7d updated:<2h updated:>1h"),
        ("created:2026-11-20..", "created:>=2026-11-20"),
        ('created:">= 2026-11-20 10:00"', "created:>=2026-11-20T10:00"),
    ],
)
def test_query_has_one_canonical_text(text: str, canonical: str) -> None:
    query = parse(text)
    assert str(query) == canonical
    assert parse(canonical) == query


def test_statuses_are_alternatives_or_exclusions() -> None:
    assert parse("status:failed status:running").statuses == (RUNNING, FAILED)
    others = tuple(status for status in StatusType if status not in {COMPLETED, FAILED})
    assert parse("-status:completed,failed").statuses == others
    assert parse("status:failed,completed -status:failed").statuses == (COMPLETED,)
    assert parse("status:failed -status:failed").statuses == ()
    assert parse("wing").statuses == tuple(StatusType)


@pytest.mark.parametrize(
    "name", ["a b", '"', '\\"', "\\", "status:x", "a:b", "-", "-40", "OR", "|", "“x”", "😀" * 255]
)
def test_any_name_can_be_searched_for(name: str) -> None:
    assert parse(str(name_query(name))) == name_query(name)
    assert parse(str(name_query(name))).names == (name,)


@pytest.mark.parametrize(
    ("text", "part", "code", "suggestion"),
    [
        ("wing stauts:failed x", "stauts:failed", "unknown_filter", "status:failed"),
        ("-staus:failed", "-staus:failed", "unknown_filter", "-status:failed"),
        ("state:done", "state:done", "unknown_filter", "status:completed"),
        ("upadted:<2h", "upadted:<2h", "unknown_filter", "updated:<2h"),
        ('nmae:"a b"', 'nmae:"a b"', "unknown_filter", 'name:"a b"'),
        ("ids:7", "ids:7", "unknown_filter", "id:7"),
        ("status:faild", "status:faild", "unknown_status", "status:failed"),
        ("status:pending,runing", "status:pending,runing", "unknown_status", "status:pending,running"),
        ("-status:c", "-status:c", "unknown_status", "-status:completed"),
        ("status:done", "status:done", "unknown_status", "status:completed"),
        ("status:", "status:", "incomplete", "status:pending"),
        ("x status: failed y", "status: failed", "incomplete", "status:failed"),
        ("created:> 2h", "created:> 2h", "incomplete", "created:>2h"),
        ("created:2h", "created:2h", "unknown_time", "created:<2h"),
        ("updated:1d..2d", "updated:1d..2d", "unknown_time", "updated:2d..1d"),
        ("id:#12", "id:#12", "unknown_id", "id:12"),
        ("id:1,x2,3", "id:1,x2,3", "unknown_id", "id:1,2,3"),
        ("status:!failed", "status:!failed", "unknown_status", "-status:failed"),
        ("-status:!failed", "-status:!failed", "unknown_status", "status:failed"),
        ("created:!today", "created:!today", "unknown_time", "-created:today"),
        ("id:abc", "id:abc", "unknown_id", '"abc"'),
        ("id:0", "id:0", "unknown_id", '"0"'),
        (f"id:{2**63}", f"id:{2**63}", "unknown_id", f'"{2**63}"'),
        ("turbine OR", "OR", "incomplete", '"OR"'),
        ("| turbine", "|", "incomplete", '"|"'),
        ("wing OR status:failed", "OR", "misplaced_or", '"OR"'),
        ("status:failed OR id:3", "OR", "misplaced_or", '"OR"'),
        ("created:today OR created:yesterday", "OR", "misplaced_or", '"OR"'),
        ("wing OR -turbine", "OR", "misplaced_or", '"OR"'),
        ("-status:failed OR -status:pending", "OR", "misplaced_or", '"OR"'),
        ("a\0b", "\0", "invalid_characters", ""),
    ],
)  # fmt: skip
def test_invalid_part_is_located_with_a_suggestion(
    text: str, part: str, code: str, suggestion: str
) -> None:
    assert errors_in(text) == [(part, code)]
    assert suggestions_for(text)[0] == suggestion


@pytest.mark.parametrize("text", ["status:wat", "created:soon", "name:", "id:"])
def test_unrecognizable_part_has_no_suggestion(text: str) -> None:
    assert errors_in(text)[0][0] == text
    assert suggestions_for(text) == ()


def test_all_errors_are_reported_at_once_and_quote_the_text() -> None:
    with pytest.raises(InvalidQuery) as caught:
        parse('stauts:failed "turbine blade" created:soon status:x')
    first, second, third = caught.value.search_errors
    assert first.detail == '"stauts:failed" is not a valid filter. Did you mean status:failed?'
    assert first.suggestions == ("status:failed", '"stauts:failed"')
    assert second.detail.startswith(
        '"soon" is not a valid date or time. Use a date (2026-11-20, today, '
    )
    assert third.detail.startswith('"x" is not a valid status. Allowed: pending, running, ')
    assert third.detail.endswith(f" or {list(StatusType)[-1].lower()}.")


def test_every_limit_is_enforced() -> None:
    assert errors_in("x" * (MAX_LENGTH + 1)) == [("x", "too_long")]
    assert errors_in("x" * 256)[0][1] == "too_long"
    assert parse("x" * 255).names == ("x" * 255,)
    many = [f"x{number}" for number in range(MAX_TERMS + 1)]
    assert len(parse(" ".join(many[1:])).terms) == MAX_TERMS
    assert errors_in(" ".join(many))[0][1] == "too_many"
    ids = [str(number) for number in range(1, MAX_IDS + 2)]
    assert len(parse("id:" + ",".join(ids[1:])).terms) == 1
    assert len(parse("status:failed id:" + ",".join(ids[1:])).terms) == 2, "a status is no ID"
    assert errors_in("id:" + ",".join(ids))[0][1] == "too_many"
    # each of these characters is escaped in the canonical text
    assert errors_in(" ".join(["“" + '"' * 200 + str(n) for n in range(8)]))[0][1] == "too_long"


PIECES = [
    "status:", "-status:", "name:", "created:", "updated:", "id:", "stauts:", "nmae:", "failed", "pending,", "<", ">=",
    "..", "2h", "7d", "2026-11-20", "2026-11", "T10:30", "Z", "+02:00", "1", "0", "12,", '"', "\\", "“", "”", " ", "  ", "\t",
    "\u00a0", "\u2028", "wing", "-", "OR", "|", "-wing", "today", "this-week", ":", "C:\\x", "10:30", "😀", "ß", "İ", "\0", "\ud800", "%", "9" * 30, "x" * 260,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_random_text_is_valid_or_rejected_with_valid_suggestions(seed: int) -> None:
    rand = random.Random(seed)
    for _ in range(400):
        text = "".join(rand.choices(PIECES, k=rand.randrange(1, 9)))
        try:
            query = parse(text)
        except InvalidQuery as error:
            assert_suggestions_are_valid(text, error)
        else:
            assert parse(str(query)) == query
            assert str(parse(str(query))) == str(query)


def assert_suggestions_are_valid(text: str, invalid: InvalidQuery) -> None:
    assert invalid.search_errors
    for error in invalid.search_errors:
        assert 0 <= error.start <= error.end <= len(text)
        error.detail.encode()
        for suggestion in filter(None, error.suggestions):
            assert isinstance(parse(suggestion), SearchQuery), (text, suggestion)
