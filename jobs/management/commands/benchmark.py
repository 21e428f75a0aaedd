"""`manage.py benchmark`, which `make bench` runs against an empty database and a dashboard that serves it."""

from __future__ import annotations

import signal
from argparse import ArgumentTypeError
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.benchmark.app import UnexpectedResponse
from jobs.benchmark.bench import run
from jobs.benchmark.database import one
from jobs.benchmark.disk import InsufficientSpace
from jobs.benchmark.limits import Limits
from jobs.benchmark.loading import LoadingFailed
from jobs.benchmark.report import report
from jobs.benchmark.served import ClientsFailed

SMALLEST = 100


class Command(BaseCommand):
    help = "Measure every read and write. Fills the database, which must contain no jobs."
    stealth_options = ("limits",)  # for call_command only

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--served", required=True, help="dashboard URL: http://127.0.0.1:…")
        parser.add_argument("--sizes", type=_sizes, default=[1_000_000], help="such as 1000,20000")
        parser.add_argument("--title", default="manage.py benchmark", help="title of the report")

    def handle(
        self,
        *,
        served: str,
        sizes: list[int],
        title: str,
        limits: Limits | None = None,
        **options: Any,
    ) -> None:
        """Writes the report to stdout and progress to stderr."""
        if one("SELECT EXISTS (SELECT FROM job)"):
            raise CommandError("The benchmark needs an empty database; this one contains jobs.")
        limits = limits or Limits()
        before = signal.signal(signal.SIGTERM, _interrupt)
        try:
            results = run(sizes, served, limits, self._say)
        except KeyboardInterrupt:
            raise CommandError("Interrupted.", returncode=130) from None
        except (InsufficientSpace, LoadingFailed, ClientsFailed, UnexpectedResponse) as error:
            raise CommandError(str(error)) from error
        finally:
            signal.signal(signal.SIGTERM, before)
        self.stdout.write(report(title, results, limits), ending="")

    def _say(self, line: str) -> None:
        self.stderr.write(line, style_func=str)
        self.stderr.flush()


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _sizes(text: str) -> list[int]:
    words = text.replace("_", "").split(",")
    if not all(word.isascii() and word.isdigit() and int(word) >= SMALLEST for word in words):
        raise ArgumentTypeError(f"{text!r} is not a list of numbers of at least {SMALLEST}")
    return sorted({int(word) for word in words})
