"""Where people log in, the API keeps to its schema for every role: what each may not do is refused as the schema says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from jobs.contract_tests.holders import HOLDERS
from jobs.tests.served import served

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"
EXAMPLES = "4"
SECONDS = 600  # far more than it takes


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("roles")
    with served(
        folder, ACCESS="login", RATE_LIMIT_PER_SECOND="0", ADDRESS_RATE_LIMIT_PER_SECOND="0"
    ) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def tokens() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "jobs.contract_tests.holders"]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())


@pytest.mark.parametrize("holder", [*HOLDERS, "nobody"])
def test_the_api_keeps_to_its_schema_for(
    holder: str, address: str, tokens: dict[str, str], tmp_path: Path
) -> None:
    schema = settings.BASE_DIR / "docs" / "openapi.yaml"
    config = settings.BASE_DIR / "project" / "schemathesis.toml"
    program = Path(sys.executable).with_name("schemathesis")
    command = [program, "--no-color", "--config-file", config, "run", schema, "--url", address]
    command += ["--checks", CHECKS, "--max-examples", EXAMPLES, "--phases", "fuzzing"]
    if holder in tokens:
        command += ["--header", f"Authorization: Bearer {tokens[holder]}"]
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tested: " in done.stdout
