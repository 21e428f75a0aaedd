"""Paths of the checkout. Everything that `make` creates is listed here, for `make clean`."""

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
# Packages that the workspace needs in another version
WORKSPACE_MODULES = ISLANDS / "schema-types" / "node_modules"
REQUIREMENTS = ROOT / "requirements"
# Generated API clients, their generators and test programs
CLIENTS = ROOT / "jobs" / "contract_tests" / "clients"

SHARED_TMP = Path("/tmp")  # noqa: S108 — for short socket paths, in folders that are private and verified

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
"""Distinguishes this checkout from others on the same machine, in shared folders."""


def fingerprint(paths: Iterable[Path], *notes: str) -> str:
    """A hash of the notes and of the name and content of every file in `paths` and below."""
    digest = hashlib.sha256("\0".join(notes).encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and not GENERATED.intersection(file.parts):
                digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def read_text(path: Path) -> str:
    """The file's text; empty if it cannot be read."""
    try:
        return path.read_text()
    except OSError:
        return ""
