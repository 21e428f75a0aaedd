"""A reader of the change feed beside a server that fails: each question by a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from project.local.places import ROOT
from project.tests.database_server import Database

READ = """
import json, sys, django
django.setup()
from django.db import Error
from jobs.faults import fault_of
from jobs.feed import FeedGone, read_events
try:
    found = read_events(sys.argv[1], 1000)
    print(json.dumps([found.cursor, [event.name for event in found.events]]))
except FeedGone:
    print('"gone"')
except Error as error:
    print(json.dumps(fault_of(error).value))
"""
GONE = "gone"


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
    """A transaction for each."""
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


def run(own: Database, program: str, *words: str | Path) -> None:
    assert own.cluster._run(program, "--host", own.cluster.socket_folder, *words) == ""


def start(own: Database) -> str:
    """The cursor of now, where the last has happened."""
    add(own.url, "First")
    [cursor, _] = read(own.url, "now")
    return str(cursor)
