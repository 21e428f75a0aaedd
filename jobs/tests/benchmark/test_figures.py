"""The benchmark's statistics, number formats and tables."""

import pytest

from jobs.benchmark.figures import format_number, median, percentile, ratio, times
from jobs.benchmark.goals import Goal
from jobs.benchmark.tables import table


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 50), (0.99, 99), (0.991, 100), (1, 100), (0, 1)]
)
def test_percentiles_are_measured_values(share: float, value: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_median_is_one_of_the_values() -> None:
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 3, 2]) == 2
    with pytest.raises(ValueError, match="no values"):
        median([])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "–"),
        (0.0424, "0.042"),
        (0.844, "0.84"),
        (9.996, "10.0"),
        (99.96, "100"),
        (1234, "1,234"),
    ],
)
def test_formats_numbers_with_about_three_digits(number: float | None, text: str) -> None:
    assert format_number(number) == text


def test_ratio_requires_both_values() -> None:
    assert times(ratio(3, 2)) == "1.50 ×"
    assert times(ratio(30, 2)) == "15.0 ×"
    assert times(ratio(None, 2)) == times(ratio(3, None)) == times(ratio(3, 0)) == "–"


def test_goal_is_met_up_to_its_limit() -> None:
    assert Goal("list", 1.0, 1.0).row() == ["list", "1.00 ms", "1.00 ms", "met"]
    assert Goal("list", 2.5, 2.6, unit="×").row() == ["list", "2.5 ×", "2.6 ×", "missed"]
    assert Goal("list", 1.0, None).row() == ["list", "1.00 ms", "–", "not measured"]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(["Call", "ms"], [["list", "1,234"], ["×", "–"]], text_columns=[0]) == (
        "| Call |    ms |\n| ---- | ----: |\n| list | 1,234 |\n| ×    |     – |"
    )
    with pytest.raises(ValueError, match="every column"):
        table(["Call", "ms"], [["list"]], text_columns=[0])
