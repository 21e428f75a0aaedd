"""The key presses that are measured: each shortcut of docs/keys.md, and those in dialogs, menus and fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KEYS = Path(__file__).resolve().parents[3] / "docs" / "keys.md"
ROW = re.compile(
    r"^\| (?P<keys><kbd>.*?) \| (?P<label>[^|]+) \| (?P<where>[^|]+) \|$", re.MULTILINE
)
KBD = re.compile(r"<kbd>([^<]+)</kbd>")
NAMES = {
    **{arrow: f"Arrow{arrow}" for arrow in ("Up", "Down", "Left", "Right")},
    "Ctrl/⌘": "Control",
}
MODIFIERS = {"Shift", "Control"}
ON_JOB_PAGE = {"a job’s page", "pages without the list"}


@dataclass(frozen=True)
class Step:
    """`before` is pressed first and not measured; `key` is pressed and measured."""

    label: str
    key: str
    before: tuple[str, ...] = ()
    is_on_job_page: bool = False

    @property
    def shown(self) -> str:
        return " ".join([*self.before, self.key])


IN_FIELDS = {"the search": ("/",), "a field": ("n",)}
OTHERS = (
    # j puts the focus on a name again: closing the list leaves it on the status.
    Step("Open the list of statuses", "Enter", ("j", "Shift+Tab")),
    Step("Next status in the list", "ArrowDown", ("j", "Shift+Tab", "Enter")),
    Step("Close the list of statuses", "Escape", ("j", "Shift+Tab", "Enter")),
    Step("Type in the search", "e", ("/",)),
    Step("Type in the palette", "e", ("Control+k",)),
    Step("Next item of the palette", "ArrowDown", ("Control+k",)),
    Step("Close the palette", "Escape", ("Control+k",)),
    Step("Close the keyboard shortcuts", "Escape", ("?",)),
    Step("Cancel a deletion", "Escape", ("Shift+D",)),
    Step("Type a new name of a job", "e", ("e",)),
    Step("Type the name of a new job", "e", ("n",)),
)


def steps() -> Iterator[Step]:
    for row in ROW.finditer(KEYS.read_text()):
        *before, key = strokes(row["keys"].split(" or ")[0])
        place = IN_FIELDS.get(row["where"], ())
        yield Step(row["label"], key, (*place, *before), row["where"] in ON_JOB_PAGE)
    yield from OTHERS


def strokes(keys: str) -> list[str]:
    """`<kbd>g</kbd> then <kbd>g</kbd>` as Playwright names the keys."""
    return [chord(KBD.findall(part)) for part in keys.split(" then ")]


def chord(keys: list[str]) -> str:
    named = [NAMES.get(key, key) for key in keys]
    modifiers = [key for key in named if key in MODIFIERS]
    key = named[-1].upper() if modifiers == ["Shift"] and len(named[-1]) == 1 else named[-1]
    return "+".join([*modifiers, key])
