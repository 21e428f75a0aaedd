"""The tables of docs/api.md match the code. jobs/contract_tests runs its commands."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from jobs.api.job_fields import MAX_AHEAD
from jobs.api.openapi.error_codes import ERROR_CODES
from jobs.api.problems.field_codes import FIELD_CODES
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.feed import MAX_EVENTS, MAX_KEPT_EVENTS, MAX_WAIT_SECONDS, RETENTION
from jobs.idempotency_store import LIFETIME as RECORD_LIFETIME
from jobs.ids import LARGEST_ID
from jobs.labels import MAX_LABEL_KEY, MAX_LABEL_VALUE, MAX_LABELS
from jobs.limits import (
    DEFAULT_STATEMENT_TIMEOUT_MS,
    MAX_BODY_BYTES,
    MAX_BULK_BODY_BYTES,
    MAX_HEAD_BYTES,
    MAX_LINE_BYTES,
    MAX_REPORTED_ERRORS,
    MAX_VIEW_NAME_LENGTH,
    MAX_VIEWS,
    duration_text,
    number_text,
    size_text,
)
from jobs.listing.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from jobs.models import MAX_KEY_LENGTH, MAX_NAME_LENGTH, MAX_REASON_LENGTH
from jobs.search import parser
from jobs.transfer.receipts import LIFETIME as RECEIPT_LIFETIME
from project.server import connection, gunicorn_conf, request_buffer

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
    day = duration_text(RECORD_LIFETIME.total_seconds())
    lines = f"{number_text(settings.IMPORT_MAX_LINES)} lines of {size_text(MAX_LINE_BYTES)}"
    events = f"{RETENTION.days} days, up to {number_text(MAX_KEPT_EVENTS)}"
    ahead = duration_text(MAX_AHEAD.total_seconds())
    stall = duration_text(settings.TRANSFER_STALL_SECONDS)
    rows = {
        "a body": size_text(MAX_BODY_BYTES),
        "the body of a request for many jobs": f"{size_text(MAX_BULK_BODY_BYTES)}, {MAX_BULK_JOBS:,} jobs",
        "the body of an import": f"{size_text(settings.IMPORT_MAX_BYTES)}, {lines}, {duration_text(settings.IMPORT_SECONDS)}",
        "an export": f"{duration_text(settings.EXPORT_SECONDS)}; {stall} without the client reading",
        "concurrent exports and imports": "half of a process's threads, then 503 `busy`; one less for a user,"
        " then 429 `concurrency_limited`",
        "retention of events": events,
        "events in one response": f"{MAX_EVENTS:,}; `wait` up to {duration_text(MAX_WAIT_SECONDS)}",
        "clients waiting for events": f"{settings.FEED_CLIENTS:,} in each process, then 503 `too_many_listeners`;"
        f" {settings.FEED_CLIENTS_PER_USER} for a user, then 429 `concurrency_limited`",
        "the response for an `Idempotency-Key`": f"kept for {day}",
        "errors listed in one response": f"{MAX_REPORTED_ERRORS}",
        "a name": f"{MAX_NAME_LENGTH} characters",
        "a `key`": f"{MAX_KEY_LENGTH} characters",
        "`labels`": f"{MAX_LABELS}, with keys of {MAX_LABEL_KEY} characters and texts of {MAX_LABEL_VALUE}",
        "a `reason`": f"{MAX_REASON_LENGTH:,} characters; `occurred_at` at most {ahead} in the future",
        "`page_size`": f"1 to {MAX_PAGE_SIZE}",
        "`q`": f"{parser.MAX_LENGTH:,} characters, {parser.MAX_TERMS} terms, {parser.MAX_IDS} ids",
        "saved views": f"{MAX_VIEWS}, with names of {MAX_VIEW_NAME_LENGTH} characters",
        "the request line": size_text(gunicorn_conf.limit_request_line),
        "the headers": f"{size_text(gunicorn_conf.limit_request_field_size)} each, {gunicorn_conf.limit_request_fields} headers,"
        f" {size_text(MAX_HEAD_BYTES)} in all",
        "the time to send a request": f"{duration_text(request_buffer.HEAD_SECONDS)} for its head,"
        f" {request_buffer.BODY_SECONDS:g} for its body; {connection.SEND_SECONDS:g} for reading the response",
        "the time of a query": f"{duration_text(DEFAULT_STATEMENT_TIMEOUT_MS / 1000)}, then 503 `query_budget`",
        "a job's id": f"up to {LARGEST_ID:,}: more than a JavaScript number can represent",
    }
    expected = table("| What | Limit |", (f"| {what} | {limit} |" for what, limit in rows.items()))
    assert section("limits") == expected
    assert f"QUERY_BUDGET_MS={DEFAULT_STATEMENT_TIMEOUT_MS}" in gunicorn_conf.raw_env


@pytest.mark.parametrize(
    "text",
    [
        f"A page has {DEFAULT_PAGE_SIZE} jobs",
        f"Events are kept for {RETENTION.days} days.",
        f"can be retried for {duration_text(RECORD_LIFETIME.total_seconds())}",
        f"can change up to {MAX_BULK_JOBS:,} jobs",
        f"`Export-Id` within {duration_text(RECEIPT_LIFETIME.total_seconds())}",
    ],
)
def test_the_guide_states_limits_in_passing(text: str) -> None:
    assert text in " ".join(GUIDE.read_text().split())
