"""Export and import, each alternating with the COPY that it is compared with."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from django.db import connection
from django.urls import reverse

from jobs.benchmark.app import App
from jobs.benchmark.database import command, unbounded
from jobs.benchmark.figures import median
from jobs.benchmark.requests import Request
from jobs.filters import JobFilter
from jobs.transfer.export import Export
from jobs.transfer.formats import FORMATS

IMPORTED: Final = "Import probe"
COPY_OUT: Final = "COPY job (id, name, current_status, created_at, updated_at) TO STDOUT"


@dataclass(frozen=True)
class Transfers:
    """Median seconds to export all `jobs` and to import `imported` jobs."""

    jobs: int
    imported: int
    copy_out: float
    out: dict[str, float]
    copy_in: float
    into: float

    def out_ratio(self, form: str) -> float:
        return self.out[form] / self.copy_out

    @property
    def in_ratio(self) -> float:
        return self.into / self.copy_in


def measure(app: App, jobs: int, limit: int, repeats: int) -> Transfers:
    """Measures the export of all jobs, and the import of up to `limit` new ones, which are deleted again."""
    number = min(jobs, limit)
    names = [f"{IMPORTED} {number}, sweep {number % 97}" for number in range(number)]
    exports = {form: lambda form=form: _export(form) for form in FORMATS}
    copy_out, *out = _alternate([_copy_out, *exports.values()], repeats)
    copy_in, into = _alternate([lambda: _copy_in(names), lambda: _import(app, names)], repeats)
    return Transfers(jobs, number, copy_out, dict(zip(exports, out, strict=True)), copy_in, into)


def _alternate(works: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for work, taken in zip(works, times, strict=True):
            began = perf_counter()
            work()
            taken.append(perf_counter() - began)
            command(f"DELETE FROM job WHERE name_key LIKE '{IMPORTED.lower()}%'")  # noqa: S608  # a constant
    return [median(taken) for taken in times]


def _copy_out() -> None:
    """Reads all rows through libpq and discards them."""
    with unbounded():
        pgconn = connection.connection.pgconn
        pgconn.exec_(COPY_OUT.encode())
        while pgconn.get_copy_data(0)[0] > 0:
            pass
        while pgconn.get_result():
            pass


def _export(form: str) -> None:
    for _ in Export(JobFilter(), FORMATS[form], seconds=3_600):
        pass


def _copy_in(names: Sequence[str]) -> None:
    with unbounded() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('job', 'id')), clock_timestamp()"
            " FROM generate_series(1, %s)",
            [len(names)],
        )
        ids = cursor.fetchall()
        with cursor.copy(
            "COPY job (id, name, current_status, created_at, updated_at) FROM STDIN"
        ) as copy:
            copy.write(
                "".join(
                    f"{i}\t{n}\tPENDING\t{t}\t{t}\n" for (i, t), n in zip(ids, names, strict=True)
                )
            )
        with cursor.copy('COPY job_status (job_id, status_type, "timestamp") FROM STDIN') as copy:
            copy.write("".join(f"{i}\tPENDING\t{t}\n" for i, t in ids))


def _import(app: App, names: Sequence[str]) -> None:
    body = "".join(f"{json.dumps({'name': name})}\n" for name in names)
    headers = {"Content-Type": "application/x-ndjson"}
    app.expect(Request("POST", reverse("api:import"), body, headers, expected=201))
