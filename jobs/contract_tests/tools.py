"""The generators and linters that read the schema, and how to run them."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.request import ProxyHandler, build_opener

import pytest

VARIABLE: Final = "JOBS_CLIENTS"
SECONDS: Final = 900  # they usually take a few seconds
# Without these settings, they check for updates and send telemetry.
QUIET: Final = {
    "no_proxy": "*",
    "NO_COLOR": "1",
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "MYPYPATH": "",
}


def packages() -> Path:
    """The folder with the npm packages, which `make` installs."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.fail(f"{VARIABLE} is not set: run these tests with `make test`.")
    return Path(folder, "node_modules")


def npm_tool(name: str) -> Path:
    return packages() / ".bin" / name


def run(
    command: Sequence[str | Path],
    folder: Path,
    statuses: Sequence[int] = (0,),
) -> subprocess.CompletedProcess[str]:
    """Fails with the program's output if its exit status is not among `statuses`."""
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
    """Saves the served schema as `openapi.json`, and returns it."""
    with build_opener(ProxyHandler({})).open(f"{base_url}/api/schema/", timeout=60) as answer:
        text: bytes = answer.read()
    (folder / "openapi.json").write_bytes(text)
    document: dict[str, Any] = json.loads(text)
    return document
