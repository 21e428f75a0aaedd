"""`make bench` and `make bench-scale` without Docker, and `make bench-pages`: in a sandbox, with `make up`'s settings of
PostgreSQL and the web server.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from jobs.limits import DEFAULT_STATEMENT_TIMEOUT_MS
from project.local import browser, clusters, dashboard, environment, postgres
from project.local.paths import ROOT
from project.local.processes import ProcessRecord
from project.local.sandbox import GRACE_SECONDS, Sandbox
from project.local.terminal import UserError, run, say

SANDBOX = Sandbox("bench")
SMALLEST = 100
PAGES_JOBS = 2_000
"""More than two of the largest pages, for `make bench-pages`."""


def bench() -> int:
    jobs = os.environ.get("JOBS") or "1000000"
    _require_numbers("JOBS", jobs)
    return _measure(f"make bench JOBS={jobs}", jobs)


def scale() -> int:
    sizes = os.environ.get("SIZES") or "10000,1000000,10000000"
    _require_numbers("SIZES", *sizes.split(","))
    return _measure(f"make bench-scale SIZES={sizes}", sizes)


def pages() -> int:
    """Measures the pages in a browser, on sample jobs."""
    target = _report_file()
    dashboard.build()
    environment.ensure("dev")
    chromium = browser.ensure()
    with SANDBOX.temporary():
        env, served = _serve()
        seeding = ["manage.py", "seed_jobs", "--count", str(PAGES_JOBS)]
        run([environment.python(), *seeding], env=env, failure="The sample jobs were not created")
        words = ["-m", "jobs.benchmark.pages", served, "--title", "make bench-pages"]
        status, report = _run(words, {**env, browser.VARIABLE: chromium})
    return _write(target, status, report)


def load() -> int:
    """Half an hour of mixed traffic on JOBS= jobs, or MINUTES=. Returns 1 if anything was wrong."""
    jobs, minutes = os.environ.get("JOBS") or "10000000", os.environ.get("MINUTES") or "30"
    _require_numbers("JOBS", jobs)
    if not (minutes.replace(".", "", 1).isdecimal() and float(minutes) > 0):
        raise UserError(f"MINUTES must be a positive number, not {minutes!r}.")
    target = _report_file()
    dashboard.build()
    with SANDBOX.temporary():
        env, served = _serve()
        seeding = ["manage.py", "seed_jobs", "--count", jobs]
        run([environment.python(), *seeding], env=env, failure="The sample jobs were not created")
        words = ["-m", "jobs.benchmark.load", served, "--minutes", minutes]
        words += ["--title", f"make load JOBS={jobs} MINUTES={minutes}"]
        if recorded := ProcessRecord.load(SANDBOX.worker):
            words += ["--worker", str(recorded.pid)]
        cluster = postgres.Cluster.at(SANDBOX.database)
        if pid := clusters.server_pid(cluster.data):
            words += ["--database", str(pid)]
        status, report = _run(words, {**env, "QUERY_BUDGET_MS": str(DEFAULT_STATEMENT_TIMEOUT_MS)})
    if target and report:
        target.write_text(report)
        say(f"\nWritten: {target}")
    return status


def _require_numbers(name: str, *words: str) -> None:
    if not all(word.isascii() and word.isdigit() and int(word) >= SMALLEST for word in words):
        raise UserError(
            f"{name} must be a number of jobs of at least {SMALLEST}, not {','.join(words)!r}."
        )


def _measure(title: str, sizes: str) -> int:
    """Prints the report, and writes it to REPORT= when it is complete. Returns the exit status."""
    target = _report_file()
    dashboard.build()
    with SANDBOX.temporary():
        env, served = _serve()
        words = ["manage.py", "benchmark", "--served", served, "--sizes", sizes, "--title", title]
        status, report = _run(words, {**env, "QUERY_BUDGET_MS": str(DEFAULT_STATEMENT_TIMEOUT_MS)})
    return _write(target, status, report)


def _serve() -> tuple[dict[str, str], str]:
    """Starts a dashboard on an empty database; returns its environment and its address."""
    cluster = postgres.Cluster.at(SANDBOX.database)
    cluster.ensure_running()
    env = SANDBOX.environment(cluster.application_url("bench"))
    return env, SANDBOX.serve(env)


def _write(target: Path | None, status: int, report: str) -> int:
    if target and not status:
        target.write_text(report)
        say(f"\nWritten: {target}")
    return status


def _report_file() -> Path | None:
    name = os.environ.get("REPORT", "").strip()
    target = ROOT / name
    if name and not target.parent.is_dir():
        raise UserError(f"REPORT={name}: the folder {target.parent} does not exist.")
    return target if name else None


def _run(words: Sequence[str], env: dict[str, str]) -> tuple[int, str]:
    """Runs Python in its own process group and shows its output. Returns the exit status and the output."""
    command = [str(environment.python()), *words]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        # If this run is killed, the next one stops the command.
        ProcessRecord.of(process, port=0, build=SANDBOX.name).save(SANDBOX.command)
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
    """Terminates the command; after GRACE_SECONDS kills it and its process group."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
