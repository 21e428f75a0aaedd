"""`manage.py seed_jobs`: fill the database with sample jobs, by COPY on two connections."""

from __future__ import annotations

import argparse
import struct
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event, Lock
from time import perf_counter
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from tqdm import tqdm

from jobs.eras import begin_era
from jobs.seeding.generator import SeedJob, seed_jobs
from jobs.seeding.names import MANY, SHAPES
from jobs.sources import Source
from jobs.statuses import StatusType

CHUNK: Final = 25_000
CONNECTIONS: Final = 2
WRITE_SIZE: Final = 1 << 18
# PostgreSQL's binary COPY format: a header, rows (number of fields, then length and bytes of each), a trailer.
# It is half the work of the text format on both sides: no number or timestamp is formatted or parsed.
HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
POSTGRES_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
FIELDS: Final = struct.Struct(
    ">hiqi"
)  # the number of fields, an int8 field, the length of the text field that follows
TIME: Final = struct.Struct(">iq")
TWO_TIMES: Final = struct.Struct(">iqiq")
STATUS_TEXT: Final = {status: status.value.encode() for status in StatusType}
STATUS_FIELD: Final = {
    status: struct.pack(">i", len(text)) + text for status, text in STATUS_TEXT.items()
}
SOURCE: Final = struct.pack(">i", len(Source.SEED)) + Source.SEED.encode()


class Command(BaseCommand):
    help = "Add sample jobs with status histories, spread over the last six months."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=_positive, default=10_000, help="number of jobs")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same jobs")
        parser.add_argument("--names", choices=list(SHAPES), default=MANY, help="kind of names")

    def handle(self, *, count: int, seed: int, verbosity: int, names: str, **options: Any) -> None:
        if connection.in_atomic_block:
            raise CommandError("seed_jobs commits chunk by chunk: call it outside a transaction.")
        began = perf_counter()
        silent = True if verbosity == 0 else None  # None: silent unless stderr is a terminal
        progress = tqdm(total=count, unit="job", unit_scale=True, disable=silent, file=sys.stderr)
        loader = Loader(seed_jobs(count, seed, names), progress)
        try:
            with progress:
                loader.run(chunks=-(-count // CHUNK))
        except KeyboardInterrupt:
            message = (
                f"Interrupted: {loader.added:,} of {count:,} jobs were added, with their histories."
            )
            raise CommandError(message, returncode=130) from None
        _compact_and_vacuum()
        if verbosity:
            seconds = perf_counter() - began
            self.stdout.write(
                f"Added {count:,} jobs with {loader.statuses:,} statuses in {seconds:.0f} s."
            )


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive integer")
    return int(text)


def _now() -> int:
    """The database's clock, in microseconds since PostgreSQL's epoch: relative to it, no job is in the future."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return (now - POSTGRES_EPOCH) // timedelta(microseconds=1)


class Loader:
    """Loads the jobs of a generator into the database, chunk by chunk.

    Each worker is a thread with its own connection; it takes a chunk, inserts it in one transaction, and takes the
    next, so at most one chunk per worker is in memory. The server is the bottleneck: two workers are nearly twice as
    fast as one.
    """

    def __init__(self, jobs: Iterator[SeedJob], progress: Any) -> None:
        self.jobs = jobs
        self.progress = progress
        self.now = _now()
        self.added = self.statuses = 0
        self.lock = Lock()
        self.stopped = Event()

    def run(self, chunks: int) -> None:
        """Returns when all jobs are added. Ctrl-C or an error in one worker stops all workers and is raised."""
        begin_era()
        connection.close()  # the pool may have only this one
        largest: int = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
        number = min(CONNECTIONS, chunks, largest)
        with ThreadPoolExecutor(number) as workers:
            try:
                for work in as_completed([workers.submit(self._work) for _ in range(number)]):
                    work.result()
            except BaseException:
                self.stopped.set()
                raise

    def _work(self) -> None:
        try:
            while numbered := self._next_chunk():
                self._add(numbered)
                with self.lock:
                    self.added += len(numbered)
                    self.statuses += sum(len(job.history) for _, job in numbered)
                    self.progress.update(len(numbered))
        finally:
            connection.close()

    def _next_chunk(self) -> list[tuple[int, SeedJob]]:
        """The next chunk and its ids, taken under one lock, so that ids ascend with the time of creation."""
        with self.lock, connection.cursor() as cursor:
            chunk = list(islice(self.jobs, CHUNK))
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('job', 'id')) FROM generate_series(1, %s)",
                [len(chunk)],
            )
            return [(job_id, job) for (job_id,), job in zip(cursor, chunk, strict=True)]

    def _add(self, numbered: list[tuple[int, SeedJob]]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            self._copy(
                cursor,
                "COPY job (id, name, current_status, created_at, updated_at) FROM STDIN (FORMAT binary)",
                (_job_row(job_id, job, self.now) for job_id, job in numbered),
            )
            # The ids of the statuses are taken by the database, row by row in this order.
            self._copy(
                cursor,
                'COPY job_status (job_id, status_type, "timestamp", source) FROM STDIN (FORMAT binary)',
                (_status_rows(job_id, job, self.now) for job_id, job in numbered),
            )

    def _copy(self, cursor: Any, command: str, rows: Iterable[bytes]) -> None:
        buffer = bytearray(HEADER)
        with cursor.copy(command) as copy:
            for row in rows:
                buffer += row
                if len(buffer) > WRITE_SIZE:
                    self._raise_if_stopped()
                    copy.write(bytes(buffer))
                    buffer.clear()
            self._raise_if_stopped()
            copy.write(bytes(buffer) + TRAILER)

    def _raise_if_stopped(self) -> None:
        if self.stopped.is_set():
            raise CancelledError


def _job_row(job_id: int, job: SeedJob, now: int) -> bytes:
    name = job.name.encode()
    return b"".join(
        (
            FIELDS.pack(5, 8, job_id, len(name)),
            name,
            STATUS_FIELD[job.history[-1]],
            TWO_TIMES.pack(8, now - job.ages[0], 8, now - job.ages[-1]),
        )
    )


def _status_rows(job_id: int, job: SeedJob, now: int) -> bytes:
    return b"".join(
        FIELDS.pack(4, 8, job_id, len(text := STATUS_TEXT[status]))
        + text
        + TIME.pack(8, now - age)
        + SOURCE
        for status, age in zip(job.history, job.ages, strict=True)
    )


def _compact_and_vacuum() -> None:
    """Compacts the counters, and updates planner statistics and visibility maps without waiting for autovacuum."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT job_count_fold(), job_activity_fold()")
        cursor.execute("VACUUM (ANALYZE) job, job_status, job_count, job_activity, job_event")
