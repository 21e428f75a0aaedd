"""`make backup` and `make restore FILE=`, without Docker: the dashboard's database as one file, and back.

A file has its name only when it is complete and has been read back. A restore goes into a new database, which then takes the
place of the old one: until that moment nothing of it is changed.
"""

import os
import re
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from project.local import dashboard, environment, web, worker
from project.local.locks import lock
from project.local.paths import ROOT
from project.local.postgres import APPLICATION, USER, Cluster
from project.local.terminal import UserError, run, say, show_tail

FOLDER = ROOT / "backups"
NAME = "jobs"
RESTORING, BEFORE = "jobs_restoring", "jobs_before"
MIGRATIONS = ROOT / "jobs" / "migrations"
MIGRATION = re.compile(r"^\d+\tjobs\t(\w+)\t", re.MULTILINE)
NO_BACKUP = "{} is no complete backup"
JOBS = "SELECT count(*) FROM job"
# A new database has a row in none of these.
CONTENT = "SELECT EXISTS (SELECT FROM job) OR EXISTS (SELECT FROM trashed_job) OR EXISTS (SELECT FROM auth_user)"
IS_MIGRATED = "SELECT to_regclass('public.job') IS NOT NULL"
END_SESSIONS = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"


def backup() -> None:
    """Writes all of the database to FILE=, while the dashboard goes on."""
    dashboard.build()
    with lock("backup"):
        cluster = _cluster("make backup")
        make_backup(cluster, _target())


def restore() -> None:
    """Replaces the database by that of FILE=, and starts the dashboard again if it was running."""
    dashboard.build()
    file = _given_file()
    with lock("backup"):
        cluster = _cluster("make restore")
        with lock("dashboard"):
            may_replace = os.environ.get("REPLACE", "").strip().lower() in {"yes", "1", "true"}
            check_target(cluster, may_replace)
            check_file(cluster, file)
            port = _stopped()
            restore_file(cluster, file)
            _migrate(cluster)
        if port is not None:
            os.environ["PORT"] = str(port)
            dashboard.up()


def make_backup(cluster: Cluster, target: Path) -> None:
    """Raises UserError, and leaves no file, if it is not complete."""
    began = time.monotonic()
    draft = target.with_name(f"{target.name}.part")
    try:
        with open(draft, "wb", opener=_private) as output:
            dump = ["--format=custom", "--no-password", "--dbname", NAME]
            _program(cluster, "pg_dump", dump, output=output.fileno(), failure="The backup failed")
            os.fsync(output.fileno())
        words: list[str | Path] = ["--file=/dev/null", draft]
        _program(cluster, "pg_restore", words, failure="The backup cannot be read")
        draft.rename(target)
    except OSError as error:
        raise UserError(f"The backup failed: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    seconds, size = time.monotonic() - began, target.stat().st_size
    say(f"Written: {target} ({size / 1e6:,.1f} MB, {seconds:.0f} s)")
    say(f"Keep {web.SECRET_KEY} as well, in another place: it is not in the file (docs/backup.md).")


def check_file(cluster: Cluster, file: Path) -> None:
    """Raises UserError if it is no backup, or of a newer release."""
    if " TABLE public job " not in _contents(cluster, file):
        raise UserError(f"{file} is no backup of the dashboard. Nothing was changed.")
    words: list[str | Path] = ["--data-only", "--table=django_migrations", "--file=-", file]
    rows = _program(cluster, "pg_restore", words, failure=NO_BACKUP.format(file))
    known = {path.stem for path in MIGRATIONS.glob("0*.py")}
    if unknown := sorted(set(MIGRATION.findall(rows)) - known):
        raise UserError(
            f"{file} was made by a newer release: this one does not know {unknown[-1]}. Nothing was changed."
        )


def check_target(cluster: Cluster, may_replace: bool) -> None:
    """Raises UserError if there is something in the database, unless it may be replaced."""
    if not may_replace and has_content(cluster):
        raise UserError(
            "The database is not empty. To replace it: make restore FILE=… REPLACE=yes."
            f" What is in it now is then kept as the database {BEFORE}. Nothing was changed."
        )


def restore_file(cluster: Cluster, file: Path) -> None:
    """Raises UserError, with the database as it was, if not all of the file can be restored."""
    began = time.monotonic()
    say(f"Restoring {file} …")
    _sql(cluster, f"DROP DATABASE IF EXISTS {RESTORING} WITH (FORCE)")
    try:
        cluster.application_url(RESTORING)
        words = [
            "--no-owner",
            f"--role={APPLICATION}",
            "--exit-on-error",
            f"--jobs={os.cpu_count() or 1}",
        ]
        failure = "The file could not be restored. The database is as it was"
        _program(cluster, "pg_restore", [*words, "--dbname", RESTORING, file], failure=failure)
        _sql(cluster, "ANALYZE", RESTORING)
        jobs = _sql(cluster, JOBS, RESTORING)
    except UserError:
        _sql(cluster, f"DROP DATABASE IF EXISTS {RESTORING} WITH (FORCE)")
        raise
    kept = has_content(cluster)
    _sql(cluster, f"DROP DATABASE IF EXISTS {BEFORE} WITH (FORCE)")
    _sql(cluster, END_SESSIONS.format(NAME))
    # One after the other: a database cannot be renamed together with another. If it ends here, the next one goes on.
    _sql(cluster, f"ALTER DATABASE {NAME} RENAME TO {BEFORE}")
    _sql(cluster, f"ALTER DATABASE {RESTORING} RENAME TO {NAME}")
    if not kept:
        _sql(cluster, f"DROP DATABASE {BEFORE} WITH (FORCE)")
    say(f"Restored: {int(jobs):,} jobs, in {time.monotonic() - began:.0f} s")
    if kept:
        say(f"What was there before is the database {BEFORE}, until the next restore.")


def has_content(cluster: Cluster) -> bool:
    return _sql(cluster, IS_MIGRATED) == "t" and _sql(cluster, CONTENT) == "t"


def _cluster(command: str) -> Cluster:
    if os.environ.get("DATABASE_URL", "").strip():
        raise UserError(
            f"{command} is for the dashboard's own PostgreSQL. For the one in DATABASE_URL, see docs/backup.md."
        )
    cluster = Cluster.at(dashboard.DATABASE)
    cluster.ensure_running()
    _finish_interrupted(cluster)
    cluster.ensure_database(NAME)
    return cluster


def _finish_interrupted(cluster: Cluster) -> None:
    """A restore that ended between its two renames."""
    found = _sql(cluster, "SELECT string_agg(datname, ' ') FROM pg_database", "postgres").split()
    if NAME not in found and RESTORING in found:
        _sql(cluster, f"ALTER DATABASE {RESTORING} RENAME TO {NAME}")


def _target() -> Path:
    """FILE=, or a name with the time; refuses one that exists."""
    if text := os.environ.get("FILE", "").strip():
        target = Path(text).absolute()
    else:
        FOLDER.mkdir(mode=0o700, exist_ok=True)
        target = FOLDER / f"jobs-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    if target.exists():
        raise UserError(f"{target} exists already. Nothing was written.")
    if not target.parent.is_dir():
        raise UserError(f"{target.parent} does not exist. Nothing was written.")
    return target


def _given_file() -> Path:
    text = os.environ.get("FILE", "").strip()
    if not text:
        raise UserError("Which backup? make restore FILE=backups/jobs-….dump")
    file = Path(text).absolute()
    if not file.is_file():
        raise UserError(f"{file} does not exist. Nothing was changed.")
    return file


def _stopped() -> int | None:
    """Stops what uses the database. Returns the port of the dashboard, if it was running."""
    recorded = web.running(dashboard.WEB)
    worker.stop(dashboard.WORKER)
    web.stop(dashboard.WEB)
    return recorded.port if recorded else None


def _migrate(cluster: Cluster) -> None:
    """The migrations that are newer than the backup."""
    env = {"DATABASE_URL": cluster.application_url(NAME)}
    run([environment.python(), "-m", "project.migrate"], env=env, failure="Migrating failed")


def _contents(cluster: Cluster, file: Path) -> str:
    """The list of what is in it."""
    return _program(cluster, "pg_restore", ["--list", file], failure=NO_BACKUP.format(file))


def _sql(cluster: Cluster, sql: str, database: str = "") -> str:
    """As the superuser. The first value, as text."""
    # A database is renamed and dropped from another one.
    place = database or (
        "postgres" if sql.startswith(("ALTER DATABASE", "DROP DATABASE")) else NAME
    )
    words = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
    found = _program(cluster, "psql", [*words, "--command", sql, "--dbname", place])
    return found.strip()


def _program(
    cluster: Cluster,
    name: str,
    words: Sequence[str | Path],
    *,
    output: int = subprocess.PIPE,
    failure: str = "",
) -> str:
    """Runs one of PostgreSQL's programs as the current user, whom the server lets in. Returns its output."""
    command = [cluster.binaries / name, "--host", cluster.socket_folder, "--username", USER, *words]
    if name == "pg_restore" and "--dbname" not in words:
        command = [cluster.binaries / name, *words]  # it reads the file only
    env = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        env={**env, "LC_ALL": "C", "PGOPTIONS": "-c default_transaction_read_only=off"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
    )
    if done.returncode:
        show_tail(done.stderr.decode(errors="replace"))
        raise UserError(f"{failure or f'{name} failed'} (its output is above).")
    return done.stdout.decode(errors="replace") if done.stdout else ""


def _private(path: str, flags: int) -> int:
    """Jobs, accounts and sessions are nobody else's business."""
    return os.open(path, flags | os.O_EXCL, 0o600)
