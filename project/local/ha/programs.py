"""etcd and HAProxy from the machine or from Debian's packages, and Patroni from PyPI."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from project.local.account import Account
from project.local.environment import pip
from project.local.paths import REQUIREMENTS, fingerprint, read_text
from project.local.terminal import UserError, run, say

PACKAGES: Final = {"etcd": "etcd-server", "haproxy": "haproxy"}
LOCK: Final = REQUIREMENTS / "ha.txt"


def program(name: str, folder: Path) -> Path:
    """The machine's, or one from the package, unpacked in the folder: nothing is installed, and no service is started."""
    if found := shutil.which(name) or shutil.which(name, path="/usr/sbin"):
        return Path(found)
    unpacked = [
        path for place in ("bin", "sbin") if (path := folder / "usr" / place / name).exists()
    ]
    if not unpacked:
        _unpack(PACKAGES[name], folder)
        unpacked = [
            path for place in ("bin", "sbin") if (path := folder / "usr" / place / name).exists()
        ]
    if not unpacked:
        raise UserError(f"{name} is not installed: install the package {PACKAGES[name]}.")
    return unpacked[0]


def _unpack(package: str, folder: Path) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    say(f"Fetching {package} …")
    folder.mkdir(exist_ok=True)
    run(["apt-get", "download", package], cwd=folder, failure=f"Fetching {package} failed")
    for archive in folder.glob(f"{package}_*.deb"):
        run(["dpkg-deb", "-x", archive, folder], failure=f"Unpacking {package} failed")
        archive.unlink()


def patroni(owner: Account, folder: Path) -> tuple[Path, Path]:
    """The Python that runs Patroni, which the account can execute, and the folder with its packages."""
    python = _python(owner)
    stamp, current = folder / ".installed", fingerprint([LOCK], str(python))
    if read_text(stamp) != current:
        say("Installing Patroni (requirements/ha.txt) …")
        shutil.rmtree(folder, ignore_errors=True)
        words = ["install", "--require-hashes", "--target", str(folder)]
        pip(*words, "--requirement", str(LOCK), python=python)
        stamp.write_text(current)
        _open(folder)
    return python, folder


def _python(owner: Account) -> Path:
    """This one, if the account can execute it: root's own may be in a folder that nobody else can enter."""
    candidates = [Path(sys.executable).resolve(), Path("/usr/bin/python3")]
    for candidate in candidates:
        if owner.can_run([candidate, "-c", "import ssl"], Path("/")):
            return candidate
    raise UserError("Patroni needs a Python that PostgreSQL's account can run: install python3.")


def _open(folder: Path) -> None:
    """So that another account can read what root has installed."""
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
