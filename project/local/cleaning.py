"""`make clean` on this machine. Rule: at a terminal nothing is removed before it was named and agreed to."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from project.local import account, benchmark, postgres, testing, web
from project.local.dashboard import DATABASE, WEB
from project.local.locks import lock
from project.local.places import (
    CACHES,
    ISLANDS_DIST,
    NODE_MODULES,
    ROOT,
    STATE,
    STATICFILES,
    VENV,
    WORKSPACE_MODULES,
)
from project.local.terminal import Problem, say

DATA = "all jobs of the dashboard"


def clean() -> None:
    """Stops everything and removes all that `make` made; the source stays."""
    with lock("dashboard"), lock("test"), lock("bench"):
        found = dict.fromkeys(postgres.folders(DATABASE), DATA)
        made = [
            STATE,
            STATICFILES,
            ISLANDS_DIST,
            NODE_MODULES,
            WORKSPACE_MODULES,
            VENV,
            *CACHES,
            *account.ELSEWHERE,
        ]
        found |= {folder: "" for folder in made if folder.exists()}
        lines = [_line(folder, what) for folder, what in found.items()]
        require_consent(lines)
        _remove(made)
        say("\n".join(["Removed:", *lines]))


def require_consent(lines: Sequence[str]) -> None:
    """Asks at a terminal, unless YES=1 has answered, whether to remove what the lines name; raises Problem at a no."""
    if os.environ.get("YES", "").strip() or not sys.stdin.isatty():
        return
    say("\n".join(["This removes, for good:", *lines]))
    try:
        answer = input("Type yes to go on: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise Problem("Nothing was removed.")


def _remove(made: Sequence[Path]) -> None:
    web.stop(WEB)
    testing.STAGE.discard()
    postgres.remove_abandoned()
    benchmark.STAGE.discard()
    postgres.remove(DATABASE)
    for folder in made:
        if folder.exists():
            shutil.rmtree(folder)


def _line(folder: Path, what: str) -> str:
    name = folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
    size = sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())
    return f"  {name}  ({', '.join(part for part in (what, _readable(size)) if part)})"


def _readable(size: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
