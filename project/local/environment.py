"""The virtual environment, installed from a lock file with hashes; a stamp file records which."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from project.local.locks import lock
from project.local.paths import REQUIREMENTS, VENV, fingerprint, read_text
from project.local.terminal import UserError, run, say

_PYTHON = VENV / "bin" / "python"
SATISFIED_BY = {
    "local": ("local", "dev"),
    "dev": ("dev",),
    "node": ("node",),
    "otel": ("otel", "dev"),
}
"""The installed lock files that satisfy a request: dev includes everything in local."""


def ensure(wanted: str) -> None:
    """Installs requirements/<wanted>.txt, unless it is installed."""
    with lock("environment"):
        _ensure_venv()
        if not any(
            _stamp(name).exists() and read_text(_stamp(name)) == _current(name)
            for name in SATISFIED_BY[wanted]
        ):
            say(f"Installing Python packages (requirements/{wanted}.txt) …")
            pip(
                "install",
                "--require-hashes",
                "--requirement",
                str(REQUIREMENTS / f"{wanted}.txt"),
            )
            _stamp(wanted).write_text(_current(wanted))


def pip(*words: str, python: Path | None = None) -> None:
    """Runs the virtual environment's pip, for another Python if one is given."""
    other: list[str | Path] = ["--python", python] if python else []
    run(
        [
            _PYTHON,
            "-m",
            "pip",
            *other,
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            *words,
        ],
        env={"PIP_ROOT_USER_ACTION": "ignore", "PIP_REQUIRE_VIRTUALENV": "0"},
        failure="Installing Python packages failed",
    )


def python() -> Path:
    """The interpreter with the packages: that of the virtual environment, or in a container the current one."""
    return _PYTHON if _PYTHON.exists() else Path(sys.executable)


def site_packages() -> Path:
    folders = [
        *(VENV / "lib").glob("python3*/site-packages"),
        Path(sysconfig.get_path("purelib")),
    ]
    return folders[0]


def path_with(*folders: Path) -> str:
    """PATH with these folders prepended."""
    return os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _current(name: str) -> str:
    return fingerprint([REQUIREMENTS / f"{name}.txt"])


def _ensure_venv() -> None:
    # Scripts in a virtual environment contain its absolute path: one that was moved or copied is recreated.
    if read_text(VENV / ".place") == str(VENV) and _works():
        return
    if (
        not (VENV / "bin" / "pip").exists()
        or str(VENV) not in read_text(VENV / "bin" / "pip")
        or not _works()
    ):
        say(f"Creating a virtual environment with Python {sys.version.split()[0]} …")
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
            failure="Creating the virtual environment failed",
        )
        return
    # Debian's python3 without python3-venv: any other pip can install pip into the environment.
    run(
        [sys.executable, "-m", "venv", "--without-pip", VENV],
        failure="Creating the virtual environment failed",
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
        say(f"Installing {package}: this Python has no pip …")
        apt_install(package)
        run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            failure="Creating the virtual environment failed",
        )
    else:
        shutil.rmtree(VENV, ignore_errors=True)
        raise UserError(
            "This Python has neither ensurepip nor pip. On Debian, run: apt-get install python3-venv"
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
