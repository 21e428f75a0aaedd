"""Reads the change feed of a server that fails, in a new process for each read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from project.local.paths import ROOT
from project.tests.database_server import Database

READ = """
import json, sys, django
django.setup()
from django.db import Error
from jobs.faults import fault_of
from jobs.feed import CursorExpired, read_events
try:
    found = read_events(sys.argv[1], 1000)
    print(json.dumps([found.cursor, [event.content()["name"] for event in found.events]]))
except CursorExpired:
    print('"gone"')
except Error as error:
    print(json.dumps(fault_of(error).value))
"""
EXPIRED = "gone"


def read(url: str, after: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", READ, after],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": "x",
            "DJANGO_SETTINGS_MODULE": "project.settings",
        },
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def add(url: str, *names: str) -> None:
    """Creates a job for each name, in a transaction each."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            insert(connection, name)


def insert(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        "INSERT INTO job (name, current_status, created_at, updated_at) VALUES (%s, 'PENDING', now(), now())",
        (name,),
    )


def numbered(word: str, count: int) -> list[str]:
    return [f"{word} {number}" for number in range(count)]


def run(db_server: Database, program: str, *words: str | Path) -> None:
    assert db_server.cluster._run(program, "--host", db_server.cluster.socket_folder, *words) == ""


def start(db_server: Database) -> str:
    """The current cursor, after at least one event."""
    add(db_server.url, "First")
    [cursor, _] = read(db_server.url, "now")
    return str(cursor)
