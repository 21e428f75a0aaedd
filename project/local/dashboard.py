"""The dashboard without Docker. `up` performs only the steps that are needed."""

import os
import shlex
import sys
from contextlib import redirect_stdout

from project.local import clusters, configuration, environment, islands, postgres, web, worker
from project.local.locks import lock
from project.local.paths import ISLANDS_DIST, ROOT, STATE, fingerprint
from project.local.processes import ProcessRecord
from project.local.terminal import UserError, run, say
from project.probe import LOCAL_NAMES, allowed_host, is_healthy

DATABASE = "postgres"
WEB = STATE / "web.json"
LOG = STATE / "web.log"
WORKER = STATE / "worker.json"
WORKER_LOG = STATE / "worker.log"
DEFAULT_PORT = 8000


def build() -> None:
    environment.ensure("local")
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip():
        environment.ensure("otel")
    islands.ensure_built()


def up() -> None:
    """Starts the dashboard and its worker; restarts a running one only if the code, the settings or the port have changed."""
    last = ProcessRecord.load(WEB)
    port = requested_port() or (last.port if last else DEFAULT_PORT)
    if not (last and last.is_alive and last.port == port):
        web.require_free(port, timeout=3 if WEB.exists() else 0)
    build()
    with lock("dashboard"):
        env = {"DATABASE_URL": database_url()}
        current = _fingerprint(env)
        recorded = web.running(WEB)
        if (
            recorded
            and (recorded.port, recorded.build) == (port, current)
            and is_healthy(web.address(port))
        ):
            if not worker.is_running(WORKER, current):
                _start_worker(env, current)
            say(f"The dashboard is already running: {_address(port)}")
            return
        if web.stop(WEB):
            say("Restarting the dashboard …")
        prepare(env)
        web.require_free(port, timeout=3)
        web.start(WEB, LOG, port, env, current)
        _start_worker(env, current)
    say(f"The dashboard is running: {_address(port)}")


def stop(also: bool = False) -> None:
    """`also` tells whether something else was stopped already."""
    with lock("dashboard"):
        stopped = [worker.stop(WORKER), web.stop(WEB), clusters.stop(DATABASE), also]
    say(
        "The dashboard is stopped; its data is kept."
        if any(stopped)
        else "The dashboard was not running."
    )


def _start_worker(env: dict[str, str], build: str) -> None:
    worker.stop(WORKER)
    worker.start(WORKER, WORKER_LOG, env, build)


def seed() -> None:
    """Adds JOBS= jobs to the dashboard's database, whether or not the dashboard is running."""
    _manage("seed_jobs", "--count", os.environ.get("JOBS") or "10000")


def counts() -> None:
    """Compares the counters with the jobs; REPAIR=yes corrects them."""
    _manage("check_counts", *(["--repair"] if os.environ.get("REPAIR") else []))


def admin() -> None:
    """Makes an account that may do everything. Asks for its name and password, if the environment does not have them."""
    environ = os.environ
    if environ.get("DJANGO_SUPERUSER_PASSWORD"):
        # A name may be an address itself. Nothing is sent to this one.
        environ.setdefault("DJANGO_SUPERUSER_EMAIL", "admin@localhost")
        _manage("createsuperuser", "--noinput")
    _manage("createsuperuser")


def manage() -> None:
    """The command of manage.py that ARGS= has, as a shell would read it. Standard output is the command's alone."""
    try:
        words = shlex.split(os.environ.get("ARGS", ""))
    except ValueError as error:
        raise UserError(f"ARGS cannot be read: {error}.") from error
    if not words:
        raise UserError("Which command? For example: make manage ARGS='account anna operator'")
    with redirect_stdout(sys.stderr):
        _manage(*words)


def _manage(*words: str) -> None:
    """Replaces this process by manage.py, on the dashboard's database."""
    build()
    with lock("dashboard"):
        env = {"DATABASE_URL": database_url()}
        run(
            [environment.python(), "-m", "project.migrate"],
            env=env,
            failure="Migrating failed",
        )
    os.chdir(ROOT)
    python = str(environment.python())
    os.execve(python, [python, "manage.py", *words], {**os.environ, **env})  # noqa: S606  # no shell is wanted


def logs() -> None:
    existing = [str(file) for file in [LOG, WORKER_LOG, *clusters.logs(DATABASE)] if file.exists()]
    if not existing:
        raise UserError("There are no logs: the dashboard has never run here.")
    os.execvp("tail", ["tail", "-n", "50", "-F", *existing])  # noqa: S606  # as above


def database_url() -> str:
    """The user's DATABASE_URL; else the embedded server's, which is started if needed."""
    if url := os.environ.get("DATABASE_URL", "").strip():
        return url
    cluster = postgres.Cluster.at(DATABASE)
    cluster.ensure_running()
    return cluster.application_url("jobs")


def prepare(env: dict[str, str]) -> None:
    """Applies the migrations and collects the static files."""
    run(
        [environment.python(), "-m", "project.migrate"],
        env=env,
        failure="Migrating failed",
    )
    words = ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    run(
        [environment.python(), *words],
        env=env,
        failure="Collecting the static files failed",
    )


def requested_port() -> int | None:
    """The user's PORT=, or None."""
    text = os.environ.get("PORT", "").strip()
    if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise UserError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text) if text else None


def _fingerprint(env: dict[str, str]) -> str:
    served = [
        ROOT / name
        for name in (
            "project",
            "jobs",
            "templates",
            "manage.py",
            "requirements/local.txt",
        )
    ]
    return fingerprint([*served, ISLANDS_DIST], *env.values(), *configuration.overrides())


def _address(port: int) -> str:
    """The URL to open, with the host name to use if local names are not allowed."""
    host = allowed_host(os.environ.get("ALLOWED_HOSTS", ""))
    name = "" if host is None or host in LOCAL_NAMES else f" (as {host}: see ALLOWED_HOSTS)"
    return f"{web.address(port)}{name}"
