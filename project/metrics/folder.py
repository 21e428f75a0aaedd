"""The folder of the counters of one web server, in memory where possible. Made before its processes are forked."""

import os
import shutil
from pathlib import Path
from tempfile import gettempdir
from typing import Final

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
NAME: Final = "job-dashboard-metrics-"


def make_folder(base: str | None) -> Path:
    """Empty, for this process alone. Removes those of servers that were killed."""
    place = Path(base or gettempdir())
    for other in place.glob(f"{NAME}[0-9]*"):
        if other.stat().st_uid == os.geteuid() and not _runs(int(other.name.removeprefix(NAME))):
            shutil.rmtree(other, ignore_errors=True)
    folder = place / f"{NAME}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[VARIABLE] = str(folder)
    return folder


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
