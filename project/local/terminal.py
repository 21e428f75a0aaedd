"""Output for the user, and commands run on their behalf: one line per step, one per failure."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from project.local.paths import ROOT


class UserError(Exception):
    """A failure that the user can act on. Its message is printed without a traceback."""


def say(line: str) -> None:
    print(line, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    failure: str = "",
    timeout: float | None = None,
) -> None:
    """Runs the command without output; if it fails, shows the end of its output and raises UserError."""
    words = [str(word) for word in command]
    failure = failure or f"{Path(words[0]).name} failed"
    try:
        done = subprocess.run(
            words,
            check=False,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(f"{failure}: it did not finish within {timeout:.0f} s.") from error
    except OSError as error:
        raise UserError(f"{failure}: {error}.") from error
    if done.returncode:
        show_tail(done.stdout.decode(errors="replace"))
        raise UserError(f"{failure} (exit status {done.returncode}; its output is above).")


def show_tail(text: str, lines: int = 60) -> None:
    """Prints the last lines, indented, to stderr."""
    for line in text.rstrip().splitlines()[-lines:]:
        print(f"    {line}", file=sys.stderr, flush=True)
