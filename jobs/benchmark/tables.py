"""Markdown tables that are also readable in a terminal: every column is as wide as its widest cell."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], text_columns: Iterable[int]) -> str:
    """Aligns `text_columns` (from 0) to the left, and the others, which are numbers, to the right."""
    left = set(text_columns)
    lines = [tuple(head), *(tuple(row) for row in rows)]
    if any(len(line) != len(head) for line in lines):
        raise ValueError("Every row needs a cell for every column.")
    widths = [max(3, *(len(line[at]) for line in lines)) for at in range(len(head))]
    rule = [
        "-" * width if at in left else "-" * (width - 1) + ":" for at, width in enumerate(widths)
    ]
    return "\n".join(_line(line, widths, left) for line in [lines[0], rule, *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int], left: set[int]) -> str:
    padded = [
        cell.ljust(width) if at in left else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"
