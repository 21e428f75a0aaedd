"""Where things lie. Rule: what `make` writes is named here, for `make clean`."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".local"
VENV = ROOT / ".venv"
STATICFILES = ROOT / "staticfiles"
ISLANDS = ROOT / "islands"
ISLANDS_DIST = ISLANDS / "dist"
NODE_MODULES = ISLANDS / "node_modules"
# What the workspace needs in a version of its own
WORKSPACE_MODULES = ISLANDS / "schema-types" / "node_modules"
REQUIREMENTS = ROOT / "requirements"
# Programs for generated clients, and what generates them
CLIENTS = ROOT / "jobs" / "contract_tests" / "clients"

SHARED_TMP = Path("/tmp")  # noqa: S108 — for short names; what lies there is private and checked

CACHES = [
    ROOT / name
    for name in (
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".import_linter_cache",
        "test-results",
    )
]

GENERATED = {"__pycache__", "node_modules"}

CHECKOUT_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
"""Tells this checkout from others on the same machine, in folders that they share."""


def fingerprint(paths: Iterable[Path], *notes: str) -> str:
    """A hash over the notes and over name and content of every file in or under `paths`."""
    digest = hashlib.sha256("\0".join(notes).encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and not GENERATED.intersection(file.parts):
                digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def read_text(path: Path) -> str:
    """The file's text; empty where there is none."""
    try:
        return path.read_text()
    except OSError:
        return ""
