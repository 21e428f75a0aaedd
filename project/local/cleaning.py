"""`make clean` without Docker. At a terminal it lists what it would remove and asks for confirmation."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from project.local import account, benchmark, clusters, testing, web, worker
from project.local.dashboard import DATABASE, WEB, WORKER
from project.local.ha import lab
from project.local.locks import lock
from project.local.paths import (
    CACHES,
    ISLANDS_DIST,
    NODE_MODULES,
    ROOT,
    STATE,
    STATICFILES,
    VENV,
    WORKSPACE_MODULES,
)
from project.local.terminal import UserError, say

DATA = "all jobs of the dashboard"


def clean() -> None:
    """Stops everything and removes all files that `make` has created."""
    with lock("dashboard"), lock("test"), lock("faults"), lock("failover"), lock("bench"):
        found = dict.fromkeys(clusters.folders(DATABASE), DATA)
        made = [
            STATE,
            STATICFILES,
            ISLANDS_DIST,
            NODE_MODULES,
            WORKSPACE_MODULES,
            VENV,
            *CACHES,
            *account.FALLBACK_FOLDERS,
        ]
        found |= {folder: "" for folder in made if folder.exists()}
        lines = [_line(folder, what) for folder, what in found.items()]
        confirm(lines)
        _remove(made)
        say("\n".join(["Removed:", *lines]))


def confirm(lines: Sequence[str]) -> None:
    """At a terminal, unless YES=1 is set, asks whether to remove what the lines list. Raises UserError if refused."""
    if os.environ.get("YES", "").strip() or not sys.stdin.isatty():
        return
    say("\n".join(["This permanently removes:", *lines]))
    try:
        answer = input("Type yes to continue: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise UserError("Nothing was removed.")


def _remove(made: Sequence[Path]) -> None:
    worker.stop(WORKER)
    web.stop(WEB)
    testing.SANDBOX.discard()
    testing.FAULTS.discard()
    clusters.remove_orphaned()
    benchmark.SANDBOX.discard()
    clusters.remove(DATABASE)
    lab.remove()
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
