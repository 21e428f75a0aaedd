"""The commands of the Makefile, with Docker: which words they give to it."""

import os
import subprocess
from pathlib import Path

import pytest

from project.local.paths import ROOT

DOCKER = """#!/bin/sh
case "$*" in
  *" port "*) echo 127.0.0.1:8000 ;;
  *" exec "*) shift 6; printf '%s\\n' "$@" ;;
  *" stop") printf '%s\\n' "$*" ;;
esac
"""
"""Of a dashboard that is running: prints the words that manage.py would get, one a line."""


class Manage:
    def __init__(self, folder: Path) -> None:
        self._path = f"{folder}{os.pathsep}{os.environ['PATH']}"

    def __call__(self, words: str, command: str = "manage") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "project/docker/run", command],
            cwd=ROOT,
            env={**os.environ, "PATH": self._path, "ARGS": words},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def manage(tmp_path: Path) -> Manage:
    docker = tmp_path / "docker"
    docker.write_text(DOCKER)
    docker.chmod(0o700)
    return Manage(tmp_path)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("check_counts", ["check_counts"]),
        ("create_token --name 'of the cluster'", ["create_token", "--name", "of the cluster"]),
        ('account "a b" viewer', ["account", "a b", "viewer"]),
        ("account $HOME;id", ["account", "$HOME;id"]),
    ],
)
def test_manage_reads_its_words_as_a_shell_does(
    manage: Manage, words: str, expected: list[str]
) -> None:
    done = manage(words)
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, expected, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [("account 'anna", "ARGS cannot be read (see above)."), ("", "Which command?")],
)
def test_manage_says_what_is_wrong_with_its_words(manage: Manage, words: str, message: str) -> None:
    done = manage(words)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr


def test_stop_includes_the_proxy_of_a_profile_that_is_no_longer_named(manage: Manage) -> None:
    assert manage("", "stop").stdout == "compose --profile tls stop\n"
