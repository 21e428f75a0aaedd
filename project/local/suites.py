"""The four test suites. All of them run, whether or not others fail; then a summary is printed."""

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
from project.local.paths import ISLANDS, ROOT
from project.local.terminal import say

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SUMMARY_LINE = re.compile(
    r"^=*\s*((\d+ \w+,? ?)+|no tests ran) in \d+\.\d+s.*$"  # pytest
    r"|^Tests\s+\d.*$"  # Vitest
)


@dataclass(frozen=True)
class Suite:
    """A test suite: the command that runs it, or the reason why it cannot run."""

    name: str
    command: Sequence[str | Path] = ()
    folder: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)
    blocked_by: str = ""


@dataclass(frozen=True)
class Result:
    suite: Suite
    passed: bool
    summary: str


# One process per processor; at the end, idle processes take over remaining tests.
PARALLEL = ["--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]


def backend(database_url: str) -> Suite:
    command: list[str | Path] = [python(), "-m", "pytest", "jobs/tests", "project", *PARALLEL]
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
    """Tests the served dashboard against the API's schema and guide."""
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
    """Runs the suites one after the other and prints the summary; returns 0 if all passed, else 1."""
    results = [_run(suite) for suite in suites]
    say("\n── Summary " + "─" * 50)
    for result in results:
        say(f"{'passed' if result.passed else 'FAILED'}  {result.suite.name:<10}  {result.summary}")
    return 0 if all(result.passed for result in results) else 1


def _run(suite: Suite) -> Result:
    say(f"\n── {suite.name} tests " + "─" * (50 - len(suite.name)))
    if suite.blocked_by:
        say(suite.blocked_by)
        return Result(suite, False, suite.blocked_by)
    summary = ""
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
                summary = plain if SUMMARY_LINE.match(plain) else summary
            status = process.wait()
        except BaseException:
            _end(process)
            raise
    return Result(suite, status == 0, summary or f"no summary line, exit status {status}")


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
