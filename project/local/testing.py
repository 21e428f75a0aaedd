"""`make test` without Docker: the tests run in a sandbox."""

from collections.abc import Callable
from functools import cache

from project.local import browser, clients, environment, islands, postgres, suites
from project.local.sandbox import Sandbox
from project.local.terminal import UserError, say

SANDBOX = Sandbox("test")


def test() -> int:
    """Runs all tests; returns 0 if they pass, else 1."""
    environment.ensure("dev")
    with SANDBOX.temporary():
        postgres.remove_orphaned()
        cluster = postgres.Cluster.at(SANDBOX.database, throwaway=True)
        cluster.ensure_running()
        served = cache(lambda: _served(cluster))
        return suites.run_all(
            [
                suites.backend(cluster.application_url("jobs", may_create_databases=True)),
                _suite_or_reason(
                    "components", lambda: suites.components(islands.ensure_packages())
                ),
                _suite_or_reason("browser", lambda: _in_browser(*served())),
                _suite_or_reason("contract", lambda: _with_clients(*served())),
            ]
        )


def _suite_or_reason(name: str, prepare: Callable[[], suites.Suite]) -> suites.Suite:
    """The suite; or one that only reports why it cannot run, so that the others still do."""
    try:
        return prepare()
    except UserError as error:
        return suites.Suite(name, blocked_by=str(error))


def _served(cluster: postgres.Cluster) -> tuple[str, dict[str, str]]:
    """Starts a dashboard on its own database; returns its address and its environment."""
    islands.ensure_built()
    env = SANDBOX.environment(cluster.application_url("e2e", may_create_databases=True))
    return SANDBOX.serve(env), env


def _in_browser(address: str, env: dict[str, str]) -> suites.Suite:
    chromium = browser.ensure()
    say(f"Browser: {chromium}")
    return suites.browser(address, chromium, env)


def _with_clients(address: str, env: dict[str, str]) -> suites.Suite:
    return suites.contract(address, {**env, **clients.ensure()})
