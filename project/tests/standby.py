"""An asynchronous standby of a test's server."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from jobs.tests.waiting import eventually
from project.local import clusters, postgres
from project.tests.database_server import Database
from project.tests.feed_reader import run


@contextmanager
def standby_of(db_server: Database) -> Iterator[postgres.Cluster]:
    copy = db_server.cluster.folder / "replica"
    words: list[str | Path] = [
        "--username=jobs",
        "--checkpoint=fast",
        "--write-recovery-conf",
        "-D",
        copy,
    ]
    run(db_server, "pg_basebackup", *words)
    standby = replace(db_server.cluster, folder=copy.with_name("standby"))
    standby.folder.mkdir()
    db_server.cluster.owner.give(standby.folder)
    copy.rename(standby.data)
    try:
        standby.ensure_running()
        yield standby
    finally:
        number = clusters.server_pid(standby.data)
        if number:
            os.kill(number, signal.SIGQUIT)
            eventually(lambda: clusters.server_pid(standby.data) is None)
        shutil.rmtree(standby.folder)


def is_caught_up(standby: postgres.Cluster, db_server: Database) -> bool:
    return bool(events_of(standby) == events_of(db_server.cluster))


def events_of(cluster: postgres.Cluster) -> Any:
    with psycopg.connect(cluster.url("jobs")) as connection:
        return connection.execute("SELECT count(*) FROM job_event").fetchone()


def at_standby(standby: postgres.Cluster, sql: LiteralString) -> Any:
    with psycopg.connect(standby.url("jobs"), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone() if cursor.description else None
