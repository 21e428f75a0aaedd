"""What docs/api.md says of codes and limits is what the code has. Its commands are run in jobs/contract_tests."""

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import yaml
from django.conf import settings

from jobs import grammar
from jobs.api.codes import KINDS
from jobs.api.event_schema import LONGEST_WAIT
from jobs.api.mistake_codes import MISTAKES
from jobs.api.records import LONGEST_LINE
from jobs.bulk import MOST_AT_ONCE
from jobs.feed import MOST_EVENTS
from jobs.ids import LARGEST_ID
from jobs.kept_answers import LIFETIME
from jobs.models import MAX_NAME_LENGTH
from jobs.paging import PAGE_SIZES
from project import arrival, connection, gunicorn_conf

GUIDE = Path(settings.BASE_DIR, "docs", "api.md")
CLIENTS = Path(settings.BASE_DIR, "jobs", "contract_tests", "clients")


def part(name: str) -> str:
    """What stands between the marks of a part."""
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)<!-- /{name} -->", GUIDE.read_text(), re.S)
    assert found, name
    return found[1]


def table(head: str, rows: Iterable[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|---" * columns + "|", *rows]) + "\n"


def test_every_code_is_in_the_guide() -> None:
    kinds = sorted(KINDS.items(), key=lambda item: item[1].status)
    rows = [f"| {kind.status} | `{code}` | {kind.when} |" for code, kind in kinds]
    assert part("codes") == table("| Status | `code` | When |", rows)


def test_every_code_of_a_field_is_in_the_guide() -> None:
    rows = [f"| `{code}` | {meaning} |" for code, meaning in MISTAKES.items()]
    assert part("mistakes") == table("| `errors[].code` | Meaning |", rows)


def test_the_generator_is_configured_as_its_test_does() -> None:
    [block] = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(), re.S | re.M)
    told = yaml.safe_load(block)
    used = yaml.safe_load((CLIENTS / "openapi-python-client.yaml").read_text())
    assert told == {name: value for name, value in used.items() if name != "post_hooks"}


def test_the_versions_of_generators_are_those_of_their_test() -> None:
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


def test_the_limits_are_those_of_the_code() -> None:
    limits = part("limits")
    for limit in (
        f"| a body | {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024} KiB |",
        f"| a name | {MAX_NAME_LENGTH} characters |",
        f"| `page_size` | {PAGE_SIZES[0]} to {PAGE_SIZES[-1]} |",
        f"{grammar.MAX_LENGTH:,} characters, {grammar.MAX_PARTS} parts, {grammar.MAX_IDS} ids",
        f"| {gunicorn_conf.limit_request_line:,} bytes |",
        f"| {arrival.HEAD_SECONDS:g} seconds for its head, {arrival.BODY_SECONDS:g} for its body;"
        f" {connection.SEND_SECONDS:g} for reading the answer |",
        f"up to {LARGEST_ID:,}:",
        "| 3 seconds, then 503 `query_budget` |",
        f"1 MiB, {MOST_AT_ONCE:,} jobs |",
        f"| {settings.IMPORT_MAX_BYTES >> 30} GiB, {settings.IMPORT_MAX_LINES // 10**6} million lines of "
        f"{LONGEST_LINE >> 10} KiB, {settings.IMPORT_SECONDS // 60} minutes |",
        f"| {settings.EXPORT_SECONDS // 60} minutes; {settings.TRANSFER_STALL_SECONDS} seconds for who",
        f"| {MOST_EVENTS:,}; `wait` up to {LONGEST_WAIT} seconds |",
        f"| {settings.FEED_CLIENTS:,} in each process, then",
        f"| kept for {LIFETIME // timedelta(hours=1)} hours |",
    ):
        assert limit in limits
    assert "QUERY_BUDGET_MS=3000" in gunicorn_conf.raw_env
