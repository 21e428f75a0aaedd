"""Client generators and schema linters for the contract tests, installed from their lock file."""

import shutil

from project.local.locks import lock
from project.local.node import npm_environment
from project.local.paths import CLIENTS, STATE, fingerprint, read_text
from project.local.terminal import run, say

VARIABLE = "JOBS_CLIENTS"
"""Where the tests find `node_modules`."""
FOLDER = STATE / "clients"
PACKAGES = [CLIENTS / name for name in ("package.json", "package-lock.json", ".npmrc")]
INSTALLED = FOLDER / ".installed"


def ensure() -> dict[str, str]:
    """Installs them if the lock file has changed; returns the environment for the tests.

    Installed in place, they would count as sources of the dashboard, and changing them would restart it.
    """
    env = npm_environment()
    current = fingerprint(PACKAGES)
    with lock("clients"):
        if read_text(INSTALLED) != current:
            say(f"Installing npm packages ({PACKAGES[1].relative_to(CLIENTS.parents[2])}) …")
            FOLDER.mkdir(parents=True, exist_ok=True)
            for file in PACKAGES:
                shutil.copy(file, FOLDER)
            run(
                ["npm", "ci", "--no-audit", "--no-fund"],
                cwd=FOLDER,
                env=env,
                failure="npm ci failed",
            )
            INSTALLED.write_text(current)
    return {**env, VARIABLE: str(FOLDER)}
