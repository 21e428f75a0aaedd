"""`make check`, `make fmt` and `make lock`. A failed check does not stop the others."""

import json
import os
import re
import secrets
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

from project.local import advisories, environment, islands
from project.local.paths import CLIENTS, ISLANDS, REQUIREMENTS, ROOT, STATE, VENV
from project.local.terminal import run, say

PACKAGE_LOCKS = [ISLANDS / "package-lock.json", CLIENTS / "package-lock.json"]
# A workspace resolves to its own folder, which is not a URL.
URL = re.compile(r'://|--find-links|index-url|"resolved": ".*[:/]')
PRODUCTION = {
    "DEBUG": "no",
    "HTTPS": "yes",
    "DATABASE_URL": "postgresql://jobs@127.0.0.1:1/jobs",
}
ALONE = ("node", "ha", "otel")
"""Extras that are installed without the application's dependencies."""
TAIL = 4_000
Check: TypeAlias = Callable[[], tuple[bool, str]]
"""Returns whether it passes, and what to show of it."""


def check() -> int:
    """Runs all static checks; returns 0 if they pass, else 1."""
    environment.ensure("dev")
    npm = islands.ensure_packages()
    islands.ensure_built()
    settings = {**PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(64)}
    python, tools = environment.python(), VENV / "bin"
    checks: dict[str, Check] = {
        "ruff": _command([python, "-m", "ruff", "check"]),
        "ruff format": _command([python, "-m", "ruff", "format", "--check"]),
        "mypy": _command([python, "-m", "mypy", "project", "jobs"], settings),
        "djade": _command([tools / "djade", "--target-version", "5.2", "--check", *_templates()]),
        "imports": _command([tools / "lint-imports"], settings),
        # Warns that it cannot check the database's migration history; that is expected, so it is quiet.
        "migrations": _command(
            [python, "manage.py", "makemigrations", "--check", "--dry-run"], settings, quiet=True
        ),
        "SQL of migrations": _command([python, "-m", "project.local.migrations_linter"], settings),
        "settings": _command(
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            settings,
        ),
        "islands": _command(["npm", "run", "check"], npm, ISLANDS),
        "lock files": _lock_files_have_no_urls,
        "advisories": advisories.check,
    }
    failed = []
    # The settings name a file that the islands' build writes anew.
    for name, (passed, output) in _run_all(checks, first=("settings", "mypy", "islands")):
        say(output)
        if not passed:
            failed.append(name)
    passes = len(checks) - len(failed)
    say(f"\nChecks: {passes} passed; failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def _run_all(
    checks: Mapping[str, Check], first: Sequence[str]
) -> Iterator[tuple[str, tuple[bool, str]]]:
    """Runs the checks side by side, one for each processor; yields their results in order, those in `first` begun first."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {name: pool.submit(checks[name]) for name in dict.fromkeys([*first, *checks])}
        for name in checks:
            yield name, running[name].result()


def fmt() -> int:
    environment.ensure("dev")
    npm = islands.ensure_packages()
    python = environment.python()
    _passes([python, "-m", "ruff", "format"])
    passed = [
        _passes([python, "-m", "ruff", "check", "--fix"]),
        # djade exits with 1 when it rewrites a file, which is not a failure here
        _passes([VENV / "bin" / "djade", "--target-version", "5.2", *_templates()]) or True,
        _passes(["npm", "run", "fmt"], npm, ISLANDS),
    ]
    return 0 if all(passed) else 1


def write_locks() -> None:
    """Resolves pyproject.toml with the pinned uv, to requirements files: unlike uv.lock, they contain no URLs."""
    environment.ensure("dev")
    project = ROOT / "pyproject.toml"
    targets = {
        "base": (project, []),
        "local": (project, ["local"]),
        "dev": (project, ["local", "dev"]),
    }
    extras_of = tomllib.loads(project.read_text())["project"]["optional-dependencies"]
    for name in ALONE:
        (STATE / f"{name}.in").write_text("\n".join(extras_of[name]))
        targets[name] = (STATE / f"{name}.in", [])
    for name, (source, extras) in targets.items():
        target = REQUIREMENTS / f"{name}.txt"
        say(f"Resolving {target.relative_to(ROOT)} …")
        words = [word for extra in extras for word in ("--extra", extra)]
        # What is installed beside the application has the same versions.
        beside = ["--constraint", str(REQUIREMENTS / "dev.txt")] if name == "otel" else []
        _compile(source, target, [*words, *beside])
    _strip_metadata()
    environment.ensure("dev")
    command: list[str | Path] = [environment.python(), "-m", "project.local.licences"]
    run(command, failure="Writing docs/sbom.cdx.json failed")


def _compile(source: Path, target: Path, words: Sequence[str]) -> None:
    command: list[str | Path] = [environment.python(), "-m", "uv", "pip", "compile", source, *words]
    command += [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
    ]
    command += ["--no-annotate", "--quiet", "--output-file", target]
    run(command, failure=f"Resolving {target.name} failed")


def _templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def _command(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    *,
    quiet: bool = False,
) -> Check:
    """A check that runs a command. It shows the command's output; if `quiet`, only the end of it, and if it fails."""
    words = [str(word) for word in command]

    def check() -> tuple[bool, str]:
        done = subprocess.run(
            words,
            check=False,
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        passed = done.returncode == 0
        output = done.stdout.decode(errors="replace").rstrip()
        if quiet:
            output = "" if passed else output[-TAIL:]
        return passed, f"{_headed(words)}\n{output}".rstrip()

    return check


def _headed(words: Sequence[str]) -> str:
    return "\n$ " + " ".join([Path(words[0]).name, *words[1:]])[:110]


def _passes(
    command: Sequence[str | Path], env: Mapping[str, str] | None = None, folder: Path = ROOT
) -> bool:
    passed, output = _command(command, env, folder)()
    say(output)
    return passed


def _lock_files_have_no_urls() -> tuple[bool, str]:
    found = [
        f"{file.name}: {line.strip()}"[:110]
        for file in [*sorted(REQUIREMENTS.glob("*.txt")), *PACKAGE_LOCKS]
        for line in file.read_text().splitlines()
        if URL.search(line)
    ]
    remedy = ["`make lock` writes the lock files without URLs."] if found else []
    return not found, "\n".join(["\n$ find URLs in lock files", *found, *remedy])


def _strip_metadata() -> None:
    """Removes funding links and deprecation notices, which npm adds: they contain URLs."""
    for file in PACKAGE_LOCKS:
        lock = json.loads(file.read_text())
        for package in lock["packages"].values():
            package.pop("funding", None)
            package.pop("deprecated", None)
        file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
