"""Programs that read the schema: where they are, and how they are run."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.request import ProxyHandler, build_opener

import pytest

VARIABLE: Final = "JOBS_CLIENTS"
SECONDS: Final = 900  # some seconds are usual
# They would ask for news of themselves.
QUIET: Final = {
    "no_proxy": "*",
    "NO_COLOR": "1",
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "MYPYPATH": "",
}


def packages() -> Path:
    """The folder of the npm packages, which `make` installs."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.fail(f"{VARIABLE} names no folder: run these tests with `make test`.")
    return Path(folder, "node_modules")


def npm_tool(name: str) -> Path:
    return packages() / ".bin" / name


def run(
    command: Sequence[str | Path],
    folder: Path,
    statuses: Sequence[int] = (0,),
) -> subprocess.CompletedProcess[str]:
    """Fails, with all that it printed, at any other exit status."""
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        cwd=folder,
        env={**os.environ, **QUIET},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode in statuses, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def save_schema(base_url: str, folder: Path) -> dict[str, Any]:
    """The served schema, which is then in `openapi.json` too."""
    with build_opener(ProxyHandler({})).open(f"{base_url}/api/schema/", timeout=60) as answer:
        text: bytes = answer.read()
    (folder / "openapi.json").write_bytes(text)
    document: dict[str, Any] = json.loads(text)
    return document
