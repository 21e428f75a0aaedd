"""Clients generated from the served schema, type-checked strictly and used for every operation."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings

from jobs.contract_tests.tools import npm_tool, packages, run, save_schema

PROGRAMS: Final = Path(settings.BASE_DIR, "jobs", "contract_tests", "clients")
# The generator can send an import only as CSV. It warns about NDJSON, which its configuration maps to text/plain.
PYTHON_WARNING: Final = "Unsupported content type text/plain"


@dataclass(frozen=True)
class Workshop:
    """A folder with the programs and the served schema, for generating and compiling clients."""

    folder: Path
    document: dict[str, Any]
    base_url: str

    def operations_of(self, *program: str | Path) -> set[str]:
        """The operations for which the program got a successful response."""
        output = run([*program, self.base_url], self.folder).stdout
        requests = [json.loads(line) for line in output.splitlines()]
        return {self._operation(method, path) for method, path, status in requests if status < 300}

    def all_operations(self) -> set[str]:
        return {operation["operationId"] for _, _, operation in self._operations()}

    def _operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for template, item in self.document["paths"].items():
            for method, operation in item.items():
                yield template, method.upper(), operation

    def _operation(self, method: str, path: str) -> str:
        """Of several matching paths, the one with the fewest variables."""
        found = [
            (template.count("{"), str(operation["operationId"]))
            for template, its_method, operation in self._operations()
            if its_method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
        ]
        assert found, f"{method} {path} is not described"
        return min(found)[1]


def workshop(base_url: str, folder: Path, *names: str) -> Workshop:
    for name in names:
        shutil.copy(PROGRAMS / name, folder)
    return Workshop(folder, save_schema(base_url, folder), base_url)


@pytest.fixture(scope="module")
def typescript(base_url: str, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Both programs, compiled with the code generated for each."""
    names = ("package.json", "tsconfig.json", "openapi-ts.config.mjs")
    programs = ("steps.ts", "fetch.ts", "sdk.ts")
    made = workshop(base_url, tmp_path_factory.mktemp("typescript"), *names, *programs)
    (made.folder / "node_modules").symlink_to(packages())
    run([npm_tool("openapi-typescript"), "openapi.json", "--output", "schema.ts"], made.folder)
    run([npm_tool("openapi-ts"), "--file", "openapi-ts.config.mjs"], made.folder)
    run([npm_tool("tsc"), "--project", "tsconfig.json"], made.folder)
    return made


def test_openapi_typescript_covers_every_operation(typescript: Workshop) -> None:
    assert typescript.operations_of("node", "built/fetch.js") == typescript.all_operations()


def test_openapi_ts_covers_every_operation(typescript: Workshop) -> None:
    assert typescript.operations_of("node", "built/sdk.js") == typescript.all_operations()


def test_openapi_python_client_covers_every_operation(base_url: str, tmp_path: Path) -> None:
    config = "openapi-python-client.yaml"
    made = workshop(base_url, tmp_path, "program.py", config)
    generator = Path(sys.executable).with_name("openapi-python-client")
    options = ["--output-path", "dashboard_client", "--meta", "none", "--config", config]
    generated = run([generator, "generate", "--path", "openapi.json", *options], tmp_path)
    checked = ["program.py", "dashboard_client"]
    run([sys.executable, "-m", "mypy", "--config-file=", "--strict", *checked], tmp_path)
    assert made.operations_of(sys.executable, "program.py") == made.all_operations()
    output = generated.stdout + generated.stderr
    assert (output.count("WARNING"), PYTHON_WARNING in output) == (1, True)


def test_the_guide_parses_long_ids_exactly(tmp_path: Path) -> None:
    guide = Path(settings.BASE_DIR, "docs", "api.md").read_text()
    [block] = re.findall(r"^## Ids in JavaScript\n.*?^```js\n(.*?)^```$", guide, re.S | re.M)
    sent = {"id": 2**53 + 1, "name": f'say "{2**53 + 1}" \\', "at": 0.5, "small": 12}
    program = tmp_path / "parse.mjs"
    program.write_text(
        f"{block}\nconsole.log(JSON.stringify(parse({json.dumps(json.dumps(sent))})))"
    )
    assert json.loads(run(["node", program], tmp_path).stdout) == sent | {"id": str(2**53 + 1)}
