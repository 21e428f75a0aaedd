"""The islands' bundle, built with the packages of the lock file when its sources have changed."""

from project.local.locks import lock
from project.local.node import install_packages
from project.local.paths import (
    ISLANDS,
    ISLANDS_DIST,
    NODE_MODULES,
    STATE,
    fingerprint,
    read_text,
)
from project.local.terminal import run, say

BUILT = STATE / "islands-build"


def ensure_packages() -> dict[str, str]:
    """Installs node_modules if the lock file has changed; returns the environment for npm."""
    with lock("islands"):
        return install_packages(ISLANDS, ISLANDS)


def ensure_built() -> None:
    """Builds islands/dist if its sources have changed; otherwise Node.js is not needed."""
    inputs = [
        path
        for path in ISLANDS.iterdir()
        if path not in (NODE_MODULES, ISLANDS_DIST) and not path.name.endswith(".tsbuildinfo")
    ]
    current = fingerprint(sorted(inputs))
    if ISLANDS_DIST.is_dir() and read_text(BUILT) == current:
        return
    env = ensure_packages()
    with lock("islands"):
        say("Building the islands …")
        run(
            ["npm", "run", "build"],
            cwd=ISLANDS,
            env=env,
            failure="Building the islands failed",
        )
        BUILT.write_text(current)
