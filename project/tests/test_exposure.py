"""Without a login, the server starts only where nobody else reaches it."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from jobs.hosts import is_loopback
from project.exposure import LOOPBACK_HOSTS, require_guarded
from project.local import configuration
from project.local.paths import ROOT
from project.local.web import free_port

EVERYWHERE = "0.0.0.0"  # noqa: S104  # nothing listens on it


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "jobs.localhost", "127.0.0.1", "127.8.9.1", "[::1]", "::1"]
)
def test_names_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "*",
        "",
        EVERYWHERE,
        "::",
        "10.0.0.7",
        ".example.com",
        "localhost.example.com",
        "127.0.0.1.nip.io",
    ],
)
def test_names_of_others(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("hosts", "addresses", "published_on", "named"),
    [
        ([*LOOPBACK_HOSTS, "jobs.example.com"], ["127.0.0.1"], "", "ALLOWED_HOSTS"),
        (["*"], ["127.0.0.1"], "127.0.0.1", "ALLOWED_HOSTS"),
        (LOOPBACK_HOSTS, [EVERYWHERE], "", "WEB_BIND"),
        (LOOPBACK_HOSTS, ["127.0.0.1", ""], "", "WEB_BIND"),
        (LOOPBACK_HOSTS, [EVERYWHERE], "192.168.1.7", "PUBLISHED_ON"),
    ],
)
def test_open_mode_is_refused_where_others_reach_it(
    hosts: list[str], addresses: list[str], published_on: str, named: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=named) as refused:
        require_guarded("open", False, hosts, addresses, published_on)
    assert "ACCESS=login" in str(refused.value)
    assert "OPEN_TO_EVERYBODY=yes" in str(refused.value)
    require_guarded("open", True, hosts, addresses, published_on)
    require_guarded("login", False, hosts, addresses, published_on)


@pytest.mark.parametrize(
    ("addresses", "published_on"), [(["127.0.0.1", "::1"], ""), ([EVERYWHERE], "127.0.0.1")]
)
def test_open_mode_starts_on_this_machine(addresses: list[str], published_on: str) -> None:
    require_guarded("open", False, LOOPBACK_HOSTS, addresses, published_on)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("ALLOWED_HOSTS", "jobs.example.com", "jobs.example.com (ALLOWED_HOSTS)"),
        ("WEB_BIND", "fd://3", "listens on every address (WEB_BIND)"),
        ("LISTEN_FDS", "1", "listens on every address (WEB_BIND)"),
    ],
)
def test_a_served_dashboard_says_what_to_do(setting: str, value: str, words: str) -> None:
    """The real server ends before it listens, without a traceback. Nobody knows yet what an inherited socket listens on."""
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "project/server/gunicorn_conf.py",
        ],
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            **configuration.defaults(),
            "WEB_BIND": f"127.0.0.1:{free_port()}",
            setting: value,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    for expected in ("does not start", words, "ACCESS=login"):
        assert expected in ended.stderr


def test_compose_publishes_where_it_says() -> None:
    """What the server is told of the published address is what Compose publishes."""
    compose = (ROOT / "docker-compose.yml").read_text()
    assert "PUBLISHED_ON: ${PUBLISHED_ON:-127.0.0.1}" in compose
    assert "- ${PUBLISHED_ON:-127.0.0.1}:${PORT:-8000}:8000" in compose
