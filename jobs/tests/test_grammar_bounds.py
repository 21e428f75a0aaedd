"""Whatever stands in a search, it is read, or what is wrong with it is told: in time, in depth and in size."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import grammar
from jobs.grammar import MAX_LENGTH, MAX_WRONG, Misunderstood, parse
from jobs.tests.conftest import Api
from jobs.tests.problems import problem_of

PIECES = st.sampled_from(
    [
        *["status:", "-status:", "state:", "id:", "name:", "created:", "updated:", "craeted:"],
        *["failed", "faild", "done", "1", "1a", "#12", "<2h", "2h", "yesterday", "2026-1-2", ".."],
        *['"', "\\", "“", "”", ",", "-", ":", " ", "<", ">=", "9999-12-31", "0000", "x", "\u200b"],
        *["2026-12-31T00:00:00+05:30", "T23:59:60Z", "99999w", "…", "≤", "ß", "\ud83d\ude00"],
        *[" 05:30", " 10:00", " ago", " pm", " UTC", " ..", " <2026", "2026-11-20", "5ſ"],
    ]
)


def problems(text: str) -> list[grammar.Wrong]:
    try:
        parse(text)
    except Misunderstood as error:
        return error.wrong
    return []


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=MAX_LENGTH + 5), st.lists(PIECES, max_size=300).map("".join)))
def test_any_text_is_read_or_told_what_is_wrong(text: str) -> None:
    for wrong in problems(text):
        assert 0 <= wrong.start <= wrong.end <= len(text)
        assert len(wrong.detail) <= 3 * MAX_LENGTH
        for meant in wrong.meant:
            assert not meant or problems(meant) == []


@pytest.mark.parametrize(
    "text",
    [
        "id:" + ",".join(f"{n}a" for n in range(1, 260)),
        "status:" + ",".join(f"faild{n}" for n in range(192)),
        "status:" + "faild," * 300,
        "id: " * 499,
        "created:" + "<" * 1_990,
        "created:" + ".." * 990,
        "name:" * 400,
        '"' * 2_000,
        "\\" * 2_000,
        "-" * 1_999,
        "status:-status:" * 130,
        "state:" * 330,
        "craeted:yesterday " * 110,
        "created:2026-11-20 " + "10:00%2B" * 240,
        'created:"2026-11-20' + " " * 1_970,
        'created:"' + "10:00 " * 330,
        "created:2026-11-20 10:00 " * 80,
        "created:" + "1d ago.." * 240,
    ],
)
def test_a_long_text_costs_neither_depth_nor_time(text: str) -> None:
    """As much work as its length: counted in calls, which no busy machine makes more of."""
    calls = depth = deepest = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls, depth, deepest
        if event == "call":
            calls, depth = calls + 1, depth + 1
            deepest = max(deepest, depth)
        elif event == "return":
            depth -= 1

    sys.setprofile(count)
    try:
        wrong = problems(text[:MAX_LENGTH])
    finally:
        sys.setprofile(None)
    assert len(wrong) <= MAX_WRONG
    assert deepest < 40
    assert calls < 60 * MAX_LENGTH


def test_all_words_of_a_list_are_mended_at_once() -> None:
    [wrong] = problems("status:faild,runing,completed")
    assert wrong.meant == ("status:failed,running,completed",)
    [wrong] = problems("id:#1,2,3x")
    assert wrong.meant == ("id:1,2,3",)
    [wrong] = problems("status:faild,unheard")
    assert wrong.meant == ()


@pytest.mark.django_db
def test_many_slips_are_a_bad_request(api: Api) -> None:
    for q in ("id:" + ",".join(f"{n}a" for n in range(1, 260)), "status:" + "faild," * 192):
        problem_of(api.call("GET", f"/api/jobs/?q={q}"), 400)
