"""The report on the pages: Markdown that is also readable in a terminal."""

from collections.abc import Iterator
from datetime import date

from jobs.benchmark.figures import format_number, times
from jobs.benchmark.pages.answers import ROWS, SHORTEST_MS, Answer, Answers
from jobs.benchmark.pages.hours import Hours
from jobs.benchmark.tables import table
from jobs.benchmark.wrapping import wrapped
from jobs.browser_tests.memory import Kept

ANSWER_MS = 100.0
HOW = """\
Each key was pressed {times} times on a list of {rows} jobs, with the CPU slowed down {slowdown:g} times by the browser and
without a GPU. *ms* is the median from the key press to the next paint, according to the browser's Event Timing, which has
steps of 8 ms and leaves out what takes less than 16 ms; *longest* is the longest one. *To floor* is the ratio to the median
of {floor:.0f} ms on a page where a key changes one text and nothing else, pressed in turn with the others: what the browser
and this machine take for anything. *Long tasks* are those of more than 50 ms within {settle} ms after the key. Of keys that
load another page, only the time up to the request could be measured, so they are left out."""
WORK = """\
{hours:g} hours of live updates, {polls:,}, with {dialogs:,} dialogs and {turns:,} page turns between them, on a page of 50
jobs whose clock was moved. Counted after the garbage was collected; *warm* is after a tenth of all that. *Detached nodes*
are those that scripts hold although they are in no document."""


def report(title: str, browser: str, answers: Answers, hours: Hours, how: dict[str, float]) -> str:
    return "\n\n".join(_blocks(title, browser, answers, hours, how)) + "\n"


def _blocks(
    title: str, browser: str, answers: Answers, hours: Hours, how: dict[str, float]
) -> Iterator[str]:
    measured = [answer for answer in answers.steps if answer.ms]
    yield "# Performance of the pages"
    yield f"Measured on {date.today():%d %B %Y} by `{title}`, in Chromium {browser}."
    yield "## Goals"
    yield goals(measured, hours)
    yield "## From the key to the next paint"
    yield wrapped(HOW.format(rows=ROWS, floor=answers.floor, **how))
    yield keys_table(measured, answers.floor)
    yield "## Memory"
    yield wrapped(
        WORK.format(hours=hours.hours, polls=hours.polls, dialogs=hours.dialogs, turns=hours.turns)
    )
    yield memory_table(hours)


def goals(measured: list[Answer], hours: Hours) -> str:
    slowest = max(measured, key=lambda answer: answer.median)
    tasks = max((task for answer in measured for task in answer.tasks), default=0.0)
    rounds = hours.turns / 2 - 1  # what grows by less than one in each is not a leak
    rows = [
        ("slowest key, median", ANSWER_MS, slowest.median, "ms"),
        ("longest task after a key", 50.0, tasks, "ms"),
        ("layout shift", 0.0, max(answer.shift for answer in measured), ""),
        ("detached nodes, growth", rounds, float(hours.end.detached - hours.warm.detached), ""),
        ("listeners, growth", rounds, float(hours.end.listeners - hours.warm.listeners), ""),
    ]
    head = ["Goal", "Limit", "Measured", ""]
    lines = (
        [name, _text(limit, unit), _text(value, unit), "met" if value <= limit else "missed"]
        for name, limit, value, unit in rows
    )
    return table(head, lines, text_columns=[0, 3])


def _text(number: float, unit: str) -> str:
    return f"{format_number(number)} {unit}".strip()


def keys_table(measured: list[Answer], floor: float) -> str:
    head = ["Key", "", "ms", "longest", "to floor", "long tasks, ms", "shift"]
    lines = (
        [
            f"`{answer.step.shown}`",
            answer.step.label + (", on a job’s page" if answer.step.is_on_job_page else ""),
            _ms(answer.median),
            _ms(max(answer.ms)),
            times(answer.median / floor),
            ", ".join(f"{task:.0f}" for task in sorted(answer.tasks, reverse=True)) or "–",
            format_number(answer.shift) if answer.shift else "–",
        ]
        for answer in sorted(measured, key=lambda answer: -answer.median)
    )
    return table(head, lines, text_columns=[0, 1, 5])


def _ms(number: float) -> str:
    return f"{number:.0f}" if number > SHORTEST_MS else f"≤ {SHORTEST_MS:.0f}"


def memory_table(hours: Hours) -> str:
    def cells(kept: Kept) -> list[str]:
        return [
            f"{kept.documents}",
            f"{kept.detached}",
            f"{kept.listeners:,}",
            f"{kept.megabytes:.1f}",
        ]

    head = ["", "Documents", "Detached nodes", "Listeners", "Heap, MB"]
    lines = [["warm", *cells(hours.warm)], ["at the end", *cells(hours.end)]]
    return table(head, lines, text_columns=[0])
