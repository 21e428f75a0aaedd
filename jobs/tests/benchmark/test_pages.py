"""The keys that `make bench-pages` presses."""

import re

from jobs.benchmark.pages.steps import KEYS, Step, steps, strokes


def test_measures_every_shortcut_of_the_keymap() -> None:
    found = list(steps())
    rows = [line for line in KEYS.read_text().splitlines() if line.startswith("| <kbd>")]
    assert len(rows) > 40
    assert [step.label for step in found][: len(rows)] == [row.split(" | ")[1] for row in rows]


def test_names_keys_as_playwright_does() -> None:
    assert strokes("<kbd>g</kbd> then <kbd>a</kbd>") == ["g", "a"]
    assert strokes("<kbd>Shift</kbd> <kbd>d</kbd>") == ["Shift+D"]
    assert strokes("<kbd>Ctrl/⌘</kbd> <kbd>k</kbd>") == ["Control+k"]
    assert strokes("<kbd>Down</kbd>") == ["ArrowDown"]
    known = re.compile(r"((Shift|Control)\+)*(\S|Arrow(Up|Down|Left|Right)|Enter|Escape|Space|Tab)")
    assert [step.key for step in steps() if not known.fullmatch(step.key)] == []


def test_reaches_the_place_of_a_key_first() -> None:
    by_label = {step.label: step for step in steps()}
    label = "Go to suggestions, or else to results"
    assert by_label[label] == Step(label, "ArrowDown", ("/",))
    assert by_label["Back to the list"].is_on_job_page
