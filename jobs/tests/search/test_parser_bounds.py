"""Any text is either a valid search or rejected with errors, with bounds on time, recursion depth and size."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.mistakes import InvalidQuery, SearchError
from jobs.search.parser import MAX_LENGTH, MAX_SEARCH_ERRORS, parse
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


def errors_of(text: str) -> list[SearchError]:
    try:
        parse(text)
    except InvalidQuery as error:
        return error.search_errors
    return []


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=MAX_LENGTH + 5), st.lists(PIECES, max_size=300).map("".join)))
def test_any_text_is_valid_or_rejected_with_errors(text: str) -> None:
    for error in errors_of(text):
        assert 0 <= error.start <= error.end <= len(text)
        assert len(error.detail) <= 3 * MAX_LENGTH
        for suggestion in error.suggestions:
            assert not suggestion or errors_of(suggestion) == []


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
def test_long_text_takes_linear_time_and_little_stack(text: str) -> None:
    """Measured in function calls, whose number does not depend on the load of the machine."""
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
        found = errors_of(text[:MAX_LENGTH])
    finally:
        sys.setprofile(None)
    assert len(found) <= MAX_SEARCH_ERRORS
    assert deepest < 40
    assert calls < 60 * MAX_LENGTH


def test_all_words_of_a_list_are_corrected_at_once() -> None:
    [error] = errors_of("status:faild,runing,completed")
    assert error.suggestions == ("status:failed,running,completed",)
    [error] = errors_of("id:#1,2,3x")
    assert error.suggestions == ("id:1,2,3",)
    [error] = errors_of("status:faild,unheard")
    assert error.suggestions == ()


@pytest.mark.django_db
def test_many_errors_are_a_bad_request(api: Api) -> None:
    for q in ("id:" + ",".join(f"{n}a" for n in range(1, 260)), "status:" + "faild," * 192):
        problem_of(api.call("GET", f"/api/jobs/?q={q}"), 400)
