"""A time that a space splits is rejected with a suggestion; the rest of it never becomes part of the name."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from jobs.mistakes import InvalidQuery
from jobs.search.parser import parse
from jobs.tests.conftest import Api
from jobs.tests.factories import fill
from jobs.tests.problems import problem_of


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("<2026-12-31T00:00:00 05:30", "<2026-12-31T00:00:00+05:30"),
        ("2026-12-31T00:00 0530", "2026-12-31T00:00+0530"),
        ("2026-12-31T00:00 05", "2026-12-31T00:00+05"),
        ("2026-12-31T00:00 -05:00", "2026-12-31T00:00-05:00"),
        ("2026-12-31T00:00\u00a005:30", "2026-12-31T00:00+05:30"),
        ("2026-12-01..2026-12-31T00:00 05:30", "2026-12-01..2026-12-31T00:00+05:30"),
        ('"2026-12-31 00:00" 05:30', "2026-12-31T00:00+05:30"),
        (">2026-12-31 10:00", ">2026-12-31T10:00"),
        ("2026-12-31 9:00", "2026-12-31T09:00"),
        ("2026-12-31 10:00:30.5Z", "2026-12-31T10:00:30.500000Z"),
        ("2026-12-31 T10:00", "2026-12-31T10:00"),
        ("2026-12-31 10:30pm", "2026-12-31T22:30"),
        ("2026-12-31T10:30 pm", "2026-12-31T22:30"),
        ("2026-12-31T10:30 Z", "2026-12-31T10:30Z"),
        ("2026-12-31 UTC", "2026-12-31"),
        ("<2h ago", "<2h"),
        ("2026-12-01.. 2026-12-31", "2026-12-01..2026-12-31"),
        ("2026-12-01 ..2026-12-31", "2026-12-01..2026-12-31"),
        ("2026-12-31.. 2026-12-01", "2026-12-01..2026-12-31"),
        ("2026-12-01 ..", ">=2026-12-01"),
        (">=2026-12-01 <2026-12-31", ">=2026-12-01 created:<2026-12-31"),
        ("<1d 2026-12-31", None),
        ("2026 wing", None),
        ("2026 2027", None),
        ("2026-12-31 Z", None),
        ("2026-12-31T00:00Z 05:30", None),
        ("2026-12-31T00:00 2026", None),
        ("<1d 10:30", None),
        ("2026.. wing", None),
        ('2026-12-31 "10:00"', None),
        ("2026-12-31 name:10:00", None),
    ],
)
def test_word_after_a_time_is_the_rest_of_it_or_a_name(value: str, suggestion: str | None) -> None:
    text = f"rotor created:{value} status:failed"
    if suggestion is None:
        assert len(parse(text).names) == 2
        return
    with pytest.raises(InvalidQuery) as caught:
        parse(text)
    [error] = caught.value.search_errors
    assert text[error.start : error.end] == f"created:{value}"
    assert error.code == "unknown_time"
    assert error.suggestions[0] == f"created:{suggestion}"
    before, after = text[: error.start], text[error.end :]
    corrected = [f"{before}{part}{after}" for part in error.suggestions]
    assert parse(corrected[0]).names == ("rotor",)
    for other in corrected[1:]:
        assert len(parse(other).names) == 2
    assert all(part in error.detail for part in error.suggestions)


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("2 hours", "<2h"),
        (">3 days", ">3d"),
        ("<1 d", "<1d"),
        ("1d.. 2d", "2d..1d"),
        (".. 2026", "<=2026"),
    ],
)
def test_only_the_whole_is_suggested_if_the_first_word_is_not_a_time(
    value: str, suggestion: str
) -> None:
    with pytest.raises(InvalidQuery) as caught:
        parse(f"updated:{value}")
    assert caught.value.search_errors[0].suggestions == (f"updated:{suggestion}",)


def test_two_times_for_one_filter() -> None:
    with pytest.raises(InvalidQuery) as caught:
        parse('created:">=2026-11-20 10:00" <2026-12-01')
    [error] = caught.value.search_errors
    assert error.suggestions[0] == 'created:">=2026-11-20 10:00" created:<2026-12-01'
    assert "has two times for one filter" in error.detail


@pytest.mark.django_db
def test_plus_sign_in_a_url_is_a_space(api: Api) -> None:
    """05:30 at an offset of +05:30 is midnight UTC."""
    fill(1, name="Early", at=datetime(2026, 12, 30, 18, 0, tzinfo=UTC))
    fill(1, name="Late", at=datetime(2026, 12, 30, 19, 0, tzinfo=UTC))
    q = "created:<2026-12-31T00:00:00+05:30"
    [job] = api.get(f"/api/jobs/?q={quote(q)}")["results"]
    assert job["name"] == "Early"
    for path in ("/api/jobs/", "/api/jobs/export/"):
        problem = problem_of(api.call("GET", f"{path}?q={q}"), 400)
        [error] = problem["errors"]
        assert (error["field"], error["code"]) == ("q", "unknown_time")
        assert "encode + as %2B" in error["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-12-31T00:00:00.000000 05:30",
        "2026-12-31T00:00:00.000000",
        "2026-12-31 00:00",
        "2026-12-31",
        "2026-12-31T00:00:00Z ",
        "2026-12-31T00:00:00Z\n",
        "2026-12-31T00:00:00 Z",
        "2026-12-31T00:00:00+05",
        " 2026-12-31T00:00:00Z",
    ],
)
def test_body_accepts_only_complete_timestamps(api: Api, timestamp: str) -> None:
    [job] = fill(1)
    change = {"id": job, "status_type": "RUNNING", "updated_at": timestamp}
    for method, path, body in (
        ("POST", f"/api/jobs/{job}/undo/", {"updated_at": timestamp}),
        ("PATCH", "/api/jobs/", {"jobs": [change]}),
    ):
        [error] = problem_of(api.call(method, path, body), 400)["errors"]
        assert error["field"].endswith("updated_at")
        assert error["code"] == "invalid"
        assert "with an offset" in error["detail"]
