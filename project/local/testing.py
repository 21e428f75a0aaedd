"""`make test` without Docker: the tests run in a sandbox."""

from functools import cache

from project.local import browser, clients, clusters, environment, islands, postgres, suites
from project.local.sandbox import Sandbox
from project.local.terminal import say

SANDBOX = Sandbox("test")
FAULTS = Sandbox("faults")
"""Of the fault tests, which run what they kill themselves."""


def test() -> int:
    """Runs the tests; returns 0 if they pass, else 1. Raises UserError if SUITES names an unknown suite."""
    suites.chosen()
    environment.ensure("dev")
    with SANDBOX.temporary():
        clusters.remove_orphaned()
        cluster = cache(_cluster)
        served = cache(lambda: _served(cluster()))
        return suites.run_all(
            {
                "backend": lambda: suites.backend(
                    cluster().application_url("jobs", may_create_databases=True)
                ),
                "components": lambda: suites.components(islands.ensure_packages()),
                "browser": lambda: _in_browser(*served()),
                "contract": lambda: _with_clients(*served()),
                "firefox": lambda: _in_firefox(*served()),
                "faults": suites.faults,
                "failover": suites.failover,
                "proxies": lambda: suites.proxies(
                    cluster().application_url("jobs", may_create_databases=True)
                ),
            }
        )


def _cluster() -> postgres.Cluster:
    cluster = postgres.Cluster.at(SANDBOX.database, throwaway=True)
    cluster.ensure_running()
    return cluster


def _served(cluster: postgres.Cluster) -> tuple[str, dict[str, str]]:
    """Starts a dashboard on its own database; returns its address and its environment."""
    islands.ensure_built()
    env = SANDBOX.environment(cluster.application_url("e2e", may_create_databases=True))
    return SANDBOX.serve(env), env


def _in_browser(address: str, env: dict[str, str]) -> suites.Suite:
    chromium = browser.ensure()
    say(f"Browser: {chromium}")
    return suites.browser(address, chromium, env)


def _in_firefox(address: str, env: dict[str, str]) -> suites.Suite:
    firefox = browser.ensure_firefox()
    say(f"Browser: {firefox}")
    return suites.firefox(address, firefox, env)


def _with_clients(address: str, env: dict[str, str]) -> suites.Suite:
    return suites.contract(address, {**env, **clients.ensure()})
