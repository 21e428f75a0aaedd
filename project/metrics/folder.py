"""The folder of the counters of one web server, in memory where possible. Made before its processes are forked."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from tempfile import gettempdir, mkdtemp
from typing import Final

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
NAME: Final = "job-dashboard-metrics-"


def make_folder(base: str | None) -> Path:
    """Empty, and of this process alone. Removes those of servers that were killed, and touches nobody else's."""
    place = Path(base or gettempdir())
    for other in place.glob(f"{NAME}[0-9]*"):
        with suppress(OSError):  # another server has just removed it
            found = other.lstat()
            number = other.name.removeprefix(NAME).partition("-")[0]
            is_own = S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
            if is_own and number.isdigit() and not _runs(int(number)):
                shutil.rmtree(other, ignore_errors=True)
    folder = Path(mkdtemp(prefix=f"{NAME}{os.getpid()}-", dir=place))
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
