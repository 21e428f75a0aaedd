"""The tasks of docs/keystrokes.md, and the keys that they take."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "keystrokes.md"
ROW = re.compile(
    r"^\| (?P<name>[A-Z].*?) \| (?P<keys>.*<kbd>.*?) \| (?P<count>\d+) \| (?P<other>.*?) \| (?P<most>\d+) \|$"
)
STROKE = re.compile(r"<kbd>(?P<key>[^<]+)</kbd>|`(?P<text>[^`]+)`")
MODIFIERS = {"Shift": "Shift", "Ctrl": "Control"}
NAMED = {"Esc": "Escape"}
# What the keys type with Shift on the keyboard of the tests
SHIFTED = {"[": "{", "]": "}"}


@dataclass(frozen=True)
class Task:
    """One row. `keys` and `elsewhere` are written as in the page."""

    name: str
    keys: str
    count: int
    elsewhere: str
    most: int

    def strokes(self) -> Iterator[Callable[[Page, dict[str, str]], None]]:
        """Functions that press a key, or type a text after replacing each word that they are given."""
        held: list[str] = []
        for stroke in STROKE.finditer(self.keys):
            key, text = stroke["key"], stroke["text"]
            if text:
                yield partial(type_text, text)
            elif key in MODIFIERS:
                held.append(MODIFIERS[key])
            else:
                yield partial(press, "+".join([*held, named(key, held)]))
                held = []


def type_text(text: str, page: Page, texts: dict[str, str]) -> None:
    for word, replacement in texts.items():
        text = text.replace(word, replacement)
    page.keyboard.type(text)


def press(keys: str, page: Page, texts: dict[str, str]) -> None:
    page.keyboard.press(keys)


def named(key: str, held: list[str]) -> str:
    """The name that the browser has for the key: of letters, the capital one with Shift."""
    if held == ["Shift"]:
        return SHIFTED.get(key, key.upper() if len(key) == 1 else key)
    return NAMED.get(key, key)


def counted(keys: str) -> int:
    """How many keys these are: each one in the page, and each character of a text."""
    return sum(len(stroke["text"] or "k") for stroke in STROKE.finditer(keys))


def tasks() -> dict[str, Task]:
    rows = [row for line in PAGE.read_text().splitlines() if (row := ROW.match(line))]
    return {
        row["name"]: Task(
            row["name"], row["keys"], int(row["count"]), row["other"], int(row["most"])
        )
        for row in rows
    }
