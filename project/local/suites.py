"""The four kinds of tests. Rule: each runs, whatever became of the others; one summary."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from project.local import configuration
from project.local.environment import python
from project.local.places import ISLANDS, ROOT
from project.local.terminal import say

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CLOSING = re.compile(
    r"^=*\s*((\d+ \w+,? ?)+|no tests ran) in \d+\.\d+s.*$"  # pytest
    r"|^Tests\s+\d.*$"  # Vitest
)


@dataclass(frozen=True)
class Suite:
    """One kind of tests: the command that runs it, or the reason why it cannot run."""

    name: str
    command: Sequence[str | Path] = ()
    folder: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)
    obstacle: str = ""


@dataclass(frozen=True)
class Result:
    suite: Suite
    passed: bool
    closing: str


# A test at a time for each processor; what one has left at the end, another takes.
SIDE_BY_SIDE = ["--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]


def backend(database_url: str) -> Suite:
    command: list[str | Path] = [python(), "-m", "pytest", "jobs/tests", "project", *SIDE_BY_SIDE]
    return Suite("backend", command, env={**configuration.defaults(), "DATABASE_URL": database_url})


def components(env: Mapping[str, str]) -> Suite:
    return Suite("components", ["npm", "test"], folder=ISLANDS, env=env)


def browser(base_url: str, chromium: str, env: Mapping[str, str]) -> Suite:
    command: list[str | Path] = [
        python(),
        "-m",
        "pytest",
        "jobs/browser_tests",
        "--base-url",
        base_url,
    ]
    return Suite("browser", command, env={**env, "JOBS_CHROMIUM": chromium})


def contract(base_url: str, env: Mapping[str, str]) -> Suite:
    """What the API promises, in its schema and in its guide, against the served dashboard."""
    command: list[str | Path] = [
        python(),
        "-m",
        "pytest",
        "jobs/contract_tests",
        "--base-url",
        base_url,
    ]
    return Suite("contract", command, env=env)


def run_all(suites: Sequence[Suite]) -> int:
    """Runs the suites one after the other, then prints the summary; 0 where all passed, else 1."""
    results = [_run(suite) for suite in suites]
    say("\n── Summary " + "─" * 50)
    for result in results:
        say(f"{'passed' if result.passed else 'FAILED'}  {result.suite.name:<10}  {result.closing}")
    return 0 if all(result.passed for result in results) else 1


def _run(suite: Suite) -> Result:
    say(f"\n── {suite.name} tests " + "─" * (50 - len(suite.name)))
    if suite.obstacle:
        say(suite.obstacle)
        return Result(suite, False, suite.obstacle)
    closing = ""
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "CI": "1", "NO_COLOR": "1", **suite.env}
    with subprocess.Popen(
        [str(word) for word in suite.command],
        cwd=suite.folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                sys.stdout.write(line)
                sys.stdout.flush()
                plain = COLOUR.sub("", line).strip()
                closing = plain if CLOSING.match(plain) else closing
            status = process.wait()
        except BaseException:
            _end(process)
            raise
    return Result(suite, status == 0, closing or f"no closing line, exit status {status}")


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
