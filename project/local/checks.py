"""`make check`, `make fmt` and `make lock`. A failed check does not stop the others."""

import json
import os
import re
import secrets
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from project.local import environment, islands
from project.local.paths import CLIENTS, ISLANDS, REQUIREMENTS, ROOT, STATE, VENV
from project.local.terminal import run, say, show_tail

PACKAGE_LOCKS = [ISLANDS / "package-lock.json", CLIENTS / "package-lock.json"]
# A workspace resolves to its own folder, which is not a URL.
URL = re.compile(r'://|--find-links|index-url|"resolved": ".*[:/]')
PRODUCTION = {
    "DEBUG": "no",
    "HTTPS": "yes",
    "DATABASE_URL": "postgresql://jobs@127.0.0.1:1/jobs",
}


def check() -> int:
    """Runs all static checks; returns 0 if they pass, else 1."""
    environment.ensure("dev")
    npm = islands.ensure_packages()
    islands.ensure_built()
    settings = {**PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(64)}
    python, tools = environment.python(), VENV / "bin"
    outcomes = {
        "ruff": _passes([python, "-m", "ruff", "check"]),
        "ruff format": _passes([python, "-m", "ruff", "format", "--check"]),
        "mypy": _passes([python, "-m", "mypy", "project", "jobs"], settings),
        "djade": _passes([tools / "djade", "--target-version", "5.2", "--check", *_templates()]),
        "imports": _passes([tools / "lint-imports"], settings),
        # Warns that it cannot check the database's migration history; that is expected, so it is quiet.
        "migrations": _passes(
            [python, "manage.py", "makemigrations", "--check", "--dry-run"], settings, quiet=True
        ),
        "SQL of migrations": _passes([python, "-m", "project.local.migrations_linter"], settings),
        "settings": _passes(
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            settings,
        ),
        "islands": _passes(["npm", "run", "check"], npm, ISLANDS),
        "lock files": _lock_files_have_no_urls(),
    }
    failed = [name for name, passed in outcomes.items() if not passed]
    say(f"\nChecks: {len(outcomes) - len(failed)} passed; failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


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
    # Node.js alone, without the application's dependencies.
    node = STATE / "node.in"
    node.write_text(
        "\n".join(tomllib.loads(project.read_text())["project"]["optional-dependencies"]["node"])
    )
    targets = {
        "base": (project, []),
        "local": (project, ["local"]),
        "dev": (project, ["local", "dev"]),
    }
    for name, (source, extras) in {**targets, "node": (node, [])}.items():
        target = REQUIREMENTS / f"{name}.txt"
        say(f"Resolving {target.relative_to(ROOT)} …")
        _compile(source, target, [word for extra in extras for word in ("--extra", extra)])
    _strip_metadata()


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


def _passes(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    *,
    quiet: bool = False,
) -> bool:
    """Runs one check and shows its output; if `quiet`, only when it fails."""
    words = [str(word) for word in command]
    say("\n$ " + " ".join([Path(words[0]).name, *words[1:]])[:110])
    done = subprocess.run(
        words,
        check=False,
        cwd=folder,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
    )
    if quiet and done.returncode:
        show_tail(done.stdout.decode(errors="replace"))
    return done.returncode == 0


def _lock_files_have_no_urls() -> bool:
    say("\n$ find URLs in lock files")
    found = [
        f"{file.name}: {line.strip()}"
        for file in [*sorted(REQUIREMENTS.glob("*.txt")), *PACKAGE_LOCKS]
        for line in file.read_text().splitlines()
        if URL.search(line)
    ]
    for line in found:
        say(line[:110])
    if found:
        say("`make lock` writes the lock files without URLs.")
    return not found


def _strip_metadata() -> None:
    """Removes funding links and deprecation notices, which npm adds: they contain URLs."""
    for file in PACKAGE_LOCKS:
        lock = json.loads(file.read_text())
        for package in lock["packages"].values():
            package.pop("funding", None)
            package.pop("deprecated", None)
        file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
