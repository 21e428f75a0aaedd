"""The virtual environment. Rule: it holds a hashed lock file, and a stamp says which."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from project.local.locks import lock
from project.local.places import REQUIREMENTS, VENV, fingerprint, read_text
from project.local.terminal import Problem, run, say

_PYTHON = VENV / "bin" / "python"
CONTAINS = {"local": ("local", "dev"), "dev": ("dev",), "node": ("node",)}
"""Which locks satisfy the wish for which: dev holds everything local does."""


def ensure(wanted: str) -> None:
    """Makes the environment hold requirements/<wanted>.txt; instantly where it already does."""
    with lock("environment"):
        _ensure_venv()
        if not any(
            _stamp(name).exists() and read_text(_stamp(name)) == _current(name)
            for name in CONTAINS[wanted]
        ):
            say(f"Installing Python packages (requirements/{wanted}.txt) …")
            pip(
                "install",
                "--require-hashes",
                "--requirement",
                str(REQUIREMENTS / f"{wanted}.txt"),
            )
            _stamp(wanted).write_text(_current(wanted))


def pip(*words: str) -> None:
    run(
        [
            _PYTHON,
            "-m",
            "pip",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            *words,
        ],
        env={"PIP_ROOT_USER_ACTION": "ignore", "PIP_REQUIRE_VIRTUALENV": "0"},
        failure="Installing Python packages failed",
    )


def python() -> Path:
    """The interpreter with the packages: the environment's, or in a container this one."""
    return _PYTHON if _PYTHON.exists() else Path(sys.executable)


def site_packages() -> Path:
    folders = [
        *(VENV / "lib").glob("python3*/site-packages"),
        Path(sysconfig.get_path("purelib")),
    ]
    return folders[0]


def path_with(*folders: Path) -> str:
    """PATH with these folders in front."""
    return os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _current(name: str) -> str:
    return fingerprint([REQUIREMENTS / f"{name}.txt"])


def _ensure_venv() -> None:
    # Scripts in an environment hold its absolute path: a moved or copied one is made anew.
    if read_text(VENV / ".place") == str(VENV) and _works():
        return
    if (
        not (VENV / "bin" / "pip").exists()
        or str(VENV) not in read_text(VENV / "bin" / "pip")
        or not _works()
    ):
        say(f"Making a virtual environment with Python {sys.version.split()[0]} …")
        shutil.rmtree(VENV, ignore_errors=True)
        _make_venv()
    (VENV / ".place").write_text(str(VENV))


def _works() -> bool:
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return (
            subprocess.run([_PYTHON, "-c", check], check=False, capture_output=True).returncode == 0
        )
    except OSError:
        return False


def _make_venv() -> None:
    if _has("ensurepip"):
        run(
            [sys.executable, "-m", "venv", VENV],
            failure="Making the virtual environment failed",
        )
        return
    # Debian's python3 without python3-venv: any pip at hand can fill such an environment.
    run(
        [sys.executable, "-m", "venv", "--without-pip", VENV],
        failure="Making the virtual environment failed",
    )
    if _has("pip"):
        run(
            [
                sys.executable,
                "-m",
                "pip",
                "--python",
                _PYTHON,
                "install",
                "--quiet",
                "pip",
            ]
        )
    elif os.geteuid() == 0 and shutil.which("apt-get"):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        say(f"Installing {package}: this Python comes without pip …")
        apt_install(package)
        run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            failure="Making the virtual environment failed",
        )
    else:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Problem(
            "This Python has neither ensurepip nor pip; on Debian: apt-get install python3-venv."
        )


def _has(module: str) -> bool:
    return (
        subprocess.run(
            [sys.executable, "-c", f"import {module}"], check=False, capture_output=True
        ).returncode
        == 0
    )


def apt_install(package: str) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], env=quiet, failure="apt-get update failed")
    run(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", package],
        env=quiet,
        failure=f"apt-get install {package} failed",
    )
