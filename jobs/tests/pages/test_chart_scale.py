"""The scale of the chart: heights are proportional, and outliers are cut."""

import re

import pytest

from jobs.pages.chart_scale import CutLabel, cut_labels, paths, scale_top, tick

HEIGHT = 46


def segments(path: str) -> list[tuple[int, float, float]]:
    """x, top and height of each segment, without the marks of cut bars."""
    found = re.findall(r"M(\d+) ([\d.]+)h8v([\d.]+)h-8z", path)
    return [(int(x), float(top), float(height)) for x, top, height in found]


def heights(series: list[list[int]], top: int, height: int = HEIGHT) -> list[list[float]]:
    return [[h for _, _, h in segments(path)] for path in paths(series, top, height)]


@pytest.mark.parametrize(
    ("totals", "top"),
    [
        ([0, 0], 2),
        ([1], 2),
        ([2_981], 3_000),
        ([7, 3, 0], 8),
        ([440] * 57 + [300, 200, 12], 600),
        # an outlier, or two or three, among many
        ([100] * 57 + [2_981], 200),
        ([100] * 57 + [2_981, 2_900, 2_800], 200),
        # four are no outliers
        ([100] * 57 + [2_981, 2_900, 2_800, 2_700], 3_000),
        # in few bars
        ([3, 2_981], 6),
        ([3, 2_900, 2_981], 3_000),
        ([100, 90, 80, 5], 100),
        # not high enough above the others
        ([100] * 57 + [400], 400),
        ([100] * 57 + [401], 200),
    ],
)
def test_the_top_of_the_scale_is_that_of_the_ordinary_bars(totals: list[int], top: int) -> None:
    assert scale_top(totals) == top
    assert top % 2 == 0


def test_heights_are_proportional() -> None:
    assert heights([[10, 20, 40]], 40, 40) == [[10, 20, 40]]
    assert heights([[30, 0], [10, 5]], 40, 40) == [[30], [10, 5]]
    assert segments(paths([[30], [10]], 40, 40)[1]) == [(1, 0, 10)]


def test_one_failure_is_visible_and_lower_than_thirty() -> None:
    [_, failed] = heights([[400] * 5, [1, 3, 9, 18, 30]], 430)
    assert failed == [1, 1, 1, 1.9, 3.2]


def test_a_bar_above_the_scale_is_cut_and_marked() -> None:
    [ordinary, failed] = paths([[2_900, 50], [81, 1]], 200, HEIGHT)
    assert [height for _, _, height in segments(ordinary)] == [27.4, 11.5]
    assert [height for _, _, height in segments(failed)] == [18.6, 1]
    assert [top for _, top, _ in segments(failed)] == [0, 33.5]
    assert ("M1 -1.5" in ordinary, failed.count(" -1.5"), "M1 -1.5" in failed) == (False, 1, True)


def test_every_part_of_a_cut_bar_stays_visible() -> None:
    assert heights([[1], [5_000]], 200) == [[1], [45]]
    assert heights([[5_000], [1]], 200) == [[45], [1]]
    assert heights([[5_000], [5_000]], 200) == [[1], [45]]


@pytest.mark.parametrize(
    ("places", "labels"),
    [
        ([], []),
        ([0], [CutLabel("1.7%", "start", " 1,000")]),
        ([59], [CutLabel("98.3%", "end", "1,059 ")]),
        ([20, 22], [CutLabel("38.3%", "start", " 1,020, 1,022")]),
        ([5, 50], [CutLabel("10.0%", "start", " 1,005"), CutLabel("83.3%", "end", "1,050 ")]),
        ([5, 8, 50], [CutLabel("15.0%", "start", " 1,005, 1,008"), CutLabel("83.3%", "end", "1,050 ")]),
    ],
)  # fmt: skip
def test_cut_bars_are_labeled_with_their_numbers(places: list[int], labels: list[CutLabel]) -> None:
    totals = [1_000 + place if place in places else 10 for place in range(60)]
    assert cut_labels(totals, 20) == labels


@pytest.mark.parametrize(
    ("number", "text"),
    [(2, "2"), (1_200, "1,200"), (8_000, "8,000"), (12_000, "12k"), (1_200_000, "1.2M"), (30_000_000, "30M")],
)  # fmt: skip
def test_numbers_on_the_axis_are_short(number: int, text: str) -> None:
    assert tick(number) == text
