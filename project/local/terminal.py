"""What the user sees, and commands run for them. Rule: one line a step, one a failure."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from project.local.places import ROOT


class Problem(Exception):
    """A failure the user can act on: its text is the one line they read, without a traceback."""


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
    """Runs the command quietly; where it fails, shows the end of its output and raises Problem."""
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
        raise Problem(f"{failure}: no end after {timeout:.0f} s.") from error
    except OSError as error:
        raise Problem(f"{failure}: {error}.") from error
    if done.returncode:
        show_end(done.stdout.decode(errors="replace"))
        raise Problem(f"{failure} (exit status {done.returncode}; its output is above).")


def show_end(text: str, lines: int = 60) -> None:
    """Prints the last lines, indented, on the error stream."""
    for line in text.rstrip().splitlines()[-lines:]:
        print(f"    {line}", file=sys.stderr, flush=True)
