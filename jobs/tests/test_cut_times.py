"""A time that a blank cuts in two is refused with what is meant: its rest is never taken for a part of the name."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from jobs.grammar import Misunderstood, parse
from jobs.tests.conftest import Api
from jobs.tests.factories import fill
from jobs.tests.problems import problem_of


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("<2026-12-31T00:00:00 05:30", "<2026-12-31T00:00:00+05:30"),
        ("2026-12-31T00:00 0530", "2026-12-31T00:00+0530"),
        ("2026-12-31T00:00 05", "2026-12-31T00:00+05"),
        ("2026-12-31T00:00 -05:00", "2026-12-31T00:00-05:00"),
        ("2026-12-31T00:00\u00a005:30", "2026-12-31T00:00+05:30"),
        ("2026-12-01..2026-12-31T00:00 05:30", "2026-12-01..2026-12-31T00:00+05:30"),
        ('"2026-12-31 00:00" 05:30', "2026-12-31T00:00+05:30"),
        (">2026-12-31 10:00", ">2026-12-31T10:00Z"),
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
def test_what_is_behind_a_time_is_its_rest_or_a_name(value: str, meant: str | None) -> None:
    text = f"rotor created:{value} status:failed"
    if meant is None:
        assert len(parse(text).names) == 2
        return
    with pytest.raises(Misunderstood) as caught:
        parse(text)
    [wrong] = caught.value.wrong
    assert (text[wrong.start : wrong.end], wrong.code) == (f"created:{value}", "unknown_time")
    assert wrong.meant[0] == f"created:{meant}"
    mended = [f"{text[: wrong.start]}{part}{text[wrong.end :]}" for part in wrong.meant]
    assert parse(mended[0]).names == ("rotor",)
    for other in mended[1:]:
        assert len(parse(other).names) == 2
    assert all(part in wrong.detail for part in wrong.meant)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("2 hours", "<2h"),
        (">3 days", ">3d"),
        ("<1 d", "<1d"),
        ("1d.. 2d", "2d..1d"),
        (".. 2026", "<=2026"),
    ],
)
def test_where_the_first_word_is_no_time_only_the_whole_is_meant(value: str, meant: str) -> None:
    with pytest.raises(Misunderstood) as caught:
        parse(f"updated:{value}")
    assert caught.value.wrong[0].meant == (f"updated:{meant}",)


def test_two_times_of_one_filter_are_told_so_and_an_exclusion_stays_one() -> None:
    with pytest.raises(Misunderstood) as caught:
        parse('created:">=2026-11-20 10:00" <2026-12-01')
    [wrong] = caught.value.wrong
    assert wrong.meant[0] == 'created:">=2026-11-20 10:00" created:<2026-12-01'
    assert "has two times and one filter" in wrong.detail
    with pytest.raises(Misunderstood) as caught:
        parse("-created:2026-11-20 10:00")
    [wrong] = caught.value.wrong
    assert wrong.code == "not_excludable"


@pytest.mark.django_db
def test_a_plus_sign_in_an_address_is_a_blank(api: Api) -> None:
    """05:30 in India is midnight in Greenwich."""
    fill(1, name="Early", at=datetime(2026, 12, 30, 18, 0, tzinfo=UTC))
    fill(1, name="Late", at=datetime(2026, 12, 30, 19, 0, tzinfo=UTC))
    q = "created:<2026-12-31T00:00:00+05:30"
    [job] = api.get(f"/api/jobs/?q={quote(q)}")["results"]
    assert job["name"] == "Early"
    for path in ("/api/jobs/", "/api/jobs/export/"):
        problem = problem_of(api.call("GET", f"{path}?q={q}"), 400)
        [mistake] = problem["errors"]
        assert (mistake["field"], mistake["code"]) == ("q", "unknown_time")
        assert "write + as %2B" in mistake["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moment",
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
def test_a_body_takes_whole_moments_only(api: Api, moment: str) -> None:
    [job] = fill(1)
    change = {"id": job, "status_type": "RUNNING", "updated_at": moment}
    for method, path, body in (
        ("POST", f"/api/jobs/{job}/undo/", {"updated_at": moment}),
        ("PATCH", "/api/jobs/", {"jobs": [change]}),
    ):
        [mistake] = problem_of(api.call(method, path, body), 400)["errors"]
        assert mistake["field"].endswith("updated_at")
        assert mistake["code"] == "invalid"
        assert "with its zone" in mistake["detail"]
