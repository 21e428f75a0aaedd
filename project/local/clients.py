"""Client generators and schema linters for the contract tests, installed from their lock file."""

from project.local.locks import lock
from project.local.node import install_packages
from project.local.paths import CLIENTS, STATE

VARIABLE = "JOBS_CLIENTS"
"""Where the tests find `node_modules`."""
FOLDER = STATE / "clients"


def ensure() -> dict[str, str]:
    """Installs them if the lock file has changed; returns the environment for the tests.

    Installed in place, they would count as sources of the dashboard, and changing them would restart it.
    """
    with lock("clients"):
        return {**install_packages(CLIENTS, FOLDER), VARIABLE: str(FOLDER)}
