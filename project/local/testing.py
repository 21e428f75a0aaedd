"""`make test` on this machine. Rule: tests have a stage of their own, thrown away afterwards."""

from collections.abc import Callable
from functools import cache

from project.local import browser, clients, environment, islands, postgres, suites
from project.local.stages import Stage
from project.local.terminal import Problem, say

STAGE = Stage("test")


def test() -> int:
    """Runs all tests; 0 where all passed."""
    environment.ensure("dev")
    with STAGE.thrown_away():
        postgres.remove_abandoned()
        cluster = postgres.Cluster.at(STAGE.database, throwaway=True)
        cluster.ensure_running()
        served = cache(lambda: _served(cluster))
        return suites.run_all(
            [
                suites.backend(cluster.application_url("jobs", may_create_databases=True)),
                _suite_or_obstacle(
                    "components", lambda: suites.components(islands.ensure_packages())
                ),
                _suite_or_obstacle("browser", lambda: _in_browser(*served())),
                _suite_or_obstacle("contract", lambda: _with_clients(*served())),
            ]
        )


def _suite_or_obstacle(name: str, prepare: Callable[[], suites.Suite]) -> suites.Suite:
    """The suite; or, so that the others still run, one that fails and says why."""
    try:
        return prepare()
    except Problem as problem:
        return suites.Suite(name, obstacle=str(problem))


def _served(cluster: postgres.Cluster) -> tuple[str, dict[str, str]]:
    """The address of a dashboard with its own database, and its environment."""
    islands.ensure_built()
    env = STAGE.environment(cluster.application_url("e2e", may_create_databases=True))
    return STAGE.serve(env), env


def _in_browser(address: str, env: dict[str, str]) -> suites.Suite:
    chromium = browser.ensure()
    say(f"Browser: {chromium}")
    return suites.browser(address, chromium, env)


def _with_clients(address: str, env: dict[str, str]) -> suites.Suite:
    return suites.contract(address, {**env, **clients.ensure()})
