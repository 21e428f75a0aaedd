"""The test suites: four, or those that SUITES names. Each runs even if others fail; then a summary is printed."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from project.local import configuration
from project.local.environment import python
from project.local.paths import ISLANDS, ROOT
from project.local.terminal import UserError, say

NAMES = ("backend", "components", "browser", "contract", "firefox", "faults", "failover", "proxies")
BY_DEFAULT = NAMES[:4]
"""The others run only if they are named: Firefox is as large as the rest of the test image, and slower; the fault tests take
about ten minutes; the proxies have to be installed.
"""
STOP_SECONDS = 60
"""A suite may have servers to stop."""
COLOR = re.compile(r"\x1b\[[0-9;]*m")
SUMMARY_LINE = re.compile(
    r"^=*\s*((\d+ \w+,? ?)+|no tests ran) in \d+\.\d+s.*$"  # pytest
    r"|^Tests\s+\d.*$"  # Vitest
)


@dataclass(frozen=True)
class Suite:
    """The command that runs the tests, its folder, and what it adds to the environment."""

    command: Sequence[str | Path]
    folder: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)


# One process per processor; at the end, idle processes take over remaining tests.
PARALLEL = ["--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]


def backend(database_url: str) -> Suite:
    command: list[str | Path] = [python(), "-m", "pytest", "jobs/tests", "project", *PARALLEL]
    return Suite(command, env={**configuration.defaults(), "DATABASE_URL": database_url})


def components(env: Mapping[str, str]) -> Suite:
    return Suite(["npm", "test"], folder=ISLANDS, env=env)


def browser(base_url: str, chromium: str, env: Mapping[str, str]) -> Suite:
    command: list[str | Path] = [
        python(),
        "-m",
        "pytest",
        "jobs/browser_tests",
        "--base-url",
        base_url,
    ]
    return Suite(command, env={**env, "JOBS_CHROMIUM": chromium})


def firefox(base_url: str, executable: str, env: Mapping[str, str]) -> Suite:
    """A few flows in Firefox, by WebDriver BiDi."""
    command: list[str | Path] = [
        python(),
        "-m",
        "pytest",
        "jobs/browser_tests/firefox",
        "--browser",
        "firefox",
        "--base-url",
        base_url,
    ]
    return Suite(command, env={**env, "JOBS_FIREFOX": executable})


def faults() -> Suite:
    """Operations while processes are killed. The tests start the dashboard themselves, and each needs what the last one left."""
    command: list[str | Path] = [python(), "-m", "pytest", "jobs/fault_tests", "--exitfirst"]
    return Suite(command, env=configuration.defaults())


def failover() -> Suite:
    """Failures of machines, under `make ha`. The tests start all members themselves."""
    command: list[str | Path] = [python(), "-m", "pytest", "jobs/failover_tests"]
    return Suite(command, env=configuration.defaults())


def proxies(database_url: str) -> Suite:
    """The examples of docs/proxies. Those whose program is not installed are skipped."""
    command: list[str | Path] = [python(), "-m", "pytest", "jobs/proxy_tests"]
    return Suite(command, env={**configuration.defaults(), "DATABASE_URL": database_url})


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
    return Suite(command, env=env)


def chosen() -> list[str]:
    """The names in SUITES, or those of BY_DEFAULT. Raises UserError for a name that no suite has."""
    names = os.environ.get("SUITES", "").replace(",", " ").split()
    if unknown := [name for name in names if name not in NAMES]:
        raise UserError(f"No suite is called {unknown[0]}. SUITES can name {', '.join(NAMES)}.")
    return [name for name in NAMES if name in names] or list(BY_DEFAULT)


def run_all(prepare: Mapping[str, Callable[[], Suite]]) -> int:
    """Runs the chosen suites one after the other and prints the summary; returns 0 if all passed, else 1.

    `prepare` provides each suite by its name when it is due. One that raises UserError is reported as failed.
    """
    results = {name: _run(name, prepare[name]) for name in chosen()}
    say("\n── Summary " + "─" * 50)
    for name, (passed, summary) in results.items():
        say(f"{'passed' if passed else 'FAILED'}  {name:<10}  {summary}")
    return 0 if all(passed for passed, _ in results.values()) else 1


def _run(name: str, prepare: Callable[[], Suite]) -> tuple[bool, str]:
    """Whether the suite passed, and a line about it."""
    say(f"\n── {name} tests " + "─" * (50 - len(name)))
    try:
        suite = prepare()
    except UserError as error:
        say(str(error))
        return False, str(error)
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
                plain = COLOR.sub("", line).strip()
                summary = plain if SUMMARY_LINE.match(plain) else summary
            status = process.wait()
        except BaseException:
            _end(process)
            raise
    return status == 0, summary or f"no summary line, exit status {status}"


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
