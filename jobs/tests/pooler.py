"""PgBouncer in transaction mode, in front of the tests' database: clients share its server connections."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from jobs.tests.waiting import eventually

NAME: Final = "pgbouncer"
# With the library that a minimal Debian lacks for it
PACKAGES: Final = (NAME, "libc-ares2")
SERVER_CONNECTIONS: Final = 4
CONFIGURATION: Final = """
[databases]
{database} = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {server_connections}
max_client_conn = 200
ignore_startup_parameters = options
"""


@contextmanager
def pooled(folder: Path) -> Iterator[str]:
    """The URL of the tests' database behind a transaction pooler."""
    program, environment = _program(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = connection.settings_dict
    name, user = database["NAME"], database["USER"]
    server = {"host": database["HOST"], "port": database["PORT"] or 5432, "user": user}
    connection.ensure_connection()
    if password := connection.connection.info.password:  # also from a password file
        server["password"] = password
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        CONFIGURATION.format(
            database=name,
            server=" ".join(f"{key}='{value}'" for key, value in server.items()),
            port=port,
            server_connections=SERVER_CONNECTIONS,
        )
    )
    log = folder / "pgbouncer.log"
    words = [program, *_other_user(), str(configuration)]
    with (
        log.open("w") as output,
        subprocess.Popen(words, env=environment, stdout=output, stderr=output) as process,
    ):
        try:
            url = f"postgresql://{quote(user, safe='')}@127.0.0.1:{port}/{name}"
            eventually(lambda: _answers(url))
            yield url
        finally:
            process.kill()
            process.wait(10)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _program(folder: Path) -> tuple[str, dict[str, str]]:
    """The installed program, or Debian's package unpacked into the folder; skips the test if neither is available."""
    environment = dict(os.environ)
    path = os.pathsep.join([environment.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    if found := shutil.which(NAME, path=path):
        return found, environment
    if not shutil.which("apt-get"):
        pytest.skip(f"{NAME} is not installed, and there is no apt-get to download it with.")
    for words in (
        ["apt-get", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10", "download", *PACKAGES],
        *(["dpkg-deb", "-x", f"./{package}.deb", "."] for package in PACKAGES),
    ):  # fmt: skip
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(
                f"{NAME} is not installed, and could not be downloaded: {done.stderr[-300:]}"
            )
        for package in PACKAGES:
            for file in folder.glob(f"{package}_*.deb"):
                file.rename(folder / f"{package}.deb")
    libraries = [str(each) for each in folder.glob("usr/lib/*-linux-*")]
    return str(folder / "usr/sbin" / NAME), environment | {"LD_LIBRARY_PATH": ":".join(libraries)}


def _other_user() -> list[str]:
    """Options to run as the owner of the server's socket: PgBouncer refuses to run as root."""
    if os.geteuid():
        return []
    host = connection.settings_dict["HOST"]
    uid = os.stat(host).st_uid if host.startswith("/") else 0
    return ["-u", pwd.getpwuid(uid).pw_name if uid else "nobody"]
