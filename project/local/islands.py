"""The islands' bundle, built with the packages of the lock file when its sources have changed."""

from project.local.locks import lock
from project.local.node import npm_environment
from project.local.paths import (
    ISLANDS,
    ISLANDS_DIST,
    NODE_MODULES,
    STATE,
    fingerprint,
    read_text,
)
from project.local.terminal import run, say

PACKAGES = [ISLANDS / "package.json", ISLANDS / "package-lock.json", ISLANDS / ".npmrc"]
INSTALLED = NODE_MODULES / ".installed"
BUILT = STATE / "islands-build"


def ensure_packages() -> dict[str, str]:
    """Installs node_modules if the lock file has changed; returns the environment for npm."""
    env = npm_environment()
    current = fingerprint(PACKAGES)
    with lock("islands"):
        if read_text(INSTALLED) != current:
            say("Installing npm packages (islands/package-lock.json) …")
            run(
                ["npm", "ci", "--no-audit", "--no-fund"],
                cwd=ISLANDS,
                env=env,
                failure="npm ci failed",
            )
            INSTALLED.write_text(current)
    return env


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
