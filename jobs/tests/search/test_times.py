"""Times in a search: the range they cover, their canonical text, and suggestions for invalid ones."""

from datetime import UTC, datetime

import pytest

from jobs.search.times import InvalidTime, parse_time_filter
from jobs.time_range import ALL_TIME, TimeRange

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2026-11-20T10:30", "2026-11-20T10:30", "2026-11-20T10:31"),
        ("2026-11-20T10:30:59Z", "2026-11-20T10:30:59", "2026-11-20T10:31"),
        ("2026-11-20T00:30:00.5+02:00", "2026-11-19T22:30:00.5", "2026-11-19T22:30:00.500001"),
        ("2026-11-20 10:30-0130", "2026-11-20T12:00", "2026-11-20T12:01"),
        ("2026-11-20 10:30:00+05", "2026-11-20T05:30:00", "2026-11-20T05:30:01"),
        ("2026-11-01 .. 2026-11-20", "2026-11-01", "2026-11-21"),
        (">2026-11-20", "2026-11-21", None),
        (">=2026-11-20", "2026-11-20", None),
        ("<2026-11-20", None, "2026-11-20"),
        ("<=2026-11-20", None, "2026-11-21"),
        ("≥2026", "2026-01-01", None),
        ("2026-11-01..2026-11-20", "2026-11-01", "2026-11-21"),
        ("2026-11-20..2026-11-20", "2026-11-20", "2026-11-21"),
        ("2026-11-01…2026-11", "2026-11-01", "2026-12-01"),
        ("2026-11-20..", "2026-11-20", None),
        ("..2026-11-20", None, "2026-11-21"),
        ("<2h", "2026-11-22T10:00", None),
        ("<=2H", "2026-11-22T10:00", None),
        (">7d", None, "2026-11-15T12:00"),
        ("<90s", "2026-11-22T11:58:30", None),
        ("<030m", "2026-11-22T11:30", None),
        ("2w..1d", "2026-11-08T12:00", "2026-11-21T12:00"),
        ("1d..2026-12", "2026-11-21T12:00", "2027-01-01"),
    ],
)
def test_time_filter_covers_its_range(text: str, start: str | None, end: str | None) -> None:
    time_filter = parse_time_filter(text)
    assert time_filter.range(NOW) == TimeRange(at(start), at(end))
    assert parse_time_filter(str(time_filter)) == time_filter


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("<=2H", "<2h"),
        ("..2026-11-20", "<=2026-11-20"),
        ("2026-11-20..", ">=2026-11-20"),
        ("2026-11-20t10:30+02:00", "2026-11-20T08:30Z"),
        ("2026-11-20T10:30:00.5Z", "2026-11-20T10:30:00.500000Z"),
        ("2026-11-20T10:30:00.5", "2026-11-20T10:30:00.500000"),
        ("TODAY", "today"),
    ],
)
def test_time_filter_has_one_canonical_text(text: str, canonical: str) -> None:
    assert str(parse_time_filter(text)) == canonical


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("2h", "<2h"),
        ("1d..", "<1d"),
        ("5 minutes", "<5m"),
        (">3days", ">3d"),
        ("<1y", "<52w"),
        (">2mo", ">60d"),
        ("3 hrs ago", "<3h"),
        (">2 weeks ago", ">2w"),
        ("2026-11-20T10:30:00 05:30", "2026-11-20T10:30:00+05:30"),
        ("<=2026-11-20 10:30 5:30", "<=2026-11-20T10:30+05:30"),
        ("2026-11-20T10:30%2b05:30", "2026-11-20T10:30+05:30"),
        ("2026-11-20T10:30 -0530", "2026-11-20T10:30-0530"),
        ("2026-11-20 T10:30", "2026-11-20T10:30"),
        ("2026-11-20 9:30", "2026-11-20T09:30"),
        ("2026-11-20 12:05 a.m.", "2026-11-20T00:05"),
        ("2026-11-20 10PM", "2026-11-20T22:00"),
        ("2026-11-20T10:30 UTC", "2026-11-20T10:30Z"),
        ("2026-11-20 GMT", "2026-11-20"),
        ("2026/1/5..2026/2/1", "2026-01-05..2026-02-01"),
        ("2026/2/1..2026/1/5", "2026-01-05..2026-02-01"),
        ("2026/1/5..", "2026-01-05.."),
        ("2026-11-01..2026-11-20T10:30 05:30", "2026-11-01..2026-11-20T10:30+05:30"),
        ("2026/1/5", "2026-01-05"),
        ("<2026.01.05", "<2026-01-05"),
        ("now", "<1m"),
        ("2026-11-20..2026-11-01", "2026-11-01..2026-11-20"),
        ("1d..2d", "2d..1d"),
        (">2026..2027", "2026..2027"),
        *[
            (text, None)
            for text in ("", ">", "..", "soon", "2026-02-30", "2026-13", "0000", "20261120", "0h", "99", "-1d",
                         "2026-11-20T25:00", "2026-11-20T10:30+24:00", "0001-01-01T00:00+02:00", "2026-11-20Z",
                         "٢٠٢٦", "1d..soon", "<1" + "0" * 5000 + "d", "1..2..3", "x" * 9999, "5ſ", "5 ſ", "2026 wing",
                         "2026 w", "2026-11-20T10:30 2026", "2026-11-20 pm", "2026-02-30 10:00", "1d..1y ")
        ],
    ],
)  # fmt: skip
def test_invalid_time_is_rejected_with_a_suggestion(text: str, suggestion: str | None) -> None:
    with pytest.raises(InvalidTime) as caught:
        parse_time_filter(text)
    assert caught.value.suggestion == suggestion


def test_intersection_of_ranges() -> None:
    early, late = TimeRange(at("2026-01-01"), at("2026-03-01")), TimeRange(at("2026-02-01"), None)
    assert early.intersect(late) == TimeRange(at("2026-02-01"), at("2026-03-01"))
    assert early.intersect(ALL_TIME) == early
    assert early.intersect(TimeRange(start=at("2026-03-01"))).is_empty
    assert not early.is_empty


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (
            "2026-11-20T14:05:00.1234567890123Z",
            "2026-11-20T14:05:00.123456",
            "2026-11-20T14:05:00.123457",
        ),
        ("2026-11-20t14:05:00z", "2026-11-20T14:05:00", "2026-11-20T14:05:01"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00", "2027-01-01T00:00:01"),
        ("2026-11-20T00:30:00+05:30", "2026-11-19T19:00:00", "2026-11-19T19:00:01"),
        ("<=9999-12-31", None, None),
        ("<=9999", None, None),
        ("9999-12", "9999-12-01T00:00:00", None),
        (">=9999-12-31", "9999-12-31T00:00:00", None),
        ("0001-01-01", "0001-01-01T00:00:00", "0001-01-02T00:00:00"),
    ],
)
def test_every_valid_timestamp_has_a_range(text: str, start: str | None, end: str | None) -> None:
    time_range = parse_time_filter(text).range(datetime(2026, 11, 20, tzinfo=UTC))
    assert time_range == tuple(
        part and datetime.fromisoformat(part).replace(tzinfo=UTC) for part in (start, end)
    )


@pytest.mark.parametrize("text", [">9999-12-31", ">9999", ">9999-12-31T23:59:59.999999Z"])
def test_range_after_year_9999_is_empty(text: str) -> None:
    assert parse_time_filter(text).range(datetime(2026, 11, 20, tzinfo=UTC)).is_empty


@pytest.mark.parametrize(
    "text", ["0000-01-01", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2026-02-30"]
)
def test_timestamp_out_of_range_is_rejected(text: str) -> None:
    with pytest.raises(InvalidTime):
        parse_time_filter(text)
