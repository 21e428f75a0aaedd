"""Times as they are written: what they cover, how they are written back, what is meant by what is none."""

from datetime import UTC, datetime

import pytest

from jobs.when import ALWAYS, NoTime, Span, read_when

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
def test_a_time_covers_what_it_names(text: str, start: str | None, end: str | None) -> None:
    when = read_when(text)
    assert when.span(NOW) == Span(at(start), at(end))
    assert read_when(str(when)) == when


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<=2H", "<2h"),
        ("..2026-11-20", "<=2026-11-20"),
        ("2026-11-20..", ">=2026-11-20"),
        ("2026-11-20t10:30+02:00", "2026-11-20T08:30Z"),
        ("2026-11-20T10:30:00.5", "2026-11-20T10:30:00.500000Z"),
    ],
)
def test_one_time_is_written_one_way(text: str, written: str) -> None:
    assert str(read_when(text)) == written


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2h", "<2h"),
        ("1d..", "<1d"),
        ("5 minutes", "<5m"),
        (">3days", ">3d"),
        ("<1y", "<52w"),
        (">2mo", ">60d"),
        ("2026/1/5", "2026-01-05"),
        ("<2026.01.05", "<2026-01-05"),
        ("yesterday", "2d..1d"),
        ("2026-11-20..2026-11-01", "2026-11-01..2026-11-20"),
        ("1d..2d", "2d..1d"),
        (">2026..2027", "2026..2027"),
        *[
            (text, None)
            for text in ("", ">", "..", "soon", "2026-02-30", "2026-13", "9999", "0000", "20261120", "0h", "99", "-1d",
                         "2026-11-20T25:00", "2026-11-20T10:30+24:00", "0001-01-01T00:00+02:00", "2026-11-20Z",
                         "٢٠٢٦", "1d..soon", "<1" + "0" * 5000 + "d", "1..2..3", "x" * 9999)
        ],
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_is_meant(text: str, meant: str | None) -> None:
    with pytest.raises(NoTime) as caught:
        read_when(text)
    assert caught.value.meant == meant


def test_spans_meet_in_what_both_cover() -> None:
    early, late = Span(at("2026-01-01"), at("2026-03-01")), Span(at("2026-02-01"), None)
    assert early.meet(late) == Span(at("2026-02-01"), at("2026-03-01"))
    assert early.meet(ALWAYS) == early
    assert early.meet(Span(start=at("2026-03-01"))).is_empty
    assert not early.is_empty
