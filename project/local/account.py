"""Who runs PostgreSQL. Rule: never root; for root an account of its own, whose files lie where it
can reach them. No folder above them is ever opened to anyone.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from project.local.places import CHECKOUT_ID, SHARED_TMP, STATE
from project.local.terminal import Problem, run

NAME = "jobs-postgres"
ELSEWHERE = [
    Path("/var/lib") / f"job-dashboard-{CHECKOUT_ID}",
    SHARED_TMP / f"job-dashboard-{CHECKOUT_ID}",
]


@dataclass(frozen=True)
class Account:
    """A user of this machine; `switch` says whether commands must change to it first."""

    uid: int
    gid: int
    switch: bool

    def run(self, command: Sequence[str | Path], cwd: Path) -> "subprocess.CompletedProcess[str]":
        """Runs the command as this account: its user, its group and no other groups."""
        words = [str(word) for word in command]
        env = {**os.environ, "LC_ALL": "C", "HOME": str(cwd)}
        env = {name: value for name, value in env.items() if not name.startswith("PG")}
        return subprocess.run(
            words,
            check=False,
            cwd=cwd,
            env=env,
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def can_run(self, command: Sequence[str | Path], cwd: Path) -> bool:
        """Whether the command can be reached, and succeeds."""
        try:
            return self.run(command, cwd).returncode == 0
        except OSError:  # it may not even walk there
            return False

    def give(self, path: Path) -> None:
        """Makes the file or folder this account's own."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, folder: Path) -> bool:
        """Whether this account may walk down to the folder."""
        return not self.switch or self.run(["test", "-x", folder], Path("/")).returncode == 0

    def make_private(self, folder: Path) -> None:
        """Makes the folder this account's and private; its parents stay as they are."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if (
            found.st_uid not in (os.geteuid(), self.uid)
            or folder.is_symlink()
            or not folder.is_dir()
        ):
            raise Problem(f"{folder} belongs to someone else; PostgreSQL will not be put there.")
        self.give(folder)
        folder.chmod(0o700)


def current() -> Account:
    """This user; for root the account of its own, made where the machine can, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    entry = _find(NAME)
    if entry is None and shutil.which("useradd"):
        run(
            [
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell",
                "/bin/false",
                NAME,
            ]
        )
        entry = _find(NAME)
    entry = entry or _find("nobody")
    if entry is None:
        raise Problem(
            "PostgreSQL refuses to run as root, and there is no other account to run it as."
        )
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def home(account: Account, name: str) -> Path:
    """A private folder for the account: in the checkout where it can get there, else elsewhere."""
    STATE.mkdir(exist_ok=True)
    if account.can_reach(STATE):
        folder = STATE / name
        account.make_private(folder)
        return folder
    for base in ELSEWHERE:
        if os.access(base.parent, os.W_OK) and account.can_reach(base.parent):
            account.make_private(base)
            account.make_private(base / name)
            return base / name
    raise Problem("There is no folder that PostgreSQL's account can reach.")


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
