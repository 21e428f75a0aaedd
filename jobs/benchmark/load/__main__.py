"""`python -m jobs.benchmark.load ADDRESS`, which `make load` runs. It changes jobs of that dashboard and its database."""

import argparse
import os
import sys

import django


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a dashboard on the database that DATABASE_URL names")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--tabs", type=int, default=200)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--worker", type=int, help="process of the worker, whose memory is sampled")
    parser.add_argument("--database", type=int, help="process of PostgreSQL")
    parser.add_argument("--title", default="python -m jobs.benchmark.load")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from jobs.benchmark.load.report import report  # these need the settings
    from jobs.benchmark.load.run import Task, run

    task = Task(
        options.address,
        options.minutes * 60,
        options.tabs,
        options.streams,
        options.worker,
        options.database,
    )
    found = run(task, _say)
    sys.stdout.write(report(options.title, found))
    return 1 if found.wrong else 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
