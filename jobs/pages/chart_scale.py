"""The bars of the chart: a linear scale that a few outliers do not flatten, and the paths that draw it.

A height is proportional to its number, so that segments can be stacked and compared. A bar above the top of the scale is
cut, marked as cut, and labeled with its number. A number that is not zero is at least one pixel high.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# At most so many bars are cut, and at most a quarter of them (but one of two).
MOST_CUT: Final = 3
# Bars are cut if the highest one exceeds the highest of the others by this factor; the others then fill half the height.
CUT_FROM: Final = 4
HEADROOM: Final = 2
# Even numbers: half of the top is labeled too.
TOPS: Final = (2, 4, 6, 8, 10, 12, 16, 20, 30, 40, 60, 80)
# In units of the SVG, which the page stretches horizontally: a unit of height is a pixel.
STEP: Final = 10
BAR: Final = 8
MARK: Final = 6
# Cut bars that are less than this part of the width apart share a label.
NEAR: Final = 0.4


@dataclass(frozen=True)
class CutLabel:
    """The numbers of cut bars that are close to each other. `x` is in percent, `anchor` is SVG's `text-anchor`."""

    x: str
    anchor: str
    text: str


def scale_top(totals: Sequence[int]) -> int:
    """The number at the top of the scale; some totals may be above it."""
    highest = sorted(filter(None, totals), reverse=True)
    if not highest:
        return TOPS[0]
    cut = min(MOST_CUT, max(1, len(highest) // 4), len(highest) - 1)
    peak, rest = highest[0], highest[cut]
    return _rounded_up(rest * HEADROOM if peak > rest * CUT_FROM else peak)


def _rounded_up(number: int) -> int:
    power = 1
    while number > TOPS[-1] * power:
        power *= 10
    return next(top * power for top in TOPS if top * power >= number)


def paths(series: Sequence[Sequence[int]], top: int, height: int) -> list[str]:
    """A path for each series, stacked from the first up. Its lowest y is -MARK, above the top of a bar that is cut."""
    drawn: list[list[str]] = [[] for _ in series]
    for number, counts in enumerate(zip(*series, strict=True)):
        if not any(counts):
            continue
        x, y = number * STEP + 1, float(height)
        heights = _heights(counts, top, height)
        for part, segment in zip(drawn, heights, strict=True):
            if segment:
                y = round(y - segment, 1)
                part.append(f"M{x} {y:g}h{BAR}v{segment:g}h-{BAR}z")
        if sum(counts) > top:
            last = max(place for place, segment in enumerate(heights) if segment)
            drawn[last].append(f"M{x} -1.5l{BAR} -2v-2.5h-{BAR}z")
    return ["".join(part) for part in drawn]


def _heights(counts: Sequence[int], top: int, height: int) -> list[float]:
    """The height of each segment. Where a bar is cut, its lowest segments lose the rest, but remain visible."""
    heights = [max(round(n / top * height, 1), 1.0) if n else 0.0 for n in counts]
    for place, segment in enumerate(heights):
        excess = sum(heights) - height
        if segment and excess > 0:
            heights[place] = max(round(segment - excess, 1), 1.0)
    return heights


def cut_labels(totals: Sequence[int], top: int) -> list[CutLabel]:
    """The true numbers of the bars that are cut, beside them, where they do not overlap each other."""
    return [_label(group, totals) for group in _groups(totals, top)]


def _groups(totals: Sequence[int], top: int) -> Iterator[list[int]]:
    """The places of the bars that are cut, from left to right."""
    places = [place for place, total in enumerate(totals) if total > top]
    ends = [
        after
        for after, (one, other) in enumerate(pairwise(places), 1)
        if other - one > NEAR * len(totals)
    ]
    for start, end in pairwise([0, *ends, len(places)]):
        if places[start:end]:
            yield places[start:end]


def _label(group: Sequence[int], totals: Sequence[int]) -> CutLabel:
    """On the right of the bars, or on the left if there is too little room."""
    text = ", ".join(f"{totals[place]:,}" for place in group)
    right = (group[-1] + 1) / len(totals)
    if right < 1 - NEAR:
        return CutLabel(f"{100 * right:.1f}%", "start", f" {text}")
    return CutLabel(f"{100 * group[0] / len(totals):.1f}%", "end", f"{text} ")


def tick(number: int) -> str:
    """A number on the axis: `40`, `1,200`, `12k`, `1.2M`."""
    if number >= 1_000_000:
        return f"{number / 1_000_000:g}M"
    return f"{number / 1_000:g}k" if number >= 10_000 else f"{number:,}"
