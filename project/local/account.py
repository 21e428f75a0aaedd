"""The account that runs PostgreSQL: the current user, or for root a dedicated one.

Its files are stored where it can access them; permissions of parent folders are never changed.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from project.local.paths import CHECKOUT_ID, SHARED_TMP, STATE
from project.local.terminal import UserError, run

NAME = "jobs-postgres"
FALLBACK_FOLDERS = [
    Path("/var/lib") / f"job-dashboard-{CHECKOUT_ID}",
    SHARED_TMP / f"job-dashboard-{CHECKOUT_ID}",
]


@dataclass(frozen=True)
class Account:
    """A user of this machine; `switch` tells whether commands must change to it first."""

    uid: int
    gid: int
    switch: bool

    def run(self, command: Sequence[str | Path], cwd: Path) -> "subprocess.CompletedProcess[str]":
        """Runs the command with this account's user and group, and without supplementary groups."""
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
        """Whether the account can execute the command, and it succeeds."""
        try:
            return self.run(command, cwd).returncode == 0
        except OSError:  # the path may be inaccessible
            return False

    def give(self, path: Path) -> None:
        """Makes this account the owner of the file or folder."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, folder: Path) -> bool:
        """Whether this account can enter the folder."""
        return not self.switch or self.run(["test", "-x", folder], Path("/")).returncode == 0

    def make_private(self, folder: Path) -> None:
        """Creates the folder if needed, owned by this account and private; its parents are unchanged."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if (
            found.st_uid not in (os.geteuid(), self.uid)
            or folder.is_symlink()
            or not folder.is_dir()
        ):
            raise UserError(f"{folder} belongs to someone else; PostgreSQL will not use it.")
        self.give(folder)
        folder.chmod(0o700)


def current() -> Account:
    """The current user; for root a dedicated account, created if the machine can, else `nobody`."""
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
        raise UserError(
            "PostgreSQL does not run as root, and there is no other account to run it as."
        )
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def close_state(account: Account) -> None:
    """Creates `.local` if needed, and closes it to everybody but the current user and this account, which may enter it."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    if account.switch:
        os.chown(STATE, -1, account.gid)
    STATE.chmod(0o710 if account.switch else 0o700)


def home(account: Account, name: str) -> Path:
    """A private folder for the account: in the checkout if it can access that, else in FALLBACK_FOLDERS."""
    close_state(account)
    if account.can_reach(STATE):
        folder = STATE / name
        account.make_private(folder)
        return folder
    for base in FALLBACK_FOLDERS:
        if os.access(base.parent, os.W_OK) and account.can_reach(base.parent):
            account.make_private(base)
            account.make_private(base / name)
            return base / name
    raise UserError("There is no folder that PostgreSQL's account can access.")


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
