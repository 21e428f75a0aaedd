"""The tables of docs/api.md match the code. jobs/contract_tests runs its commands."""

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import yaml
from django.conf import settings

from jobs.api.events.schema import MAX_WAIT
from jobs.api.openapi.error_codes import ERROR_CODES
from jobs.api.problems.field_codes import FIELD_CODES
from jobs.api.transfers.records import MAX_LINE_BYTES
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.feed import MAX_EVENTS
from jobs.idempotency_store import LIFETIME
from jobs.ids import LARGEST_ID
from jobs.listing.paging import PAGE_SIZES
from jobs.models import MAX_NAME_LENGTH
from jobs.search import parser
from project import connection, gunicorn_conf, request_buffer

GUIDE = Path(settings.BASE_DIR, "docs", "api.md")
CLIENTS = Path(settings.BASE_DIR, "jobs", "contract_tests", "clients")


def section(name: str) -> str:
    """The text between the markers of a section."""
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)<!-- /{name} -->", GUIDE.read_text(), re.S)
    assert found, name
    return found[1]


def table(head: str, rows: Iterable[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|---" * columns + "|", *rows]) + "\n"


def test_the_guide_lists_every_error_code() -> None:
    codes = sorted(ERROR_CODES.items(), key=lambda item: item[1].status)
    rows = [f"| {error.status} | `{code}` | {error.when} |" for code, error in codes]
    assert section("codes") == table("| Status | `code` | When |", rows)


def test_the_guide_lists_every_field_code() -> None:
    rows = [f"| `{code}` | {meaning} |" for code, meaning in FIELD_CODES.items()]
    assert section("field codes") == table("| `errors[].code` | Meaning |", rows)


def test_the_guide_configures_the_generator_as_its_test_does() -> None:
    [block] = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(), re.S | re.M)
    documented = yaml.safe_load(block)
    used = yaml.safe_load((CLIENTS / "openapi-python-client.yaml").read_text())
    assert documented == {name: value for name, value in used.items() if name != "post_hooks"}


def test_the_guide_lists_the_tested_generator_versions() -> None:
    npm = json.loads((CLIENTS / "package.json").read_text())["devDependencies"]
    python = re.search(
        r"^openapi-python-client==(\S+)",
        Path(settings.BASE_DIR, "requirements", "dev.txt").read_text(),
        re.M,
    )
    assert python
    for name, versions in {
        "openapi-typescript": f"{npm['openapi-typescript']}, {npm['openapi-fetch']}",
        "@hey-api/openapi-ts": npm["@hey-api/openapi-ts"],
        "openapi-python-client": python[1],
    }.items():
        assert re.search(rf"^\| `{name}`.* \| {re.escape(versions)} \|$", GUIDE.read_text(), re.M)


def test_the_guide_lists_the_limits_of_the_code() -> None:
    limits = section("limits")
    for limit in (
        f"| a body | {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024} KiB |",
        f"| a name | {MAX_NAME_LENGTH} characters |",
        f"| `page_size` | {PAGE_SIZES[0]} to {PAGE_SIZES[-1]} |",
        f"{parser.MAX_LENGTH:,} characters, {parser.MAX_TERMS} terms, {parser.MAX_IDS} ids",
        f"| {gunicorn_conf.limit_request_line:,} bytes |",
        f"| {request_buffer.HEAD_SECONDS:g} seconds for its head, {request_buffer.BODY_SECONDS:g} for its body;"
        f" {connection.SEND_SECONDS:g} for reading the response |",
        f"up to {LARGEST_ID:,}:",
        "| 3 seconds, then 503 `query_budget` |",
        f"1 MiB, {MAX_BULK_JOBS:,} jobs |",
        f"| {settings.IMPORT_MAX_BYTES >> 30} GiB, {settings.IMPORT_MAX_LINES // 10**6} million lines of "
        f"{MAX_LINE_BYTES >> 10} KiB, {settings.IMPORT_SECONDS // 60} minutes |",
        f"| {settings.EXPORT_SECONDS // 60} minutes; {settings.TRANSFER_STALL_SECONDS} seconds without the client reading |",
        f"| {MAX_EVENTS:,}; `wait` up to {MAX_WAIT} seconds |",
        f"| {settings.FEED_CLIENTS:,} in each process, then",
        f"| kept for {LIFETIME // timedelta(hours=1)} hours |",
    ):
        assert limit in limits
    assert "QUERY_BUDGET_MS=3000" in gunicorn_conf.raw_env
