"""`make test` on this machine. Rule: tests have a PostgreSQL and a dashboard of their own, thrown away
afterwards; a running dashboard's data and a DATABASE_URL someone has set are out of their reach.
"""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from project.local import (
    browser,
    dashboard,
    environment,
    islands,
    postgres,
    suites,
    web,
)
from project.local.locks import lock
from project.local.places import STATE
from project.local.terminal import Problem, say

FOLDER = STATE / "test"
WEB = FOLDER / "web.json"
DATABASE = "test-postgres"


def test() -> int:
    """Runs all tests; 0 where all passed."""
    environment.ensure("dev")
    with lock("test"), _thrown_away():
        cluster = postgres.Cluster.at(DATABASE, throwaway=True)
        cluster.ensure_running()
        return suites.run_all(
            [
                suites.backend(cluster.url("jobs")),
                _suite_or_obstacle(
                    "components", lambda: suites.components(islands.ensure_packages())
                ),
                _suite_or_obstacle("browser", lambda: _served_suite(cluster)),
            ]
        )


def _suite_or_obstacle(name: str, prepare: Callable[[], suites.Suite]) -> suites.Suite:
    """The suite; or, so that the others still run, one that fails and says why."""
    try:
        return prepare()
    except Problem as problem:
        return suites.Suite(name, obstacle=str(problem))


def _served_suite(cluster: postgres.Cluster) -> suites.Suite:
    islands.ensure_built()
    chromium = browser.ensure()
    say(f"Browser: {chromium}")
    cluster.ensure_database("e2e")
    env = {
        "DATABASE_URL": cluster.url("e2e"),
        "SECRET_KEY_FILE": str(FOLDER / "secret-key"),
        "STATIC_ROOT": str(FOLDER / "static"),
        "DEBUG": "no",
    }
    dashboard.prepare(env)
    port = web.free_port()
    web.start(WEB, FOLDER / "web.log", port, env, build="test")
    return suites.browser(web.address(port), chromium, env)


@contextmanager
def _thrown_away() -> Iterator[None]:
    """Removes what an earlier, killed run left behind, and afterwards what this one made."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    discard()
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # a second Ctrl-C must not leave servers behind
        discard()


def discard() -> None:
    web.stop(WEB)
    postgres.remove(DATABASE)
    if FOLDER.exists():
        shutil.rmtree(FOLDER)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
