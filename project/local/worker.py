"""The worker in the background: one supervisor per record file. Only the recorded process is ever stopped."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from project.local import web
from project.local.environment import python
from project.local.paths import ROOT
from project.local.processes import ProcessRecord
from project.local.rotating_log import rotating_log

GRACE_SECONDS = 15  # a little over the worker's own
NO_PORT = 0


def start(record: Path, log: Path, env: Mapping[str, str], build: str) -> None:
    """Starts a supervised worker in a new session, and records it. The dashboard does not wait for it."""
    environment = {**os.environ, **env}
    owner = web.owner(environment)
    with rotating_log(log) as output:
        process = subprocess.Popen(
            [python(), "-m", "project.local.supervisor", "worker"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **owner,
        )
    ProcessRecord.of(process, port=NO_PORT, build=build).save(record)
    process.returncode = 0  # outlives this process: suppresses the ResourceWarning


def is_running(record: Path, build: str) -> bool:
    """Whether the recorded one runs this build."""
    recorded = web.running(record)
    return recorded is not None and recorded.build == build


def stop(record: Path) -> bool:
    """Stops the worker between two batches. Returns whether one was running."""
    recorded = web.running(record)
    if recorded:
        recorded.stop(GRACE_SECONDS)
    record.unlink(missing_ok=True)
    return recorded is not None
