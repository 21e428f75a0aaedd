"""The native commands behind the Makefile: `python3 -m project.local up`."""

import os
import sys
from collections.abc import Callable

from project.local import backup, benchmark, browser, checks, cleaning, dashboard, suites, testing
from project.local.ha import lab
from project.local.terminal import UserError


def in_container() -> int:
    """Runs the test suites where the database, the served dashboard and the tools are already provided."""
    address = os.environ["BASE_URL"]
    chromium = os.environ["JOBS_CHROMIUM"]
    database = os.environ["DATABASE_URL"]
    return suites.run_all(
        {
            "backend": lambda: suites.backend(database),
            "components": lambda: suites.components({}),
            "browser": lambda: suites.browser(address, chromium, {}),
            "contract": lambda: suites.contract(address, {}),
            # The image has none, unless it is built with one.
            "firefox": lambda: suites.firefox(address, browser.ensure_firefox(), {}),
            "faults": _without_docker,
            "failover": _without_docker,
            "proxies": _without_docker,
        }
    )


def _without_docker() -> suites.Suite:
    raise UserError("They run without Docker only: RUNTIME=native make test SUITES=…")


COMMANDS: dict[str, Callable[[], int | None]] = {
    "build": dashboard.build,
    "up": dashboard.up,
    "test": testing.test,
    "stop": lambda: dashboard.stop(lab.stop()),
    "clean": cleaning.clean,
    "seed": dashboard.seed,
    "counts": dashboard.counts,
    "admin": dashboard.admin,
    "manage": dashboard.manage,
    "backup": backup.backup,
    "restore": backup.restore,
    "logs": dashboard.logs,
    "bench": benchmark.bench,
    "bench-scale": benchmark.scale,
    "bench-pages": benchmark.pages,
    "load": benchmark.load,
    "ha": lab.up,
    "check": checks.check,
    "fmt": checks.fmt,
    "lock": checks.write_locks,
    "suites": in_container,
}


def main(words: list[str]) -> int:
    if len(words) != 1 or words[0] not in COMMANDS:
        print(f"usage: python3 -m project.local {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[words[0]]() or 0
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
