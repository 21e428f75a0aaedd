"""The search's language: what is understood, how it is written back, and what is said of the rest."""

import random

import pytest

from jobs.grammar import MAX_IDS, MAX_LENGTH, MAX_PARTS, Misunderstood, parse
from jobs.query import Query, named
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING


def wrong_in(text: str) -> list[tuple[str, str]]:
    """Each wrong part of the text, and the code of what is wrong."""
    with pytest.raises(Misunderstood) as caught:
        parse(text)
    return [(text[wrong.start : wrong.end], wrong.code) for wrong in caught.value.wrong]


def meant_by(text: str) -> tuple[str, ...]:
    with pytest.raises(Misunderstood) as caught:
        parse(text)
    return caught.value.wrong[0].meant


@pytest.mark.parametrize(
    ("text", "written"),
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
        ("status:failed -status:completed", "status:failed -status:completed"),
        ("id:3,1 id:0002,3", "id:1,2,3"),
        (f"id:{2**63 - 1}", f"id:{2**63 - 1}"),
        ("created:>2026-01-01 updated:<2H", "created:>2026-01-01 updated:<2h"),
        ("updated:<2h created:<7d updated:>1h", "created:<7d updated:<2h updated:>1h"),
        ("created:2026-11-20..", "created:>=2026-11-20"),
        ('created:">= 2026-11-20 10:00"', "created:>=2026-11-20T10:00Z"),
    ],
)
def test_what_is_understood_is_written_one_way(text: str, written: str) -> None:
    query = parse(text)
    assert str(query) == written
    assert parse(written) == query


def test_statuses_are_alternatives_and_exclusions_leave_the_rest() -> None:
    assert parse("status:failed status:running").statuses == (RUNNING, FAILED)
    assert parse("-status:completed,failed").statuses == (PENDING, RUNNING)
    assert parse("status:failed,completed -status:failed").statuses == (COMPLETED,)
    assert parse("status:failed -status:failed").statuses == ()
    assert len(parse("wing").statuses) == 4


@pytest.mark.parametrize(
    "name", ["a b", '"', '\\"', "\\", "status:x", "a:b", "-", "“x”", "😀" * 255]
)
def test_any_name_can_be_asked_for(name: str) -> None:
    assert parse(str(named(name))) == named(name)
    assert parse(str(named(name))).names == (name,)


@pytest.mark.parametrize(
    ("text", "part", "code", "meant"),
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
        ("updated:yesterday", "updated:yesterday", "unknown_time", "updated:2d..1d"),
        ("updated:1d..2d", "updated:1d..2d", "unknown_time", "updated:2d..1d"),
        ("id:#12", "id:#12", "unknown_id", "id:12"),
        ("id:1,x2,3", "id:1,x2,3", "unknown_id", "id:1,2,3"),
        ("-name:x", "-name:x", "not_excludable", '"-name:x"'),
        ("a\0b", "\0", "invalid_characters", ""),
    ],
)  # fmt: skip
def test_a_wrong_part_is_pointed_at_with_what_is_meant(
    text: str, part: str, code: str, meant: str
) -> None:
    assert wrong_in(text) == [(part, code)]
    assert meant_by(text)[0] == meant


@pytest.mark.parametrize(
    "text", ["status:wat", "id:abc", "id:0", f"id:{2**63}", "id:,", "created:soon", "name:", "id:"]
)
def test_where_nothing_is_likely_nothing_is_suggested(text: str) -> None:
    assert wrong_in(text)[0][0] == text
    assert meant_by(text) == ()


def test_every_wrong_part_is_named_at_once_in_words_that_quote_it() -> None:
    with pytest.raises(Misunderstood) as caught:
        parse('stauts:failed "turbine blade" created:soon status:x')
    first, second, third = caught.value.wrong
    assert first.detail == '"stauts:failed" is no filter. Did you mean status:failed?'
    assert first.meant == ("status:failed", '"stauts:failed"')
    assert second.detail.startswith('"soon" is no time. Write a day (2026-11-20), ')
    assert third.detail == ('"x" is no status. Allowed: pending, running, completed or failed.')


def test_every_part_is_bounded() -> None:
    assert wrong_in("x" * (MAX_LENGTH + 1)) == [("x", "too_long")]
    assert wrong_in("x" * 256)[0][1] == "too_long"
    assert parse("x" * 255).names == ("x" * 255,)
    many = [f"x{number}" for number in range(MAX_PARTS + 1)]
    assert len(parse(" ".join(many[1:])).parts) == MAX_PARTS
    assert wrong_in(" ".join(many))[0][1] == "too_many"
    ids = [str(number) for number in range(1, MAX_IDS + 2)]
    assert len(parse("id:" + ",".join(ids[1:])).parts) == 1
    assert wrong_in("id:" + ",".join(ids))[0][1] == "too_many"
    # written out, each of these takes two characters
    assert wrong_in(" ".join(["“" + '"' * 200 + str(n) for n in range(8)]))[0][1] == "too_long"


PIECES = [
    "status:", "-status:", "name:", "created:", "updated:", "id:", "stauts:", "nmae:", "failed", "pending,", "<", ">=",
    "..", "2h", "7d", "2026-11-20", "2026-11", "T10:30", "Z", "+02:00", "1", "0", "12,", '"', "\\", "“", "”", " ", "  ", "\t",
    "\u00a0", "\u2028", "wing", "-", ":", "C:\\x", "10:30", "😀", "ß", "İ", "\0", "\ud800", "%", "9" * 30, "x" * 260,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_typed_is_understood_or_refused_and_every_remedy_helps(seed: int) -> None:
    rand = random.Random(seed)
    for _ in range(400):
        text = "".join(rand.choices(PIECES, k=rand.randrange(1, 9)))
        try:
            query = parse(text)
        except Misunderstood as error:
            assert_remedies_help(text, error)
        else:
            assert parse(str(query)) == query
            assert str(parse(str(query))) == str(query)


def assert_remedies_help(text: str, error: Misunderstood) -> None:
    assert error.wrong
    for wrong in error.wrong:
        assert 0 <= wrong.start <= wrong.end <= len(text)
        wrong.detail.encode()
        for meant in filter(None, wrong.meant):
            assert isinstance(parse(meant), Query), (text, meant)
