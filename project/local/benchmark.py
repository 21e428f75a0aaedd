"""`make bench` and `make bench-scale` on this machine. Rule: measured on a stage of its own, with the settings of
PostgreSQL and of the web server that `make up` has.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from project.local import dashboard, environment, postgres
from project.local.places import ROOT
from project.local.processes import Recorded
from project.local.stages import GRACE_SECONDS, Stage
from project.local.terminal import Problem, say

STAGE = Stage("bench")
SMALLEST = 100
BUDGET_MS = "3000"  # what project/gunicorn_conf.py sets for the web server


def bench() -> int:
    jobs = os.environ.get("JOBS") or "1000000"
    _require_numbers("JOBS", jobs)
    return _measure(f"make bench JOBS={jobs}", jobs)


def scale() -> int:
    sizes = os.environ.get("SIZES") or "10000,1000000,10000000"
    _require_numbers("SIZES", *sizes.split(","))
    return _measure(f"make bench-scale SIZES={sizes}", sizes)


def _require_numbers(name: str, *words: str) -> None:
    if not all(word.isascii() and word.isdigit() and int(word) >= SMALLEST for word in words):
        raise Problem(f"{name} takes numbers of jobs from {SMALLEST}, not {','.join(words)!r}.")


def _measure(title: str, sizes: str) -> int:
    """Prints the report, and writes it to REPORT= once it is whole; 0 where all was measured."""
    target = _report_file()
    dashboard.build()
    with STAGE.thrown_away():
        cluster = postgres.Cluster.at(STAGE.database)
        cluster.ensure_running()
        env = STAGE.environment(cluster.application_url("bench"))
        served = STAGE.serve(env)
        words = ["--served", served, "--sizes", sizes, "--title", title]
        status, report = _run(words, {**env, "QUERY_BUDGET_MS": BUDGET_MS})
    if target and not status:
        target.write_text(report)
        say(f"\nWritten: {target}")
    return status


def _report_file() -> Path | None:
    name = os.environ.get("REPORT", "").strip()
    target = ROOT / name
    if name and not target.parent.is_dir():
        raise Problem(f"REPORT={name}: there is no folder {target.parent}.")
    return target if name else None


def _run(words: Sequence[str], env: dict[str, str]) -> tuple[int, str]:
    """Runs the command in a process group of its own: exit status, and what it printed, shown meanwhile."""
    command = [str(environment.python()), "manage.py", "benchmark", *words]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        # A later run ends it where this one is killed.
        Recorded.of(process, port=0, build=STAGE.name).save(STAGE.command)
        printed = []
        try:
            for line in process.stdout or ():
                printed.append(line.decode())
                sys.stdout.write(printed[-1])
                sys.stdout.flush()
            return process.wait(), "".join(printed)
        except BaseException:
            _end(process)
            raise


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the command and what it has started: asks, then by force."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
