"""docs/upgrading.md lists every private part, with the version that it was checked with and the tests that hold it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from project.local.paths import ISLANDS, REQUIREMENTS, ROOT, read_text

HEADING = "## Private parts of libraries\n"
HERE = Path(__file__)


class Row(NamedTuple):
    library: str
    parts: list[str]
    files: list[str]
    why: str
    tests: list[str]


def rows() -> list[Row]:
    section = (
        (ROOT / "docs" / "upgrading.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    )
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    cells = (line.strip("| ").split(" | ") for line in lines)
    return [
        Row(library, code(parts), code(files), why, code(tests))
        for library, parts, files, why, tests in cells
    ]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def pinned() -> Iterator[str]:
    """`name version` of every locked package, as the table writes them."""
    for lock in ("dev.txt", "node.txt"):
        for name, version in re.findall(r"(?m)^([\w-]+)==([\w.]+)", read_text(REQUIREMENTS / lock)):
            yield f"{name} {version}"
    htmx = re.search(r'"htmx\.org": "([^"]+)"', (ISLANDS / "package.json").read_text())
    assert htmx
    yield f"htmx {htmx[1]}"


def test_every_part_was_checked_with_the_pinned_version() -> None:
    """After an upgrade: read what has changed in the part, then write the new version."""
    assert {row.library for row in rows()} <= set(pinned())


def test_every_test_here_holds_a_part_and_every_part_has_a_test() -> None:
    texts = [file.read_text() for file in HERE.parent.glob("test_*.py") if file != HERE]
    defined = {name for text in texts for name in re.findall(r"(?m)^def (test_\w+)", text)}
    assert {name for row in rows() for name in row.tests} == defined
    assert all(row.tests for row in rows())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.parts[0])
def test_parts_are_used_where_the_table_says(row: Row) -> None:
    text = "".join((ROOT / file).read_text() for file in row.files)
    missing = [part for part in row.parts if re.split(r"[. ]", part)[-1] not in text]
    assert not missing
